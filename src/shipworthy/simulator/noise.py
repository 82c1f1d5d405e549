"""What is random about measurements, drawn for a whole horizon before anything is measured."""

from bisect import bisect_left
from collections.abc import Sequence
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.streams import stream

RARE = 4.0
DEPTH = 13
BLOCK = 24
"""So many steps of draws fit into the processor's nearest memory as plain numbers."""

Singles = NDArray[np.float32]
Rows = list[list[float]]


class Noise:
    """Everything random about measurements of one version, drawn beforehand, so that looking twice shows the same.

    `rare` are arrival times of Poisson processes of unit rate, for small counts, of shape (steps, 2, segments, depth).
    """

    def __init__(self, rare: Singles, normal: Singles, uniform: Singles) -> None:
        self.rare, self._normal, self._uniform = rare, normal, uniform
        self._block = -1
        self._draws: list[Rows] = []

    def at(self, step: int) -> Rows:
        """Return a step's draws: for each segment seven normal and four uniform ones.

        They are turned into plain numbers two hours at a time, since steps are looked at in a row.
        """
        block, place = divmod(step, BLOCK)
        if block != self._block:
            window = slice(block * BLOCK, (block + 1) * BLOCK)
            both = np.concatenate((self._normal[window], self._uniform[window]), axis=1)
            self._draws, self._block = both.transpose(0, 2, 1).tolist(), block
        return self._draws[place]


def draw_noise(seed: int, slot: int, exercise: Exercise) -> Noise:
    """Draw the noise of one slot's measurements for a whole horizon."""
    rng, steps, width = stream(seed, "observation", slot), exercise.steps, len(exercise.segments)
    gaps = rng.standard_exponential((steps, 2, width, DEPTH), dtype=np.float32)
    return Noise(
        np.cumsum(gaps, axis=-1, out=gaps),
        rng.standard_normal((steps, 7, width), dtype=np.float32),
        rng.random((steps, 4, width), dtype=np.float32),
    )


def counted(expected: float, rate: float, rare: Sequence[float], normal: float, uniform: float) -> int:
    """Draw a count with a mean of `expected`, whose variance is that of a binomial of this `rate`.

    A small count is that of a Poisson process, `rare` its arrival times; a larger one is normal and rounded at random.
    """
    if expected < RARE:
        return bisect_left(rare, expected)
    return max(0, floor(expected + sqrt(expected * (1.0 - rate)) * normal + uniform))
