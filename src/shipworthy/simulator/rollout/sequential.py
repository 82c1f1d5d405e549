"""A sequential test of two rates that may be looked at after every interval without losing its guarantee.

Both versions serve side by side, so rates are compared within each interval and the differences are added up, each
with the weight of Mantel and Haenszel (1959). What hits both versions at once, and a share of traffic that grows, then
cancel out. The sum is held against the normal mixture boundary of Robbins (1970), as in always valid inference (Johari,
Pekelis and Walsh 2017; Howard, Ramdas, McAuliffe and Sekhon 2021): the chance that it is ever crossed without cause is
at most the one stated, as far as sums of many requests are normal.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TUNED_FOR = 30.0
"""The variance, in failures squared, at which the boundary is tightest: some thirty failures seen."""


@dataclass(frozen=True)
class Verdicts:
    """For each scope: whether the candidate is worse by more than the margin, and whether it is surely not."""

    worse: NDArray[np.bool_]
    not_worse: NDArray[np.bool_]


class SequentialRecord:
    """What has been seen so far, for several scopes at once: the whole, or each segment."""

    def __init__(self, scopes: int) -> None:
        self._excess = np.zeros(scopes)
        self._variance = np.zeros(scopes)
        self._weight = np.zeros(scopes)
        self.samples = np.zeros(scopes)

    def add(self, candidate: tuple[Floats, Floats], stable: tuple[Floats, Floats]) -> None:
        """Take in one interval: for either version the number of samples and of bad ones among them, for each scope."""
        (seen, bad), (stable_seen, stable_bad) = candidate, stable
        total = np.maximum(seen + stable_seen, 1e-9)
        weight = seen * stable_seen / total
        pooled = (bad + stable_bad) / total
        difference = bad / np.maximum(seen, 1e-9) - stable_bad / np.maximum(stable_seen, 1e-9)
        self._excess += weight * difference
        self._variance += weight * pooled * (1.0 - pooled)
        self._weight += weight
        self.samples += np.where(stable_seen > 0, seen, 0.0)

    def verdicts(self, worse_by: float, false_alarm_rate: float) -> Verdicts:
        """Compare with a margin, at a false alarm rate that is shared among the scopes."""
        alpha = false_alarm_rate / len(self._excess)
        mixed = TUNED_FOR / (2 * np.log(1 / alpha) + np.log1p(2 * np.log(1 / alpha)))
        variance = self._variance + mixed
        boundary = np.sqrt(variance * (np.log(variance / mixed) + 2 * np.log(1 / alpha)))
        excess = self._excess - worse_by * self._weight
        return Verdicts(excess > boundary, excess < -boundary)
