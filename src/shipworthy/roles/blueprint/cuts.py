"""Linear rules that keep the program from calling firm what the pooled formula does not.

The pooled figure is not linear, so the program starts from the tasks' own sum and learns from its mistakes. A set of
tasks that fails is widened to an interval: every set between a smallest and a largest one fails too. One clause
forbids them all: the competency is not firm, or a task of the smallest is left out, or one from outside the largest
is taken in.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import fsum

from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.measurement.weights import design_effect
from shipworthy.roles.blueprint.evidence import Ground

SAFETY = 1e-9


@dataclass(frozen=True)
class Clause:
    """If a competency is firm, then a task of `inside` is not chosen, or one of `outside` is."""

    competency_id: str
    inside: frozenset[int]
    outside: frozenset[int]


def clause_against(
    competency_id: str, failing: Collection[int], weights: Mapping[int, tuple[float, ...]], rule: FirmnessRule
) -> Clause:
    """Return the widest clause found against a set of tasks whose pooled figure is too low.

    `weights` are those of every task with executed checks on this competency. The set itself is always forbidden.
    """
    figures = {place: _Figures.of(entry) for place, entry in weights.items()}
    fails = _interval_test(figures, rule)
    least = set(failing)
    most = set(failing)
    for place in sorted(failing, key=lambda place: (figures[place].total, place)):
        if fails(least - {place}, most):
            least.remove(place)
    for place in sorted(weights.keys() - most, key=lambda place: (figures[place].total, place)):
        if fails(least, most | {place}):
            most.add(place)
    return Clause(competency_id, frozenset(least), frozenset(weights.keys() - most))


def broken_clause(ground: Ground, competency_id: str, chosen: Collection[int]) -> Clause | None:
    """Return the clause where the chosen tasks are not firm on this competency by the pooled figure, or None."""
    if ground.standing(competency_id, chosen).effective_n >= ground.rule.min_effective_n:
        return None
    weights = {place: entry.weights for place, entry in ground.evidence[competency_id].items() if entry.weights}
    return clause_against(competency_id, weights.keys() & chosen, weights, ground.rule)


@dataclass(frozen=True)
class _Figures:
    total: float
    squares: float
    checks: int

    @classmethod
    def of(cls, weights: tuple[float, ...]) -> "_Figures":
        return cls(fsum(weights), fsum(weight * weight for weight in weights), len(weights))


def _interval_test(
    figures: Mapping[int, _Figures], rule: FirmnessRule
) -> Callable[[Collection[int], Collection[int]], bool]:
    """Return a test that is true only where every set from `least` to `most` stays below the rule."""

    def fails(least: Collection[int], most: Collection[int]) -> bool:
        fixed = [figures[place] for place in least]
        free = [figures[place] for place in most if place not in least]
        highest = _highest_kish(fixed, free) / design_effect(_fewest_checks(fixed, free), rule.rho)
        return highest < rule.min_effective_n - SAFETY

    return fails


def _highest_kish(fixed: Collection[_Figures], free: Collection[_Figures]) -> float:
    """Return the highest (sum)^2 / squares of `fixed` with any of `free`.

    It equals max over c of sum(2 c total - c^2 squares), so a best set takes those of `free` with total / squares above
    c / 2: it is a prefix of them by that ratio.
    """
    total = fsum(entry.total for entry in fixed)
    squares = fsum(entry.squares for entry in fixed)
    highest = total * total / squares if squares else 0.0
    for entry in sorted(free, key=lambda entry: entry.total / entry.squares, reverse=True):
        total += entry.total
        squares += entry.squares
        highest = max(highest, total * total / squares)
    return highest


def _fewest_checks(fixed: Collection[_Figures], free: Collection[_Figures]) -> float:
    """Return the lowest mean number of checks per task of `fixed` with any of `free`."""
    checks, tasks = sum(entry.checks for entry in fixed), len(fixed)
    for entry in sorted(free, key=lambda entry: entry.checks):
        if tasks and entry.checks * tasks >= checks:
            break
        checks += entry.checks
        tasks += 1
    return checks / tasks if tasks else 1.0
