"""Simulated production: traffic, releases, drift, incidents, monitors and rollback, deterministic by seed."""
