"""Shipworthy pre-vets AI engineers on the work that ships and maintains reliable systems."""

__version__ = "0.1.0"
