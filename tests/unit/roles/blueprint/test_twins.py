from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.roles.blueprint.evidence import ground_of
from shipworthy.roles.blueprint.twins import groups_of_twins
from tests.unit.roles.blueprint.builders import REQUIRED, offer


def test_tasks_with_the_same_minutes_and_evidence_are_one_group_in_the_order_of_their_ids() -> None:
    offers = [offer(f"task-{place}", "evaluation", minutes=20 if place == 2 else 30) for place in range(4)]
    ground = ground_of(offers, {"evaluation": REQUIRED}, FirmnessRule())
    assert groups_of_twins(ground, ()) == ((0, 1, 3), (2,))


def test_a_pinned_task_stands_alone() -> None:
    ground = ground_of(
        [offer(f"task-{place}", "evaluation") for place in range(3)], {"evaluation": REQUIRED}, FirmnessRule()
    )
    assert groups_of_twins(ground, (1,)) == ((0, 2), (1,))
