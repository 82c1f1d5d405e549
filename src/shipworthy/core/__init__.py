"""What every package may rely on: errors, time, identities and settings."""
