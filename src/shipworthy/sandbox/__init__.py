"""Runs hostile programs under limits. Knows processes and files, never tasks or people."""
