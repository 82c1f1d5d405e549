"""Small catalogues, and the blueprint by trying every set of tasks."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from shipworthy.framework import RequirementLevel
from shipworthy.roles.blueprint.entities import OfferedCheck, TaskOffer
from shipworthy.roles.blueprint.evidence import Ground
from shipworthy.roles.blueprint.program import value_of
from shipworthy.tasks.entities import Method

REQUIRED, PREFERRED, NOT_NEEDED = RequirementLevel.REQUIRED, RequirementLevel.PREFERRED, RequirementLevel.NOT_NEEDED


def offer(
    task_id: str,
    *competencies: str,
    method: Method = Method.CODING,
    minutes: int = 30,
    checks: int = 8,
    rated: Sequence[str] = (),
    contexts: Sequence[str] = ("llm_genai",),
) -> TaskOffer:
    """Return a task with so many equal checks for each of its competencies."""
    looks = tuple(OfferedCheck(0.1, {name: 1.0}) for name in competencies for _ in range(checks))
    ratings: tuple[Mapping[str, float], ...] = tuple({name: 1.0} for name in rated)
    return TaskOffer(task_id, task_id.title(), method, minutes, tuple(contexts), looks, ratings)


def best_by_trying(ground: Ground, pinned: frozenset[int], limit: int | None) -> frozenset[int]:
    """Return the best set of places by trying all of them; among equals the one whose sorted ids come first."""
    places = range(len(ground.offers))
    sets = [frozenset(entry) for size in range(len(places) + 1) for entry in combinations(places, size)]
    minutes = {entry: sum(ground.offers[place].minutes for place in entry) for entry in sets}
    fitting = [entry for entry in sets if pinned <= entry and (limit is None or minutes[entry] <= limit)]
    return min(fitting, key=lambda entry: (value_of(ground, entry).key, sorted(entry)))
