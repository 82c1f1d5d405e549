"""Task packages: the format, the catalogue, seeded variants."""
