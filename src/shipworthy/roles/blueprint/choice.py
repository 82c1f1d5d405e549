"""The best set of tasks: aim by aim, each aim settled before the next."""

from collections.abc import Collection
from dataclasses import dataclass

from shipworthy.roles.blueprint.evidence import Ground
from shipworthy.roles.blueprint.narrowing import Narrowing, Region
from shipworthy.roles.blueprint.program import Program, UnsolvedError, value_of
from shipworthy.roles.blueprint.relaxation import Aim, Relaxation

STEP = 0.03
"""Above the bound by this share, then by twice as much and so on, the fewest minutes are looked for."""


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
    """One set that is best as far as its minutes, and regions that hold every other such set."""

    aim: Aim
    minutes: int
    chosen: frozenset[int]
    regions: tuple[Region, ...]


class _Choice:
    def __init__(self, ground: Ground, pinned: Collection[int]) -> None:
        self.ground = ground
        self.pinned = frozenset(pinned)
        self.relaxation = Relaxation(ground, pinned)
        self.program = Program(ground, pinned)

    def shortest(self, limit: int | None) -> _Shortest:
        """Settle methods, firm competencies and shortfall, then minutes."""
        within = sum(offer.minutes for offer in self.ground.offers) if limit is None else limit
        methods, required = self._most_methods(within), len(self.ground.required)
        least = self.ground.rule.min_tasks
        for firm in range(required, -1, -1):
            most_short = least * (required - firm)
            if most_short and not self._can_reach(Aim(methods, firm, most_short), within):
                continue
            for shortfall in range(most_short + 1):
                found = self._shortest_to(Aim(methods, firm, shortfall), within)
                if found:
                    return found
        raise UnsolvedError(remedy="This is our fault. Please report the needs, the limit and the catalogue.")

    def best_of(self, shortest: _Shortest) -> frozenset[int]:
        """Settle preferred evidence, number of tasks and ids as well."""
        aim, minutes = shortest.aim, shortest.minutes
        sets = [self.program.best_of(region, aim, minutes) for region in shortest.regions]
        best = min(sets, key=lambda chosen: (value_of(self.ground, chosen).key, sorted(chosen)))
        for region in shortest.regions:
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

    def _can_reach(self, aim: Aim, limit: int) -> bool:
        most = self._possible(aim, limit)
        return most is not None and (most < limit or self._found(aim, limit, first_only=True) is not None)

    def _shortest_to(self, aim: Aim, limit: int) -> _Shortest | None:
        most = self._possible(aim, limit)
        return None if most is None else self._found(aim, most, first_only=False)

    def _possible(self, aim: Aim, limit: int) -> int | None:
        """Return minutes that are known to be enough, or else the limit; None where that cannot be enough.

        The fewest minutes among the tasks that cost least is mostly close to the fewest of all. The lower it is, the
        fewer tasks are left to choose from.
        """
        self.relaxation.aim_at(aim)
        whole = Narrowing(self.relaxation, limit).whole()
        share = STEP
        while whole is not None and 0.0 < whole.minutes * (1.0 + 5.0 * share) < limit:
            self.program.help_with(self.relaxation.added())
            few = Narrowing(self.relaxation, int(whole.minutes * (1.0 + share))).again(whole)
            chosen = few and self.program.least_minutes(few, aim, limit)
            if chosen:
                return sum(self.ground.offers[place].minutes for place in chosen)
            share *= 2.0
        return None if whole is None else limit

    def _found(self, aim: Aim, most: int, *, first_only: bool) -> _Shortest | None:
        """Return the shortest sets that reach the aim within `most` minutes, or just one set that does."""
        self.relaxation.aim_at(aim)
        narrowing = Narrowing(self.relaxation, most)
        found: list[tuple[int, frozenset[int], Region]] = []
        for region in narrowing.regions():
            self.program.help_with(self.relaxation.added())
            chosen = self.program.least_minutes(region, aim, narrowing.most)
            if chosen is not None:
                narrowing.most = sum(self.ground.offers[place].minutes for place in chosen)
                found.append((narrowing.most, chosen, region))
                if first_only:
                    break
        if not found:
            return None
        ends = [narrowing.again(region) for minutes, _, region in found if minutes == narrowing.most]
        return _Shortest(aim, narrowing.most, found[-1][1], tuple(region for region in ends if region))
