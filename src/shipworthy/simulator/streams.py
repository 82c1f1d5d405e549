"""Random numbers by purpose, so that what is drawn for one purpose never moves another."""

import numpy as np

_STREAMS = {"traffic": 1, "observation": 2, "scenario": 3, "inputs": 4}


def stream(seed: int, purpose: str, *more: int) -> np.random.Generator:
    """Return the generator of one purpose under a seed; `more` tells apart repetitions of it."""
    return np.random.default_rng([seed, _STREAMS[purpose], *more])
