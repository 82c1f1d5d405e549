"""The blueprint as an integer program, solved to the optimum by HiGHS in regions that `narrowing` leaves over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shipworthy.roles.blueprint.cuts import Clause, broken_clause
from shipworthy.roles.blueprint.evidence import Ground, needed_worth
from shipworthy.roles.blueprint.narrowing import Region
from shipworthy.roles.blueprint.relaxation import Aim
from shipworthy.roles.blueprint.solver import Columns, Row, UnsolvedError, whole_optimum
from shipworthy.roles.blueprint.twins import groups_of_twins
from shipworthy.tasks.entities import Method

BLOCK = 16
"""So many tasks at a time are ordered by powers of two, which stay far below what the solver can tell apart."""


Ceiling = tuple[Row, int]
"""A goal, and what it must not exceed."""


@dataclass(frozen=True)
class Value:
    """How good a set of tasks is, in the order in which it matters; see `key`."""

    methods: int
    firm: int
    shortfall: int
    minutes: int
    preferred: int
    tasks: int
    ranks: int

    @property
    def key(self) -> tuple[int, ...]:
        """The lexicographic value: smaller is better."""
        return (-self.methods, -self.firm, self.shortfall, self.minutes, -self.preferred, self.tasks, self.ranks)


def value_of(ground: Ground, chosen: Collection[int]) -> Value:
    """Return the value of a set of tasks, given as places in `ground.offers`."""
    least = ground.rule.min_tasks
    counts = {name: sum(place in ground.evidence[name] for place in chosen) for name in ground.evidence}
    return Value(
        methods=len({ground.offers[place].method for place in chosen}),
        firm=sum(ground.is_firm(name, chosen) for name in ground.required),
        shortfall=sum(max(0, least - counts[name]) for name in ground.required),
        minutes=sum(ground.offers[place].minutes for place in chosen),
        preferred=sum(min(least, counts[name]) for name in ground.preferred),
        tasks=len(chosen),
        ranks=sum(chosen),
    )


class Program:
    """Columns: one per task (chosen), method (used), required competency (firm; shortfall), preferred."""

    def __init__(self, ground: Ground, pinned: Collection[int]) -> None:
        self.ground = ground
        self.tasks = len(ground.offers)
        self.methods = [method for method in Method if any(offer.method is method for offer in ground.offers)]
        places = iter(range(self.tasks, 10**9))
        self.used = {method: next(places) for method in self.methods}
        self.firm = {name: next(places) for name in ground.required}
        self.short = {name: next(places) for name in ground.required}
        self.extra = {name: next(places) for name in ground.preferred}
        self.columns = next(places)
        self.upper = np.ones(self.columns)
        for column in (*self.short.values(), *self.extra.values()):
            self.upper[column] = ground.rule.min_tasks
        # The other columns are whole by themselves, once the tasks and the firm competencies are.
        self.whole = np.zeros(self.columns, dtype=np.bool_)
        self.whole[[*range(self.tasks), *self.firm.values()]] = True
        self.rows: list[Row] = []
        self.floors: list[float] = []
        self.groups = groups_of_twins(ground, pinned)
        self.helpful: list[Row] = []
        self.helpful_floors: list[float] = []
        self._lay_out()

    def least_minutes(self, region: Region, aim: Aim, most: int) -> frozenset[int] | None:
        """Return a set of tasks in the region that reaches the aim in the fewest minutes, or None above `most`."""
        answer = self._optimum(region, self._minutes(), [*self._aim(aim), (self._minutes(), most)])
        return None if answer is None else self._chosen(answer)

    def best_of(self, region: Region, aim: Aim, minutes: int) -> frozenset[int] | None:
        """Return the set in the region, of those that reach the aim in these minutes, that is best in the rest."""
        answer = self._optimum(region, self._finer_goal(minutes), [*self._aim(aim), (self._minutes(), minutes)])
        return None if answer is None else self._chosen(answer)

    def first_of_equals(self, region: Region, aim: Aim, chosen: frozenset[int]) -> frozenset[int]:
        """Return the set in the region whose ids come first, of all that are as good: mostly `chosen` is the only one.

        `chosen` itself may lie outside the region.
        """
        value = value_of(self.ground, chosen)
        kept = [*self._aim(aim), (self._minutes(), value.minutes), *self._finer(value)]
        others = self._goal({place: 1 if place in chosen else -1 for place in range(self.tasks)})
        another = self._optimum(region, np.zeros(self.columns), [*kept, (others, len(chosen) - 1)])
        if another is None:
            return chosen
        found = self._chosen(another)
        for first in range(0, self.tasks, BLOCK):
            block = range(first, min(first + BLOCK, self.tasks))
            goal = self._goal({place: -(2 ** (block[-1] - place)) for place in block})
            answer = self._solved(region, goal, kept)
            kept.append((goal, round(float(goal @ answer))))
            found = self._chosen(answer)
        return min(chosen, found, key=sorted)

    def help_with(self, rules: Collection[tuple[Mapping[int, float], float]]) -> None:
        """Use these rules, by task and firm competency, from here on: they follow from the others, but not at once."""
        columns = [*range(self.tasks), *self.firm.values()]
        self.helpful = [self._goal({columns[at]: value for at, value in entries.items()}) for entries, _ in rules]
        self.helpful_floors = [floor for _, floor in rules]

    def _aim(self, aim: Aim) -> list[Ceiling]:
        return [
            (self._goal(dict.fromkeys(self.used.values(), -1)), -aim.methods),
            (self._goal(dict.fromkeys(self.firm.values(), -1)), -aim.firm),
            (self._goal(dict.fromkeys(self.short.values(), 1)), aim.shortfall),
        ]

    def _minutes(self) -> Row:
        return self._goal({place: offer.minutes for place, offer in enumerate(self.ground.offers)})

    def _finer(self, value: Value) -> list[Ceiling]:
        tasks = range(self.tasks)
        return [
            (self._goal(dict.fromkeys(self.extra.values(), -1)), -value.preferred),
            (self._goal(dict.fromkeys(tasks, 1)), value.tasks),
            (self._goal({place: place for place in tasks}), value.ranks),
        ]

    def _finer_goal(self, minutes: int) -> Row:
        """Preferred evidence, then number of tasks, then ids: no later one can outweigh an earlier."""
        most = min(self.tasks, minutes // min(offer.minutes for offer in self.ground.offers))
        (extra, _), (count, _), (ranks, _) = self._finer(value_of(self.ground, ()))
        return (extra * (most + 1) + count) * (most * self.tasks + 1) + ranks

    def _lay_out(self) -> None:
        ground = self.ground
        for method, column in self.used.items():
            same = [place for place, offer in enumerate(ground.offers) if offer.method is method]
            self._at_least({**dict.fromkeys(same, 1), column: -1}, 0)
        for name in ground.required:
            self._lay_out_required(name)
        for name, column in self.extra.items():
            self._at_least({**dict.fromkeys(ground.evidence[name], 1), column: -1}, 0)
        for group in self.groups:
            for earlier, later in pairwise(group):
                self._at_least({earlier: 1, later: -1}, 0)

    def _lay_out_required(self, name: str) -> None:
        rule, having, firm = self.ground.rule, self.ground.evidence[name], self.firm[name]
        enough = needed_worth(rule)
        self._at_least({**dict.fromkeys(having, 1), self.short[name]: 1}, rule.min_tasks)
        self._at_least({**dict.fromkeys(having, 1), firm: -rule.min_tasks}, 0)
        worth = {place: min(enough, entry.worth(rule)) for place, entry in having.items()}
        self._at_least({**worth, firm: -enough}, 0)
        if self.ground.kinds_needed[name] > 1:
            rated = [place for place, entry in having.items() if entry.rated]
            self._at_least({**dict.fromkeys(rated, 1), firm: -1}, 0)

    def _at_least(self, entries: Mapping[int, float], floor: float) -> None:
        row = np.zeros(self.columns)
        row[list(entries.keys())] = list(entries.values())
        self.rows.append(row)
        self.floors.append(floor)

    def _goal(self, entries: Mapping[int, float]) -> Row:
        goal = np.zeros(self.columns)
        goal[list(entries.keys())] = list(entries.values())
        return goal

    def _solved(self, region: Region, goal: Row, kept: list[Ceiling]) -> Row:
        answer = self._optimum(region, goal, kept)
        if answer is None:
            raise UnsolvedError(remedy="This is our fault. Please report the needs, the limit and the catalogue.")
        return answer

    def _optimum(self, region: Region, goal: Row, kept: list[Ceiling]) -> Row | None:
        """Return the columns at the optimum where every firm competency is really firm, or None if nothing fits."""
        while True:
            answer = self._ask(region, goal, kept)
            clauses = [] if answer is None else self._broken_clauses(self._chosen(answer), answer)
            if not clauses:
                return answer
            for clause in clauses:
                self._forbid(clause)

    def _chosen(self, answer: Row) -> frozenset[int]:
        return frozenset(int(place) for place in np.flatnonzero(answer[: self.tasks]))

    def _ask(self, region: Region, goal: Row, kept: list[Ceiling]) -> Row | None:
        lower, upper = self._bounds(region)
        rows = np.array([*self.rows, *self.helpful, *(-row for row, _ in kept)])
        floors = np.array([*self.floors, *self.helpful_floors, *(-ceiling for _, ceiling in kept)])
        telling = np.maximum(rows, 0.0) @ lower + np.minimum(rows, 0.0) @ upper < floors
        free = upper > 0.0
        columns = Columns(goal[free], lower[free], upper[free], self.whole[free])
        found = whole_optimum(columns, rows[telling][:, free], floors[telling])
        if found is None:
            return None
        answer = np.zeros(self.columns)
        answer[free] = found
        return answer

    def _bounds(self, region: Region) -> tuple[Row, Row]:
        """Return the least and most of each column: of interchangeable tasks, the first are in and the last are out."""
        lower, upper = np.zeros(self.columns), self.upper.copy()
        for at, group in enumerate(self.groups):
            lower[list(group[: round(region.lower[at])])] = 1.0
            upper[list(group[round(region.upper[at]) :])] = 0.0
        firm = range(len(self.groups), len(self.groups) + len(self.firm))
        lower[list(self.firm.values())], upper[list(self.firm.values())] = region.lower[firm], region.upper[firm]
        return lower, upper

    def _broken_clauses(self, chosen: frozenset[int], answer: Row) -> list[Clause]:
        """Return a clause for each competency that the program took for firm and the pooled formula does not."""
        called = (name for name, column in self.firm.items() if answer[column])
        found = (broken_clause(self.ground, name, chosen) for name in called)
        return [clause for clause in found if clause is not None]

    def _forbid(self, clause: Clause) -> None:
        inside = dict.fromkeys(clause.inside, -1)
        outside = dict.fromkeys(clause.outside, 1)
        self._at_least({**inside, **outside, self.firm[clause.competency_id]: -1}, -len(clause.inside))
