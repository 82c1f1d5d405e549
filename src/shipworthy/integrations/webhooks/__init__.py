"""Tells an organisation's own programs what happened."""
