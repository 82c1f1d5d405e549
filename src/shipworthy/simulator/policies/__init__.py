"""Reference policies: from never acting to seeing the truth."""
