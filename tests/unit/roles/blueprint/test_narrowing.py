import random
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.roles.blueprint import narrowing
from shipworthy.roles.blueprint.choice import best_choice
from shipworthy.roles.blueprint.entities import OfferedCheck, TaskOffer
from shipworthy.roles.blueprint.evidence import Ground, ground_of
from shipworthy.roles.blueprint.narrowing import Narrowing, Region
from shipworthy.roles.blueprint.program import value_of
from shipworthy.roles.blueprint.relaxation import Aim, Relaxation
from shipworthy.tasks.entities import Method
from tests.unit.roles.blueprint.builders import REQUIRED, best_by_trying

NAMES = ("evaluation", "governance")
TASKS = 8
RULE = FirmnessRule(2, 1, 5.0)


@pytest.fixture(autouse=True)
def small_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the search split to the end, as it does with hundreds of tasks."""
    monkeypatch.setattr(narrowing, "FEW", 1)


def uneven_tasks(chance: random.Random) -> Ground:
    """Return tasks whose checks differ in weight, so that their sum says firm where the pooled figure does not."""
    offers = []
    for place in range(TASKS):
        names = chance.sample(NAMES, chance.randint(1, 2))
        checks = tuple(
            OfferedCheck(chance.choice([0.02, 0.1, 0.4]), {name: 1.0})
            for name in names
            for _ in range(chance.randint(2, 9))
        )
        minutes, method = chance.choice([20, 30, 45]), chance.choice(list(Method))
        offers.append(TaskOffer(f"task-{place}", "Task", method, minutes, (), checks, ()))
    return ground_of(offers, dict.fromkeys(NAMES, REQUIRED), RULE)


def holds(relaxation: Relaxation, region: Region, chosen: frozenset[int]) -> bool:
    counts = [sum(place in chosen for place in group) for group in relaxation.groups]
    return all(region.lower[at] <= count <= region.upper[at] for at, count in enumerate(counts))


def reaching(ground: Ground, firm: int, most: int) -> list[frozenset[int]]:
    sets = [frozenset(entry) for size in range(1, TASKS + 1) for entry in combinations(range(TASKS), size)]
    values = [(entry, value_of(ground, entry)) for entry in sets]
    return [entry for entry, value in values if value.firm >= firm and value.minutes <= most]


@given(st.randoms(use_true_random=False), st.integers(0, 2), st.integers(40, 200))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_set_that_reaches_the_aim_is_in_a_region(chance: random.Random, firm: int, most: int) -> None:
    ground = uneven_tasks(chance)
    relaxation = Relaxation(ground, ())
    relaxation.aim_at(Aim(1, firm, 4))
    regions = list(Narrowing(relaxation, most).regions())
    for entry in reaching(ground, firm, most):
        assert any(holds(relaxation, region, entry) for region in regions)


@given(st.randoms(use_true_random=False), st.integers(0, 2))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sets_as_short_as_the_one_known_are_put_off_and_not_lost(chance: random.Random, firm: int) -> None:
    ground = uneven_tasks(chance)
    relaxation = Relaxation(ground, ())
    relaxation.aim_at(Aim(1, firm, 4))
    lengths = [value_of(ground, entry).minutes for entry in reaching(ground, firm, 1000)]
    if not lengths:
        return
    search = Narrowing(relaxation, 1000)
    for _ in search.regions():
        search.settle_for(min(lengths), 5)
    regions = list(search.equals())
    for entry in reaching(ground, firm, min(lengths)):
        assert any(holds(relaxation, region, entry) for region in regions)


@given(st.randoms(use_true_random=False), st.one_of(st.none(), st.integers(40, 200)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_splitting_to_the_end_finds_what_trying_every_set_does(chance: random.Random, limit: int | None) -> None:
    ground = uneven_tasks(chance)
    assert best_choice(ground, (), limit) == best_by_trying(ground, frozenset(), limit)
