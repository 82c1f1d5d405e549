import pytest

from shipworthy.measurement.errors import OutOfRangeError
from shipworthy.measurement.firmness import FIRMNESS, FirmnessRule
from shipworthy.measurement.weights import effective_n, kish_n
from shipworthy.scoring.entities import ScoringPolicy


def test_planning_and_scoring_start_from_the_same_rule() -> None:
    policy = ScoringPolicy()
    assert FirmnessRule(policy.min_tasks, policy.min_kinds, policy.min_effective_n, policy.rho) == FIRMNESS


def test_two_tasks_of_many_checks_are_not_enough_and_three_ordinary_ones_are() -> None:
    assert FIRMNESS.min_tasks > 2
    assert effective_n(kish_n([1.0] * 24), 8, FIRMNESS.rho) >= FIRMNESS.min_effective_n


@pytest.mark.parametrize(
    "wrong",
    [{"min_tasks": 0}, {"min_kinds": 0}, {"min_effective_n": 0.0}, {"min_effective_n": float("nan")}, {"rho": 1.5}],
)
def test_a_rule_that_asks_for_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(OutOfRangeError):
        FirmnessRule(**wrong)  # type: ignore[arg-type]
