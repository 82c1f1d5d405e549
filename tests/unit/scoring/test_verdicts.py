import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.scoring.entities import CandidateTask, ScoringPolicy, Source, Validity, Verdict
from shipworthy.scoring.pooling import PooledEvidence, pool
from shipworthy.scoring.verdicts import decide, explain, gate_faults, kinds_needed, percent
from tests.unit.scoring.builders import form, record

POLICY = ScoringPolicy()


def pooled_form(tasks: int, checks: int) -> PooledEvidence:
    return pool(form(tasks, checks, 1.0), "evaluation", POLICY)


def test_two_tasks_never_justify_a_firm_word() -> None:
    faults = gate_faults(pooled_form(2, 40), 1, POLICY)
    assert "2 independent tasks so far; a firm word needs 3." in faults


def test_three_tasks_with_enough_checks_open_the_gate() -> None:
    assert gate_faults(pooled_form(3, 8), 1, POLICY) == []


def test_few_observations_keep_it_closed() -> None:
    faults = gate_faults(pooled_form(3, 2), 1, POLICY)
    assert faults == ["The checks are worth 5.2 independent observations; a firm word needs 8."]


def test_an_open_flag_keeps_it_closed() -> None:
    records = [*form(3, 8, 1.0), record("task-0", "odd", validity=Validity.QUESTIONED)]
    faults = gate_faults(pool(records, "evaluation", POLICY), 1, POLICY)
    assert faults == ["1 observation under an open validity flag; a person must look first."]


def test_a_second_kind_is_needed_only_where_it_can_be_had() -> None:
    pooled = pooled_form(3, 8)
    executed = CandidateTask("x", "X", 30, {"evaluation": 1.0})
    reviewed = CandidateTask("y", "Y", 30, {"evaluation": 1.0}, kinds=frozenset(Source))
    elsewhere = CandidateTask("z", "Z", 30, {"governance": 1.0}, kinds=frozenset(Source))
    assert kinds_needed(pooled, "evaluation", [executed, elsewhere], POLICY) == 1
    assert kinds_needed(pooled, "evaluation", [executed, reviewed], POLICY) == 2
    assert gate_faults(pooled, 2, POLICY) == [
        "Only one kind of evidence (executed checks); a second kind is available and needed."
    ]


def test_nothing_seen_is_said_to_be_no_zero() -> None:
    faults = gate_faults(pool([], "evaluation", POLICY), 0, POLICY)
    assert faults == ["Nothing was observed for this competency yet. That is not a zero."]


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (0.90, Verdict.DEMONSTRATED),
        (0.899, Verdict.INSUFFICIENT_EVIDENCE),
        (0.101, Verdict.INSUFFICIENT_EVIDENCE),
        (0.10, Verdict.NOT_YET),
    ],
)
def test_words_follow_the_thresholds(probability: float, verdict: Verdict) -> None:
    assert decide(probability, [], POLICY) is verdict


@given(st.floats(0.0, 1.0))
def test_a_closed_gate_never_lets_a_firm_word_through(probability: float) -> None:
    assert decide(probability, ["reason"], POLICY) is Verdict.INSUFFICIENT_EVIDENCE


def test_reasons_mention_what_went_missing() -> None:
    records = [*form(3, 8, 1.0), record("task-0", "broken", earned=None)]
    reasons = explain(pool(records, "evaluation", POLICY), 0.95, 0.70, [], POLICY)
    assert reasons == (
        "The chance that the true level is 70 or above is 95 %; 90 % is asked for.",
        "1 check could not run through a fault of ours: missing, not zero.",
    )


def test_percents_never_claim_certainty() -> None:
    assert percent(1.0) == "over 99 %"
    assert percent(0.0) == "under 1 %"
    assert percent(0.905) == "90 %"
