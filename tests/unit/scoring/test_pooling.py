import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.framework import load_framework
from shipworthy.scoring.entities import ScoringPolicy, Source, Validity
from shipworthy.scoring.errors import EvidenceError
from shipworthy.scoring.pooling import pool, require_sound, usable
from tests.unit.scoring.builders import form, record

POLICY = ScoringPolicy()


def test_checks_on_few_tasks_are_worth_less_than_their_number() -> None:
    pooled = pool(form(3, 8, 0.5), "evaluation", POLICY)
    assert pooled.score == pytest.approx(0.5)
    assert pooled.effective_n == pytest.approx(24 / 2.05)
    assert len(pooled.clusters) == 3


@given(st.lists(st.one_of(st.none(), st.floats(0.0, 1.0)), min_size=1, max_size=20))
def test_missing_is_missing_and_never_zero(earned: list[float | None]) -> None:
    pooled = pool([record(check=f"c{place}", earned=value) for place, value in enumerate(earned)], "evaluation", POLICY)
    present = [value for value in earned if value is not None]
    assert pooled.missing == len(earned) - len(present)
    if present:
        assert pooled.score == pytest.approx(sum(present) / len(present))
    else:
        assert pooled.score is None
        assert pooled.effective_n == 0.0


def test_loadings_and_weights_multiply() -> None:
    records = [
        record(check="heavy", earned=1.0, competencies={"evaluation": 0.6, "governance": 0.4}, weight=2.0),
        record(check="light", earned=0.0, competencies={"evaluation": 0.3}, weight=1.0),
    ]
    assert pool(records, "evaluation", POLICY).score == pytest.approx(1.2 / 1.5)
    assert pool(records, "governance", POLICY).score == pytest.approx(1.0)
    assert pool(records, "ai_security", POLICY).score is None


def test_all_attempts_at_a_task_are_pooled_as_one_task() -> None:
    records = form(1, 4, 0.0, attempt="first") + form(1, 4, 1.0, attempt="second")
    pooled = pool(records, "evaluation", POLICY)
    assert pooled.score == pytest.approx(0.5)
    assert len(pooled.clusters) == 1
    assert pooled.effective_n == pytest.approx(8 / (1 + 7 * 0.15))


def test_a_second_rater_counts_for_what_the_icc_allows() -> None:
    ratings = [
        record(source=Source.HUMAN, rater="ann", earned=0.5),
        record(source=Source.HUMAN, rater="bo", earned=1.0),
    ]
    same_opinion = pool(ratings, "evaluation", POLICY)
    assert same_opinion.score == pytest.approx(0.75)
    assert same_opinion.effective_n == pytest.approx(1.0)
    assert pool(ratings, "evaluation", ScoringPolicy(rater_icc=0.5)).effective_n == pytest.approx(4 / 3)


def test_ratings_without_agreement_are_not_used() -> None:
    records = [record(), record(check="rubric", source=Source.HUMAN, rater="ann")]
    assert usable(records, {"task-a": 0.66}) == records[:1]
    assert usable(records, {"task-a": 0.667}) == records
    assert usable(records, {}) == records


def test_records_found_invalid_are_left_out_and_questioned_ones_are_counted() -> None:
    records = [record(validity=Validity.INVALID), record(check="other", validity=Validity.QUESTIONED)]
    kept = usable(records, {})
    assert kept == records[1:]
    assert pool(kept, "evaluation", POLICY).questioned == 1


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (record(competencies={"juggling": 1.0}), "unknown competencies: juggling"),
        (record(competencies={"evaluation": 0.0}), "has evaluation 0.0"),
        (record(weight=float("nan")), "has weight nan"),
        (record(earned=1.5), "earned 1.5"),
        (record(earned=float("nan")), "earned nan"),
    ],
)
def test_faulty_records_are_refused(faulty: object, words: str) -> None:
    with pytest.raises(EvidenceError, match=words):
        require_sound([faulty], load_framework())  # type: ignore[list-item]


def test_the_same_observation_does_not_count_twice() -> None:
    with pytest.raises(EvidenceError, match="is there twice"):
        require_sound([record(), record(earned=0.0)], load_framework())
