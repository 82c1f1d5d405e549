from hypothesis import given
from hypothesis import strategies as st

from shipworthy.grading.entities import CheckRule, Observation, Outcome
from shipworthy.grading.rules import (
    competency_scores,
    measurements_document,
    outcomes_document,
    outcomes_of,
    task_score,
)

RULES = (
    CheckRule("a", "Looks at a.", 3.0, {"evaluation": 1.0}, 0.5),
    CheckRule("b", "Looks at b.", 1.0, {"evaluation": 0.5, "governance": 0.5}, 0.8),
)


def test_a_check_is_passed_from_its_mark_on() -> None:
    outcomes = outcomes_of(RULES, [Observation("a", 0.5, "half"), Observation("b", 0.79, "nearly")])
    assert [outcome.outcome for outcome in outcomes] == [Outcome.PASSED, Outcome.FAILED]


def test_a_check_that_saw_nothing_is_missing_and_never_zero() -> None:
    outcomes = outcomes_of(RULES, [Observation("a", 0.75, "good")])
    assert outcomes[1].outcome is Outcome.GRADER_ERROR
    assert outcomes[1].score is None
    assert task_score(RULES, outcomes) == 0.75


def test_without_any_check_there_is_no_score() -> None:
    assert task_score(RULES, outcomes_of(RULES, [])) is None
    assert competency_scores(RULES, outcomes_of(RULES, [])) == {}


def test_competencies_are_weighted_by_weight_and_loading() -> None:
    outcomes = outcomes_of(RULES, [Observation("a", 1.0, ""), Observation("b", 0.0, "")])
    scores = competency_scores(RULES, outcomes)
    assert scores == {"evaluation": 3.0 / 3.5, "governance": 0.0}


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_task_score_lies_between_its_checks(first: float, second: float) -> None:
    score = task_score(RULES, outcomes_of(RULES, [Observation("a", first, ""), Observation("b", second, "")]))
    assert score is not None
    assert min(first, second) - 1e-12 <= score <= max(first, second) + 1e-12


def test_times_are_kept_apart_from_what_is_compared_byte_for_byte() -> None:
    quick = outcomes_of(RULES, [Observation("a", 1.0, "", {"auc": 0.9}, {"milliseconds": 1.0})])
    slow = outcomes_of(RULES, [Observation("a", 1.0, "", {"auc": 0.9}, {"milliseconds": 9.0})])
    assert outcomes_document(quick) == outcomes_document(slow)
    assert measurements_document(quick) != measurements_document(slow)
