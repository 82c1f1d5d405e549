"""Attacks on programs around a model, made by generators from a family, a seed and a channel."""
