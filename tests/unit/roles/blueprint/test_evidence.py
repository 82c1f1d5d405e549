import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.measurement.firmness import FIRMNESS
from shipworthy.roles.blueprint.entities import EvidenceKind, OfferedCheck, TaskOffer
from shipworthy.roles.blueprint.evidence import TaskEvidence, evidence_of, pooled_n, standing
from shipworthy.scoring.entities import ScoringPolicy
from shipworthy.scoring.pooling import pool
from shipworthy.tasks.entities import Method
from tests.unit.scoring.builders import record

WEIGHTS = st.lists(st.floats(0.01, 2.0), min_size=1, max_size=6)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=8))
def test_with_equal_weights_the_tasks_own_sum_is_never_above_the_pooled_figure(checks: list[int]) -> None:
    now = standing([TaskEvidence((0.5,) * count, rated=False) for count in checks], FIRMNESS)
    # Each task's own figure is rounded up to a thousandth.
    assert now.worth / 1000 <= now.effective_n + len(checks) / 1000


@given(st.lists(WEIGHTS, min_size=1, max_size=5))
def test_the_blueprint_counts_observations_as_scoring_does(weights: list[list[float]]) -> None:
    records = [
        record(task=f"task-{task}", check=f"c{place}", earned=1.0, weight=weight, competencies={"evaluation": 1.0})
        for task, entries in enumerate(weights)
        for place, weight in enumerate(entries)
    ]
    assert pooled_n(weights, FIRMNESS) == pytest.approx(pool(records, "evaluation", ScoringPolicy()).effective_n)


def test_a_task_may_speak_of_a_competency_only_through_a_persons_rating() -> None:
    checks = (OfferedCheck(2.0, {"evaluation": 0.5, "governance": 0.0}),)
    offer = TaskOffer("a", "A", Method.CODING, 30, (), checks, ({"ai_security": 1.0},))
    assert evidence_of(offer, "evaluation") == TaskEvidence((1.0,), rated=False)
    assert evidence_of(offer, "governance") is None
    rated = evidence_of(offer, "ai_security")
    assert rated is not None
    assert standing([rated], FIRMNESS).kinds == {EvidenceKind.HUMAN}
    assert standing([rated], FIRMNESS).effective_n == 0.0
