"""Webhooks of an organisation, for its owners."""
