"""Narrows the tasks down to few before the integer program is asked: branch and bound over what becomes firm.

How many minutes are needed for given aims is bounded far better than what can be reached in given minutes, most of all
once it is settled which competencies become firm. So the search splits by competency, then by task, and drops tasks
that would cost too much there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from shipworthy.roles.blueprint.relaxation import NEAR, Bound, Relaxation
from shipworthy.roles.blueprint.solver import Row

FEW = 15
"""So many undecided tasks are few enough for the integer program."""

ROUNDS = 10
"""So often rules are added before the first split, and once at most at each later one."""

WITHIN_REACH = 0.03
"""Rules lift a bound by no more than about this share; where more is missing, a split comes first."""


@dataclass(frozen=True)
class Region:
    """Bounds on the columns of the relaxation; no set inside takes fewer `minutes`."""

    minutes: float
    lower: Row
    upper: Row


class Narrowing:
    """Finds regions that together hold every set that reaches the relaxation's aim within `most` minutes.

    After `settle_for`, regions that have only sets as short as the one known are put off: `equals` goes on with them.
    """

    def __init__(self, relaxation: Relaxation, most: int) -> None:
        self.relaxation = relaxation
        self.most = most
        self.wanted = most
        self._whole = relaxation.firm.stop
        self._put_off: list[Region] = []

    def settle_for(self, minutes: int, step: int) -> None:
        """From here on, look for sets that take at least `step` fewer than these minutes, which some set takes."""
        self.most, self.wanted = minutes, minutes - step

    def regions(self) -> Iterator[Region]:
        """Yield regions, one after another, without overlooking a set that takes the minutes wanted or fewer."""
        return self._regions([Region(0.0, self.relaxation.lower, self.relaxation.upper)], ROUNDS)

    def equals(self) -> Iterator[Region]:
        """Yield regions with every set that is as short as the shortest known, after `regions` has come to its end."""
        self.wanted = self.most
        waiting, self._put_off = self._put_off, []
        return self._regions(waiting, 1)

    def _regions(self, waiting: list[Region], rounds: int) -> Iterator[Region]:
        while waiting:
            region = waiting.pop()
            bound = self._bound(region, rounds) if region.minutes <= self.most + NEAR else None
            rounds = 1
            if bound is None:
                continue
            region = self._narrowed(region, bound)
            if region.minutes > self.wanted + NEAR:
                self._put_off.append(region)
            elif self._is_whole(bound.columns) and self.relaxation.forbid(bound.columns):
                waiting.append(region)
            elif (split := self._split_at(region, bound)) is not None:
                waiting += _halves(region, *split)
            else:
                yield region
                self._put_off.append(region)

    def whole(self) -> Region | None:
        """Return everything there is, narrowed, or None where nothing is left of it."""
        region = Region(0.0, self.relaxation.lower, self.relaxation.upper)
        bound = self._bound(region, ROUNDS)
        return None if bound is None else self._narrowed(region, bound)

    def _is_whole(self, columns: Row) -> bool:
        return bool((_fractions(columns[: self._whole]) <= NEAR).all())

    def _bound(self, region: Region, rounds: int) -> Bound | None:
        """Return the bound, after some rounds of tightening, or None where it is above `most`."""
        for again in range(rounds, -1, -1):
            bound = self.relaxation.bound(region.lower, region.upper)
            if bound is None or bound.minutes > self.most + NEAR:
                return None
            if not again or not self._worth_tightening(bound, rounds) or not self.relaxation.tighten(bound.columns):
                if rounds == ROUNDS:
                    self.relaxation.loosen(bound.columns)
                return bound
        return None

    def _worth_tightening(self, bound: Bound, rounds: int) -> bool:
        return rounds == ROUNDS or bound.minutes * (1.0 + WITHIN_REACH) > self.most

    def _narrowed(self, region: Region, bound: Bound) -> Region:
        """Take away what would bring the minutes above `most`, by the price of each column."""
        spare = self.most - bound.minutes + NEAR
        prices = bound.prices[: self._whole]
        steps = np.floor(spare / np.maximum(np.abs(prices), NEAR) + NEAR)
        lower, upper = region.lower.copy(), region.upper.copy()
        low, high = lower[: self._whole], upper[: self._whole]
        ceilings, floors = low + steps, high - steps
        dear, cheap = prices > NEAR, prices < -NEAR
        high[dear] = np.minimum(high, ceilings)[dear]
        low[cheap] = np.maximum(low, floors)[cheap]
        return Region(max(region.minutes, bound.minutes), lower, upper)

    def _split_at(self, region: Region, bound: Bound) -> tuple[int, float] | None:
        """Return a column and the most of it in one half, or None where few tasks are left.

        Competencies that are not decided come first, then tasks. Where all are, what is chosen without need is.
        """
        groups, firm = self.relaxation.firm.start, self.relaxation.firm
        if (region.upper - region.lower)[:groups].sum() <= FEW:
            return None
        values = np.clip(bound.columns, region.lower, region.upper)
        undecided = _fractions(values)
        for columns in (firm, range(groups)):
            at = max(columns, key=undecided.__getitem__)
            if undecided[at] > NEAR:
                return at, float(np.floor(values[at]))
        above = (values - region.lower)[: self._whole]
        at = int(np.argmax(above))
        return (at, float(np.round(values[at])) - 1.0) if above[at] > NEAR else None


def _fractions(columns: Row) -> Row:
    return np.abs(columns - np.round(columns))


def _halves(region: Region, column: int, most: float) -> list[Region]:
    without, with_it = region.upper.copy(), region.lower.copy()
    without[column] = most
    with_it[column] = most + 1.0
    return [Region(region.minutes, region.lower, without), Region(region.minutes, with_it, region.upper)]
