from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scoring_coverage import simulate
from shipworthy.core.canonical import canonical_bytes
from shipworthy.framework import RequirementLevel, UnknownNameError, load_framework
from shipworthy.scoring.entities import (
    AskedRole,
    CandidateTask,
    CompetencyScore,
    EvidenceRecord,
    RatedCriterion,
    Recommendation,
    Scorecard,
    ScoringPolicy,
    Source,
    Validity,
    Verdict,
)
from shipworthy.scoring.errors import PolicyError
from shipworthy.scoring.plain import scorecard_to_json
from shipworthy.scoring.rules import digest_of_evidence, score_evidence
from tests.unit.scoring.builders import form, record

FRAMEWORK = load_framework()
REQUIRED = tuple(
    name for name, level in FRAMEWORK.requirements_of("classical_ml").items() if level is RequirementLevel.REQUIRED
)


def score_of(card: Scorecard, competency_id: str) -> CompetencyScore:
    return next(score for score in card.competencies if score.competency_id == competency_id)


def everything(passed: Callable[[str], float], tasks: int = 4, checks: int = 4) -> list[EvidenceRecord]:
    return [entry for name in REQUIRED for entry in form(tasks, checks, passed(name), (name,))]


def test_strong_evidence_demonstrates_a_competency() -> None:
    score = score_evidence(form(4, 8, 1.0), FRAMEWORK).competencies[0]
    assert score.verdict is Verdict.DEMONSTRATED
    assert score.score == 1.0
    assert (score.tasks, score.checks, score.kinds) == (4, 32, (Source.EXECUTED,))
    assert score.next_task is None


def test_weak_evidence_says_not_yet() -> None:
    score = score_evidence(form(4, 8, 0.25), FRAMEWORK).competencies[0]
    assert score.verdict is Verdict.NOT_YET
    assert score.interval.high < 0.70


def test_thin_evidence_is_insufficient_and_names_what_would_help() -> None:
    candidates = [
        CandidateTask("task-0", "Taken already", 10, {"evaluation": 1.0}),
        CandidateTask("fresh", "A fresh look", 30, {"evaluation": 1.0}),
    ]
    score = score_evidence(form(2, 8, 1.0), FRAMEWORK, candidates=candidates).competencies[0]
    assert score.verdict is Verdict.INSUFFICIENT_EVIDENCE
    assert score.reasons[0].startswith("2 independent tasks so far")
    assert score.next_task is not None
    assert score.next_task.task_id == "fresh"


@given(st.floats(0.0, 1.0), st.integers(1, 6), st.integers(1, 8))
def test_verdicts_are_firm_only_behind_the_gate(passed: float, tasks: int, checks: int) -> None:
    score = score_evidence(form(tasks, checks, passed), FRAMEWORK).competencies[0]
    if score.verdict is not Verdict.INSUFFICIENT_EVIDENCE:
        assert score.tasks >= 3
        assert score.effective_n >= 8.0
    assert score.interval.low < score.interval.high
    assert score.reasons


def test_a_fault_of_ours_never_costs_the_candidate() -> None:
    without = score_evidence(form(3, 8, 1.0), FRAMEWORK).competencies[0]
    records = [*form(3, 8, 1.0), record("task-0", "crashed", earned=None)]
    with_fault = score_evidence(records, FRAMEWORK).competencies[0]
    assert with_fault.score == without.score
    assert with_fault.interval == without.interval
    assert with_fault.missing == 1


def test_a_task_that_only_failed_through_us_can_be_taken_again() -> None:
    candidates = [CandidateTask("task-a", "Again", 30, {"evaluation": 1.0})]
    score = score_evidence([record(earned=None)], FRAMEWORK, candidates=candidates).competencies[0]
    assert score.score is None
    assert score.next_task is not None


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(random: object) -> None:
    records = everything(lambda name: 0.75)
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = score_evidence(records, FRAMEWORK, context_id="classical_ml")
    other = score_evidence(shuffled, FRAMEWORK, context_id="classical_ml")
    assert canonical_bytes(scorecard_to_json(one)) == canonical_bytes(scorecard_to_json(other))


def test_other_evidence_gives_another_digest() -> None:
    assert digest_of_evidence([record()]) != digest_of_evidence([record(earned=0.0)])


def test_a_role_context_decides_what_is_on_the_card() -> None:
    records = [*form(3, 4, 1.0), *form(3, 4, 1.0, ("rag_vector_db",))]
    card = score_evidence(records, FRAMEWORK, context_id="classical_ml")
    names = [score.competency_id for score in card.competencies]
    assert "rag_vector_db" not in names
    assert "fine_tuning_lora" in names
    assert card.notes == ("Not needed for this role and not assessed: RAG and vector databases.",)


def test_all_required_competencies_well_shown_is_recommended() -> None:
    role = score_evidence(everything(lambda name: 1.0), FRAMEWORK, context_id="classical_ml").role
    assert role is not None
    assert role.recommendation is Recommendation.RECOMMENDED
    assert role.index == pytest.approx(1.0)
    assert role.probability > 0.99
    assert "named person decides" in role.decides


def test_one_weak_spot_does_not_sink_a_strong_candidate() -> None:
    card = score_evidence(
        everything(lambda name: 0.25 if name == "api_development" else 1.0), FRAMEWORK, context_id="classical_ml"
    )
    assert score_of(card, "api_development").verdict is Verdict.NOT_YET
    assert card.role is not None
    assert card.role.recommendation is Recommendation.RECOMMENDED


def test_a_critical_minimum_that_is_demonstrably_missed_does() -> None:
    card = score_evidence(
        everything(lambda name: 0.0 if name == "ai_security" else 1.0), FRAMEWORK, context_id="classical_ml"
    )
    assert card.role is not None
    assert card.role.recommendation is Recommendation.NOT_RECOMMENDED
    assert card.role.reasons[0] == "AI security is demonstrably below its minimum."
    assert [minimum.demonstrably_below for minimum in card.role.minima] == [True, False]


def test_many_small_signs_together_can_be_firm_and_the_card_says_so() -> None:
    records = [entry for name in REQUIRED for entry in form(3, 2, 1.0, (name,))]
    card = score_evidence(records, FRAMEWORK, context_id="classical_ml")
    assert card.role is not None
    assert card.role.recommendation is Recommendation.RECOMMENDED
    assert "none of them is demonstrated by itself yet" in card.role.reasons[1]


def test_a_role_needs_a_second_kind_of_evidence_where_one_is_offered() -> None:
    reviewed = CandidateTask("reviewed", "Reviewed", 30, {"governance": 1.0}, kinds=frozenset(Source))
    role = score_evidence(
        everything(lambda name: 1.0), FRAMEWORK, context_id="classical_ml", candidates=[reviewed]
    ).role
    assert role is not None
    assert role.recommendation is Recommendation.INSUFFICIENT_EVIDENCE
    assert role.reasons[0].startswith("Only one kind of evidence")


def test_preferred_competencies_inform_and_never_sink() -> None:
    strong = everything(lambda name: 1.0)
    card = score_evidence([*strong, *form(4, 8, 0.0, ("fine_tuning_lora",))], FRAMEWORK, context_id="classical_ml")
    assert score_of(card, "fine_tuning_lora").verdict is Verdict.NOT_YET
    assert card.role is not None
    assert card.role.recommendation is Recommendation.RECOMMENDED


def test_an_unassessed_required_competency_is_insufficient_and_never_a_silent_fail() -> None:
    records = [entry for entry in everything(lambda name: 1.0) if "governance" not in entry.competencies]
    candidates = [
        CandidateTask("more-of-the-same", "More", 30, {"evaluation": 1.0}),
        CandidateTask("audit-trail", "Audit trail", 30, {"governance": 1.0}),
    ]
    role = score_evidence(records, FRAMEWORK, context_id="classical_ml", candidates=candidates).role
    assert role is not None
    assert role.recommendation is Recommendation.INSUFFICIENT_EVIDENCE
    assert role.uncovered == ("Governance",)
    assert role.index is None
    assert role.next_task is not None
    assert role.next_task.task_id == "audit-trail"


def test_a_weak_form_is_not_recommended() -> None:
    role = score_evidence(everything(lambda name: 0.25), FRAMEWORK, context_id="classical_ml").role
    assert role is not None
    assert role.recommendation is Recommendation.NOT_RECOMMENDED
    assert role.probability < 0.01


def test_no_evidence_at_all_is_a_card_without_numbers() -> None:
    card = score_evidence([], FRAMEWORK, context_id="research")
    assert {score.score for score in card.competencies} == {None}
    assert {score.verdict for score in card.competencies} == {Verdict.INSUFFICIENT_EVIDENCE}
    assert card.role is not None
    assert card.role.recommendation is Recommendation.INSUFFICIENT_EVIDENCE


def test_an_open_flag_stops_the_recommendation() -> None:
    records = everything(lambda name: 1.0)
    flagged = record("task-0", "odd", competencies={"evaluation": 1.0}, validity=Validity.QUESTIONED)
    role = score_evidence([*records, flagged], FRAMEWORK, context_id="classical_ml").role
    assert role is not None
    assert role.recommendation is Recommendation.INSUFFICIENT_EVIDENCE


def test_notes_say_what_was_left_out() -> None:
    records = [
        record(),
        record(check="voided", validity=Validity.INVALID),
        record(check="rubric", source=Source.HUMAN, rater="ann"),
    ]
    card = score_evidence(records, FRAMEWORK, rating_agreement={"task-a": 0.5})
    assert card.notes[0] == "1 record found invalid by a person and left out."
    assert card.notes[1].startswith("Agreement of the reviewers on task-a: Krippendorff's alpha 0.50, below 0.667")
    assert card.competencies[0].kinds == (Source.EXECUTED,)


def test_evidence_of_a_live_model_is_told_to_be_not_replayable_and_scores_the_same() -> None:
    live = score_evidence([record(), record("task-b", live_models=("reader-1",))], FRAMEWORK)
    plain = score_evidence([record(), record("task-b")], FRAMEWORK)
    assert live.not_replayable == ("task-b",)
    assert live.notes[0].startswith("Not replayable: task-b was graded with a live model (reader-1).")
    assert plain.not_replayable == plain.notes == ()
    assert live.evidence_digest != plain.evidence_digest
    assert live.competencies == plain.competencies


@pytest.mark.parametrize(
    "policy",
    [
        ScoringPolicy(cut=1.0),
        ScoringPolicy(tau_pass=0.1, tau_fail=0.2),
        ScoringPolicy(critical=("ai_security", "governance", "evaluation", "api_development")),
        ScoringPolicy(cuts={"juggling": 0.5}),
        ScoringPolicy(index_weights={"evaluation": 0.0}),
        ScoringPolicy(draws=10),
    ],
)
def test_contradictory_policies_are_refused(policy: ScoringPolicy) -> None:
    with pytest.raises(PolicyError):
        score_evidence([record()], FRAMEWORK, policy=policy)


def test_the_needs_of_a_role_decide_what_is_on_the_card() -> None:
    needs = {"evaluation": RequirementLevel.REQUIRED, "governance": RequirementLevel.PREFERRED}
    role = AskedRole("profile:abc", "Evaluator of assistants", needs)
    card = score_evidence(everything(lambda _: 1.0), FRAMEWORK, role=role)
    assert [(one.competency_id, one.requirement) for one in card.competencies] == list(needs.items())
    assert card.role is not None
    assert (card.role.context_id, card.role.title) == ("profile:abc", "Evaluator of assistants")
    assert card.role.recommendation is Recommendation.RECOMMENDED
    assert any("Not needed for this role and not assessed" in note for note in card.notes)


def test_a_role_like_its_context_is_scored_like_its_context() -> None:
    records = everything(lambda _: 0.8)
    needs = FRAMEWORK.requirements_of("classical_ml")
    own = score_evidence(records, FRAMEWORK, role=AskedRole("x", "X", needs))
    context = score_evidence(records, FRAMEWORK, context_id="classical_ml")
    assert own.competencies == context.competencies
    assert own.role is not None
    assert context.role is not None
    assert (own.role.index, own.role.interval) == (context.role.index, context.role.interval)


def test_a_role_that_requires_nothing_gets_no_recommendation() -> None:
    role = AskedRole("x", "X", {"evaluation": RequirementLevel.PREFERRED})
    card = score_evidence(form(2, 4, 1.0), FRAMEWORK, role=role)
    assert card.role is None
    assert "The role requires no competency, so there is no recommendation." in card.notes


def test_a_role_with_an_unknown_need_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        score_evidence([], FRAMEWORK, role=AskedRole("x", "X", {"charm": RequirementLevel.REQUIRED}))


def test_an_unknown_role_context_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        score_evidence([record()], FRAMEWORK, context_id="robotics")


@pytest.mark.parametrize(("tasks", "checks"), [(2, 8), (3, 8), (4, 8), (6, 6), (10, 4)])
def test_simulated_intervals_and_firm_words_keep_the_bars(tasks: int, checks: int) -> None:
    outcome = simulate("near the cut", tasks, checks, people=400, seed=11)
    assert outcome.kept, outcome
    assert outcome.coverage_if_independent < outcome.coverage


def test_what_people_rate_awaits_review_and_counts_nothing() -> None:
    criterion = RatedCriterion("task-a", "rubric", "Risks are named", {"evaluation": 1.0})
    records = form(3, 8, 0.75, ("evaluation",))
    plain = score_evidence(records, FRAMEWORK).competencies[0]
    card = score_evidence(records, FRAMEWORK, criteria=[criterion])
    score = card.competencies[0]
    assert card.awaiting == (criterion,)
    assert (score.score, score.interval, score.effective_n) == (plain.score, plain.interval, plain.effective_n)
    assert score.awaiting == 1
    assert score.reasons[-1] == "1 criterion awaits review by a person and counts nothing until then."


def test_a_rated_criterion_awaits_nothing() -> None:
    criterion = RatedCriterion("task-a", "rubric", "Risks are named", {"evaluation": 1.0})
    rating = record(task="task-a", check="rubric", source=Source.HUMAN, rater="ann")
    assert score_evidence([record(task="task-a"), rating], FRAMEWORK, criteria=[criterion]).awaiting == ()
