"""The blueprint with fractions of tasks allowed: how few minutes could do at the very least.

Every bound is computed from the solver's prices of the rules, which bound the minutes from below whatever their own
rounding error (Lagrange), so that no answer is lost to a tolerance. The solver is taken at its word only where it says
that nothing at all satisfies every rule.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from shipworthy.roles.blueprint.cuts import Clause, broken_clause
from shipworthy.roles.blueprint.evidence import Ground, needed_worth
from shipworthy.roles.blueprint.solver import LinearProgram, Row
from shipworthy.roles.blueprint.tightening import Worths, violated_rule
from shipworthy.roles.blueprint.twins import groups_of_twins
from shipworthy.tasks.entities import Method

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
        self._group = {place: at for at, group in enumerate(self.groups) for place in group}
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
        self._program = LinearProgram(self.minutes, self._matrix, np.array(self._floors))

    def aim_at(self, aim: Aim) -> None:
        """From here on, bound the minutes of sets that reach this."""
        self._floors[:3] = [aim.methods, aim.firm, self.least * len(self.firm) - aim.shortfall]
        for place, floor in enumerate(self._floors[:3]):
            self._program.change_floor(place, floor)

    def bound(self, lower: Row, upper: Row) -> Bound | None:
        """Return the bound for the columns between `lower` and `upper`, or None if nothing is possible there."""
        best = self._program.optimum(lower, upper)
        if best is None:
            return None
        worth = np.maximum(best.prices, 0.0)
        prices = self.minutes - worth @ self._matrix
        minutes = worth @ np.array(self._floors) + np.maximum(prices, 0.0) @ lower + np.minimum(prices, 0.0) @ upper
        return Bound(float(minutes), best.columns, prices)

    def tighten(self, columns: Row) -> bool:
        """Add rules that every set obeys and these fractions break; say whether there are any."""
        found = [rule for worths in self._worths if (rule := violated_rule(worths, columns))]
        for entries, floor in found:
            self._at_least(entries, floor)
        self._pass_on(len(found))
        return bool(found)

    def forbid(self, columns: Row) -> bool:
        """Add rules against whole columns that call firm what the pooled formula does not; say whether there are any.

        Rules about interchangeable tasks are left to the program: these columns do not say which of them is chosen.
        """
        chosen = {place for at, group in enumerate(self.groups) for place in group[: round(columns[at])]}
        called = (name for name, firm in zip(self.ground.required, self.firm, strict=True) if round(columns[firm]))
        broken = (broken_clause(self.ground, name, chosen) for name in called)
        found = [clause for clause in broken if clause is not None and self._tells_apart(clause)]
        for clause in found:
            inside = dict.fromkeys((self._group[place] for place in clause.inside), -1.0)
            outside = dict.fromkeys((self._group[place] for place in clause.outside), 1.0)
            firm = self.firm[self.ground.required.index(clause.competency_id)]
            self._at_least({**inside, **outside, firm: -1.0}, -float(len(clause.inside)))
        self._pass_on(len(found))
        return bool(found)

    def loosen(self, columns: Row) -> None:
        """Forget the rules added by `tighten` that have room at these fractions: each one costs time."""
        room = self._matrix @ columns - np.array(self._floors)
        kept = [row for row in range(len(self._rows)) if row < self._given or room[row] < ROOM]
        self._program.remove(np.setdiff1d(np.arange(len(self._rows), dtype=np.int32), kept))
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

    def _tells_apart(self, clause: Clause) -> bool:
        return all(len(self.groups[self._group[place]]) == 1 for place in clause.inside | clause.outside)

    def _pass_on(self, count: int) -> None:
        """Let the solver know of the rules added last."""
        if count:
            rows, floors = np.array(self._rows[-count:]), np.array(self._floors[-count:])
            self._matrix = np.concatenate((self._matrix, rows))
            self._program.add(rows, floors)

    def _at_least(self, entries: Mapping[int, float], floor: float) -> None:
        row = np.zeros(self.used.stop)
        row[list(entries.keys())] = list(entries.values())
        self._rows.append(row)
        self._floors.append(floor)
