"""The blueprint with fractions of tasks allowed: how few minutes could do at the very least.

Every bound is computed from the solver's prices of the rules, which bound the minutes from below whatever their own
rounding error (Lagrange), so that no answer is ever lost to a tolerance.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from shipworthy.roles.blueprint.evidence import Ground, needed_worth
from shipworthy.roles.blueprint.tightening import Worths, violated_rule
from shipworthy.roles.blueprint.twins import groups_of_twins
from shipworthy.tasks.entities import Method

Row = npt.NDArray[np.float64]

INFEASIBLE = 2
"""The status by which scipy says that nothing satisfies every rule."""

NEAR = 1e-6
ROOM = 0.1


@dataclass(frozen=True)
class Aim:
    """What a set of tasks has to reach: methods used, required competencies firm, and the most shortfall allowed."""

    methods: int
    firm: int
    shortfall: int


@dataclass(frozen=True)
class Bound:
    """No set of tasks takes fewer `minutes`; `columns` would do it in fractions, `prices` is what one more costs."""

    minutes: float
    columns: Row
    prices: Row


class Relaxation:
    """Columns: one per group of interchangeable tasks (how many of it), required competency (firm; tasks counted,
    at most what a firm word needs) and method (used).
    """

    def __init__(self, ground: Ground, pinned: Collection[int]) -> None:
        self.ground = ground
        self.groups = groups_of_twins(ground, pinned)
        self.least = ground.rule.min_tasks
        self.methods = [method for method in Method if any(offer.method is method for offer in ground.offers)]
        groups, required = len(self.groups), len(ground.required)
        self.firm = range(groups, groups + required)
        self.counted = range(self.firm.stop, self.firm.stop + required)
        self.used = range(self.counted.stop, self.counted.stop + len(self.methods))
        self.lower, self.upper = np.zeros(self.used.stop), np.ones(self.used.stop)
        self.upper[:groups] = [len(group) for group in self.groups]
        self.lower[:groups] = [group[0] in pinned for group in self.groups]
        self.upper[list(self.counted)] = self.least
        self.minutes = np.zeros(self.used.stop)
        self.minutes[:groups] = [ground.offers[group[0]].minutes for group in self.groups]
        self._rows: list[Row] = []
        self._floors: list[float] = []
        self._worths = [worths for place in range(required) if (worths := self._worths_of(place))]
        self._lay_out()
        self._given = len(self._rows)
        self._matrix = np.array(self._rows)

    def aim_at(self, aim: Aim) -> None:
        """From here on, bound the minutes of sets that reach this."""
        self._floors[:3] = [aim.methods, aim.firm, self.least * len(self.firm) - aim.shortfall]

    def bound(self, lower: Row, upper: Row) -> Bound | None:
        """Return the bound for the columns between `lower` and `upper`, or None if nothing is possible there."""
        free, floors = upper > 0.0, np.array(self._floors)
        telling = np.maximum(self._matrix, 0.0) @ lower + np.minimum(self._matrix, 0.0) @ upper < floors
        result = optimize.linprog(
            self.minutes[free],
            A_ub=-self._matrix[np.ix_(telling, free)],
            b_ub=-floors[telling],
            bounds=list(zip(lower[free].tolist(), upper[free].tolist(), strict=True)),
            method="highs-ds",
        )
        if result.status != 0:
            return None if result.status == INFEASIBLE else Bound(0.0, upper, np.zeros_like(upper))
        columns = np.zeros_like(upper)
        columns[free] = result.x
        worth = np.maximum(-result.ineqlin.marginals, 0.0)
        prices = self.minutes - worth @ self._matrix[telling]
        minutes = worth @ floors[telling] + np.maximum(prices, 0.0) @ lower + np.minimum(prices, 0.0) @ upper
        return Bound(float(minutes), columns, prices)

    def tighten(self, columns: Row) -> bool:
        """Add rules that every set obeys and these fractions break; say whether there are any."""
        found = [rule for worths in self._worths if (rule := violated_rule(worths, columns))]
        for entries, floor in found:
            self._at_least(entries, floor)
        if found:
            self._matrix = np.array(self._rows)
        return bool(found)

    def loosen(self, columns: Row) -> None:
        """Forget the rules added by `tighten` that have room at these fractions: each one costs time."""
        room = self._matrix @ columns - np.array(self._floors)
        kept = [row for row in range(len(self._rows)) if row < self._given or room[row] < ROOM]
        self._rows, self._floors = [self._rows[row] for row in kept], [self._floors[row] for row in kept]
        self._matrix = self._matrix[kept]

    def added(self) -> list[tuple[dict[int, float], float]]:
        """Return the rules added by `tighten`, as coefficients by task or firm competency, and their floors.

        A task is its place in `ground.offers`; competencies follow in the order of `ground.required`.
        """
        tasks = {place: at for at, group in enumerate(self.groups) for place in group}
        columns = [*(tasks[place] for place in range(len(tasks))), *self.firm]
        rows = zip(self._rows[self._given :], self._floors[self._given :], strict=True)
        return [
            ({at: float(row[column]) for at, column in enumerate(columns) if row[column]}, floor) for row, floor in rows
        ]

    def _lay_out(self) -> None:
        for columns in (self.used, self.firm, self.counted):
            self._at_least(dict.fromkeys(columns, 1.0), 0.0)
        for method, column in zip(self.methods, self.used, strict=True):
            same = [at for at, group in enumerate(self.groups) if self.ground.offers[group[0]].method is method]
            self._at_least({**dict.fromkeys(same, 1.0), column: -1.0}, 0.0)
        for place, name in enumerate(self.ground.required):
            self._lay_out_required(place, name)

    def _lay_out_required(self, place: int, name: str) -> None:
        firm, counted, evidence = self.firm[place], self.counted[place], self.ground.evidence[name]
        having = {at: evidence[group[0]] for at, group in enumerate(self.groups) if group[0] in evidence}
        self._at_least({**dict.fromkeys(having, 1.0), counted: -1.0}, 0.0)
        self._at_least({counted: 1.0, firm: -float(self.least)}, 0.0)
        enough = needed_worth(self.ground.rule)
        if enough:
            parts = {at: min(enough, entry.worth(self.ground.rule)) / enough for at, entry in having.items()}
            self._at_least({**parts, firm: -1.0}, 0.0)
        if self.ground.kinds_needed[name] > 1:
            rated = [at for at, entry in having.items() if entry.rated]
            self._at_least({**dict.fromkeys(rated, 1.0), firm: -1.0}, 0.0)

    def _worths_of(self, place: int) -> Worths | None:
        evidence, enough = self.ground.evidence[self.ground.required[place]], needed_worth(self.ground.rule)
        entries = [(at, evidence.get(group[0])) for at, group in enumerate(self.groups)]
        worths = {at: entry.worth(self.ground.rule) for at, entry in entries if entry is not None and entry.weights}
        if not worths or not enough:
            return None
        shares = np.array([min(enough, worth) / enough for worth in worths.values()])
        return Worths(np.array(list(worths)), shares, self.upper[list(worths)], self.firm[place])

    def _at_least(self, entries: Mapping[int, float], floor: float) -> None:
        row = np.zeros(self.used.stop)
        row[list(entries.keys())] = list(entries.values())
        self._rows.append(row)
        self._floors.append(floor)
