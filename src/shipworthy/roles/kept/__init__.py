"""Roles that an organisation keeps, with every version of their profile."""
