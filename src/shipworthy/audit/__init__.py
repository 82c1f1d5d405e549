"""The append-only, hash-chained log of everything that touches an outcome."""
