"""What the machine room looks at: health, readiness, metrics."""
