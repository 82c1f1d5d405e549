"""Deterministic models behind the gateway: each stands for one thing that models do, and says what it does not."""
