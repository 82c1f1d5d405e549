"""Proves a task package sound with its references and attacks."""
