"""Builds the pinned, self-contained folders that candidates' programs run in."""
