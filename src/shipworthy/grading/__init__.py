"""A submission and a judge become check outcomes and an evidence bundle."""
