"""The blueprint as an integer program, solved to the optimum by HiGHS."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from shipworthy.core.errors import ShipworthyError
from shipworthy.roles.blueprint.cuts import Clause, clause_against
from shipworthy.roles.blueprint.evidence import Ground, needed_worth
from shipworthy.tasks.entities import Method

INFEASIBLE = 2
"""The status by which scipy says that nothing satisfies every rule."""

BLOCK = 16
"""So many tasks at a time are ordered by powers of two, which stay far below what the solver can tell apart."""

Row = npt.NDArray[np.float64]


class UnsolvedError(ShipworthyError):
    """The solver gave no answer to a blueprint that has one."""


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


def best_choice(ground: Ground, pinned: Collection[int], limit: int | None) -> frozenset[int]:
    """Return the best set of tasks within the limit (minutes; None for no limit), as places in `ground.offers`.

    Best by `Value.key`; among equals the set whose sorted ids come first. `pinned` tasks are in and must fit the limit.
    Raises `UnsolvedError` if the solver fails, which is a fault of ours.
    """
    if not ground.offers:
        return frozenset()
    program = _Program(ground, pinned, limit)
    return program.best_of(program.shortest())


def best_choices(ground: Ground, pinned: Collection[int], limit: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the best set within the limit, and the best with no limit: the same one where that fits.

    Where it does not fit, the second is settled only as far as its minutes go. Which of several equally short sets
    it is follows from the tasks, not from their order.
    """
    if not ground.offers:
        return frozenset(), frozenset()
    program = _Program(ground, pinned, None)
    unlimited = program.shortest()
    if sum(ground.offers[place].minutes for place in unlimited) > limit:
        return best_choice(ground, pinned, limit), unlimited
    best = program.best_of(unlimited)
    return best, best


class _Program:
    """Columns: one per task (chosen), method (used), required competency (firm; shortfall), preferred."""

    def __init__(self, ground: Ground, pinned: Collection[int], limit: int | None) -> None:
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
        self.lower = np.zeros(self.columns)
        for column in (*self.short.values(), *self.extra.values()):
            self.upper[column] = ground.rule.min_tasks
        self.lower[list(pinned)] = 1.0
        # The other columns are whole by themselves, once the tasks and the firm competencies are.
        self.whole = np.zeros(self.columns, dtype=np.int8)
        self.whole[[*range(self.tasks), *self.firm.values()]] = 1
        self.rows: list[Row] = []
        self.floors: list[float] = []
        self.twins = _twins(ground, pinned)
        self._lay_out(limit)

    def shortest(self) -> frozenset[int]:
        """Settle methods, firm competencies and shortfall, then minutes; return one set that is best in all these."""
        used, firm, short = self.used.values(), self.firm.values(), self.short.values()
        answer = self._solved(self._evidence_goal())
        for columns, sign in ((used, -1), (firm, -1), (short, 1)):
            self._keep(self._goal(dict.fromkeys(columns, sign)), answer)
        minutes = self._goal({place: offer.minutes for place, offer in enumerate(self.ground.offers)})
        answer = self._solved(minutes)
        self._keep(minutes, answer)
        return self._chosen(answer)

    def best_of(self, shortest: frozenset[int]) -> frozenset[int]:
        """Settle preferred evidence, number of tasks and ids as well, once `shortest` has been found."""
        tasks = range(self.tasks)
        extra = self._goal(dict.fromkeys(self.extra.values(), -1))
        count, ranks = self._goal(dict.fromkeys(tasks, 1)), self._goal({place: place for place in tasks})
        most = self._most_tasks(shortest)
        answer = self._solved((extra * (most + 1) + count) * (most * self.tasks + 1) + ranks)
        for goal in (extra, count, ranks):
            self._keep(goal, answer)
        return self._first_of_equals(self._chosen(answer))

    def _most_tasks(self, shortest: frozenset[int]) -> int:
        """Return how many tasks fit into the minutes that have been settled."""
        minutes = sum(self.ground.offers[place].minutes for place in shortest)
        return min(self.tasks, minutes // min(offer.minutes for offer in self.ground.offers))

    def _lay_out(self, limit: int | None) -> None:
        ground = self.ground
        if limit is not None:
            self._at_least({place: -offer.minutes for place, offer in enumerate(ground.offers)}, -limit)
        for method, column in self.used.items():
            same = [place for place, offer in enumerate(ground.offers) if offer.method is method]
            self._at_least({**dict.fromkeys(same, 1), column: -1}, 0)
        for name in ground.required:
            self._lay_out_required(name)
        for name, column in self.extra.items():
            self._at_least({**dict.fromkeys(ground.evidence[name], 1), column: -1}, 0)
        for earlier, later in self.twins:
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

    def _evidence_goal(self) -> Row:
        """Methods, then firm competencies, then shortfall: no later one can outweigh an earlier."""
        per_firm = self.ground.rule.min_tasks * len(self.short) + 1
        per_method = per_firm * (len(self.firm) + 1)
        return self._goal(
            {
                **dict.fromkeys(self.used.values(), -per_method),
                **dict.fromkeys(self.firm.values(), -per_firm),
                **dict.fromkeys(self.short.values(), 1),
            }
        )

    def _solved(self, goal: Row) -> Row:
        answer = self._optimum(goal)
        if answer is None:
            raise UnsolvedError(remedy="This is our fault. Please report the needs, the limit and the catalogue.")
        return answer

    def _keep(self, goal: Row, answer: Row) -> None:
        """From here on, be as good as this answer for this goal."""
        self.rows.append(-goal)
        self.floors.append(-round(float(goal @ answer)))

    def _optimum(self, goal: Row) -> Row | None:
        """Return the columns at the optimum where every firm competency is really firm, or None if nothing fits."""
        while True:
            answer = self._ask(goal)
            clauses = [] if answer is None else self._broken_clauses(self._chosen(answer), answer)
            if not clauses:
                return answer
            for clause in clauses:
                self._forbid(clause)

    def _chosen(self, answer: Row) -> frozenset[int]:
        return frozenset(int(place) for place in np.flatnonzero(answer[: self.tasks]))

    def _ask(self, goal: Row) -> Row | None:
        result = optimize.milp(
            goal,
            integrality=self.whole,
            bounds=optimize.Bounds(self.lower, self.upper),
            constraints=optimize.LinearConstraint(np.array(self.rows), np.array(self.floors), np.inf),
            options={"mip_rel_gap": 0.0, "presolve": False},  # decision 12 has the figures
        )
        if result.status == INFEASIBLE:
            return None
        if result.x is None or not result.success:
            raise UnsolvedError(f"The solver gave up: {result.message}", remedy="This is our fault. Please report it.")
        return np.round(result.x)

    def _broken_clauses(self, chosen: frozenset[int], answer: Row) -> list[Clause]:
        """Return a clause for each competency that the program took for firm and the pooled formula does not."""
        rule = self.ground.rule
        broken = []
        for name, column in self.firm.items():
            if answer[column] and self.ground.standing(name, chosen).effective_n < rule.min_effective_n:
                weights = {place: entry.weights for place, entry in self.ground.evidence[name].items() if entry.weights}
                broken.append(clause_against(name, chosen & weights.keys(), weights, rule))
        return broken

    def _forbid(self, clause: Clause) -> None:
        inside = dict.fromkeys(clause.inside, -1)
        outside = dict.fromkeys(clause.outside, 1)
        self._at_least({**inside, **outside, self.firm[clause.competency_id]: -1}, -len(clause.inside))

    def _first_of_equals(self, chosen: frozenset[int]) -> frozenset[int]:
        """Return the set whose ids come first, of all that are as good: mostly the one found is the only one."""
        rows = len(self.rows)
        self._at_least({place: -1 if place in chosen else 1 for place in range(self.tasks)}, 1 - len(chosen))
        another = self._optimum(np.zeros(self.columns))
        del self.rows[rows], self.floors[rows]
        if another is None:
            return chosen
        for first in range(0, self.tasks, BLOCK):
            block = range(first, min(first + BLOCK, self.tasks))
            goal = self._goal({place: -(2 ** (block[-1] - place)) for place in block})
            answer = self._solved(goal)
            self._keep(goal, answer)
            chosen = self._chosen(answer)
        return chosen


def _twins(ground: Ground, pinned: Collection[int]) -> list[tuple[int, int]]:
    """Return pairs of interchangeable tasks, sorted by id: the later is never chosen without the earlier."""
    last: dict[object, int] = {}
    pairs: list[tuple[int, int]] = []
    for place, offer in enumerate(ground.offers):
        if place in pinned:
            continue
        profile = _profile(ground, place, (offer.method, offer.minutes))
        if profile in last:
            pairs.append((last[profile], place))
        last[profile] = place
    return pairs


def _profile(ground: Ground, place: int, beginning: Sequence[object]) -> object:
    evidence = tuple(ground.evidence[name].get(place) for name in ground.required)
    preferred = tuple(place in ground.evidence[name] for name in ground.preferred)
    return (*beginning, evidence, preferred)
