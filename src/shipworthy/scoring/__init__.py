"""Competency scores with uncertainty, the scorecard and the recommendation; a named person decides."""
