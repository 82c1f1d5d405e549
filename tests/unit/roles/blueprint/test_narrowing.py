import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.roles.blueprint.evidence import ground_of
from shipworthy.roles.blueprint.narrowing import Narrowing, Region
from shipworthy.roles.blueprint.program import value_of
from shipworthy.roles.blueprint.relaxation import Aim, Relaxation
from shipworthy.tasks.entities import Method
from tests.unit.roles.blueprint.builders import REQUIRED, offer

NAMES = ("evaluation", "governance")


def holds(relaxation: Relaxation, region: Region, chosen: frozenset[int]) -> bool:
    counts = [sum(place in chosen for place in group) for group in relaxation.groups]
    return all(region.lower[at] <= count <= region.upper[at] for at, count in enumerate(counts))


@given(st.randoms(use_true_random=False), st.integers(0, 2), st.integers(40, 200))
@settings(max_examples=40, deadline=None)
def test_every_set_that_reaches_the_aim_is_in_a_region(chance: random.Random, firm: int, most: int) -> None:
    offers = [
        offer(
            f"task-{place}",
            *chance.sample(NAMES, chance.randint(1, 2)),
            minutes=chance.choice([20, 30, 45]),
            method=chance.choice(list(Method)),
        )
        for place in range(8)
    ]
    ground = ground_of(offers, dict.fromkeys(NAMES, REQUIRED), FirmnessRule(2, 1, 5.0))
    relaxation = Relaxation(ground, ())
    relaxation.aim_at(Aim(1, firm, 4))
    regions = list(Narrowing(relaxation, most).regions())
    for size in range(1, 9):
        for entry in combinations(range(8), size):
            value = value_of(ground, entry)
            if value.firm >= firm and value.minutes <= most:
                assert any(holds(relaxation, region, frozenset(entry)) for region in regions)
