"""Candidates, their invitations, and the timed sessions in which they work and hand in."""
