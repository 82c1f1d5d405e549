"""Gradings and runs of public checks that wait for a worker."""
