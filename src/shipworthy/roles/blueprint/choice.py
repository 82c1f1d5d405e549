"""The best set of tasks: aim by aim, each aim settled before the next."""

from collections.abc import Collection
from dataclasses import dataclass
from math import gcd

from shipworthy.roles.blueprint.evidence import Ground
from shipworthy.roles.blueprint.narrowing import Narrowing
from shipworthy.roles.blueprint.program import Program, value_of
from shipworthy.roles.blueprint.relaxation import Aim, Relaxation
from shipworthy.roles.blueprint.solver import UnsolvedError

STEP = 0.03
"""Above the bound by this share, then by twice as much and so on, the fewest minutes are looked for."""

NEAR_LIMIT = 4
"""So many steps below the limit, or fewer, the limit itself is tried at once."""


def best_choice(ground: Ground, pinned: Collection[int], limit: int | None) -> frozenset[int]:
    """Return the best set of tasks within the limit (minutes; None for no limit), as places in `ground.offers`.

    Best by `Value.key`; among equals the set whose sorted ids come first. `pinned` tasks are in and must fit the limit.
    Raises `UnsolvedError` if the solver fails, which is a fault of ours.
    """
    if not ground.offers:
        return frozenset()
    choice = _Choice(ground, pinned)
    return choice.best_of(choice.shortest(limit))


def best_choices(ground: Ground, pinned: Collection[int], limit: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the best set within the limit, and the best with no limit: the same one where that fits.

    Where it does not fit, the second is settled only as far as its minutes go. Which of several equally short sets
    it is follows from the tasks, not from their order.
    """
    if not ground.offers:
        return frozenset(), frozenset()
    choice = _Choice(ground, pinned)
    unlimited = choice.shortest(None)
    if unlimited.minutes > limit:
        return choice.best_of(choice.shortest(limit)), unlimited.chosen
    best = choice.best_of(unlimited)
    return best, best


@dataclass(frozen=True)
class _Shortest:
    """One set that is best as far as its minutes, and the search that found it."""

    aim: Aim
    minutes: int
    chosen: frozenset[int]
    narrowing: Narrowing


class _Choice:
    def __init__(self, ground: Ground, pinned: Collection[int]) -> None:
        self.ground = ground
        self.pinned = frozenset(pinned)
        self.relaxation = Relaxation(ground, pinned)
        self.program = Program(ground, pinned)
        self.step = gcd(*(offer.minutes for offer in ground.offers))

    def shortest(self, limit: int | None) -> _Shortest:
        """Settle methods, firm competencies and shortfall, then minutes."""
        within = sum(offer.minutes for offer in self.ground.offers) if limit is None else limit
        methods, required = self._most_methods(within), len(self.ground.required)
        least = self.ground.rule.min_tasks
        for firm in range(required, -1, -1):
            most_short = least * (required - firm)
            if most_short and self._shortest_to(Aim(methods, firm, most_short), within, any_will_do=True) is None:
                continue
            for shortfall in range(most_short + 1):
                found = self._shortest_to(Aim(methods, firm, shortfall), within)
                if found:
                    return found
        raise UnsolvedError(remedy="This is our fault. Please report the needs, the limit and the catalogue.")

    def best_of(self, shortest: _Shortest) -> frozenset[int]:
        """Settle preferred evidence, number of tasks and ids as well."""
        aim, minutes = shortest.aim, shortest.minutes
        self.relaxation.aim_at(aim)
        regions = tuple(shortest.narrowing.equals())
        self.program.help_with(self.relaxation.added())
        sets = [self.program.best_of(region, aim, minutes) for region in regions]
        best = min(
            (chosen for chosen in sets if chosen is not None),
            key=lambda each: (value_of(self.ground, each).key, sorted(each)),
        )
        for region, chosen in zip(regions, sets, strict=True):
            if chosen is not None:
                best = self.program.first_of_equals(region, aim, best)
        return best

    def _most_methods(self, limit: int) -> int:
        """Return how many methods fit: those of pinned tasks, and the shortest task of as many others as possible."""
        offers = self.ground.offers
        used = {offers[place].method for place in self.pinned}
        left = limit - sum(offers[place].minutes for place in self.pinned)
        shortest: dict[object, int] = {}
        for offer in offers:
            if offer.method not in used:
                shortest[offer.method] = min(offer.minutes, shortest.get(offer.method, offer.minutes))
        fitting = 0
        for minutes in sorted(shortest.values()):
            left -= minutes
            fitting += left >= 0
        return len(used) + fitting

    def _shortest_to(self, aim: Aim, limit: int, *, any_will_do: bool = False) -> _Shortest | None:
        """Return a shortest set that reaches the aim within the limit, or any such set where that will do.

        The fewer minutes are allowed, the fewer tasks are left to choose from: little more than the bound comes first.
        """
        self.relaxation.aim_at(aim)
        whole = Narrowing(self.relaxation, limit).whole()
        share = STEP
        while whole is not None:
            near = whole.minutes * (1.0 + NEAR_LIMIT * share) >= limit
            most = limit if near or not whole.minutes else int(whole.minutes * (1.0 + share))
            found = self._found(aim, most, any_will_do=any_will_do)
            if found or most == limit:
                return found
            share *= 2.0
        return None

    def _found(self, aim: Aim, most: int, *, any_will_do: bool) -> _Shortest | None:
        narrowing = Narrowing(self.relaxation, most - most % self.step)
        found: _Shortest | None = None
        for region in narrowing.regions():
            self.program.help_with(self.relaxation.added())
            chosen = self.program.least_minutes(region, aim, narrowing.wanted)
            if chosen is not None:
                minutes = sum(self.ground.offers[place].minutes for place in chosen)
                found = _Shortest(aim, minutes, chosen, narrowing)
                narrowing.settle_for(minutes, self.step)
                if any_will_do:
                    break
        return found
