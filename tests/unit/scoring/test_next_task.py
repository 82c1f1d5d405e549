import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.measurement.posterior import BetaPosterior
from shipworthy.scoring.entities import CandidateTask, ScoringPolicy, Source
from shipworthy.scoring.next_task import most_informative, observations_from

POLICY = ScoringPolicy()
POSTERIORS = {"evaluation": BetaPosterior(6.0, 3.0)}
WEIGHTS = {"evaluation": 1.0}


def task(name: str, minutes: float, *, checks: int = 8, loading: float = 1.0, human: bool = False) -> CandidateTask:
    competencies = {"evaluation": loading, "governance": 1.0 - loading}
    kinds = frozenset({Source.HUMAN, Source.EXECUTED} if human else {Source.EXECUTED})
    return CandidateTask(name, name.title(), minutes, competencies, checks, kinds)


def test_observations_follow_loading_and_clustering() -> None:
    assert observations_from(task("t", 30), "evaluation", POLICY) == pytest.approx(8 / 2.05)
    assert observations_from(task("t", 30, loading=0.5), "evaluation", POLICY) == pytest.approx(4 / 1.45)
    assert observations_from(task("t", 30), "ai_security", POLICY) == 0.0


def test_the_most_informative_minute_wins() -> None:
    chosen = most_informative(POSTERIORS, WEIGHTS, [task("long", 60), task("short", 30)], POLICY)
    assert chosen is not None
    assert chosen.task_id == "short"
    assert chosen.gain == pytest.approx((8 / 2.05) / (9 + 8 / 2.05))
    assert "30 minutes" in chosen.reason


def test_a_lacking_kind_of_evidence_comes_first() -> None:
    chosen = most_informative(
        POSTERIORS, WEIGHTS, [task("short", 20), task("rated", 60, human=True)], POLICY, Source.HUMAN
    )
    assert chosen is not None
    assert chosen.task_id == "rated"


def test_a_task_that_says_nothing_is_not_offered() -> None:
    assert most_informative(POSTERIORS, WEIGHTS, [task("other", 20, loading=0.0)], POLICY) is None
    assert most_informative(POSTERIORS, WEIGHTS, [], POLICY) is None


@given(st.permutations([task("a", 30), task("b", 30), task("c", 30)]))
def test_equal_tasks_are_chosen_in_a_fixed_order(tasks: list[CandidateTask]) -> None:
    chosen = most_informative(POSTERIORS, WEIGHTS, tasks, POLICY)
    assert chosen is not None
    assert chosen.task_id == "a"


@given(st.integers(1, 40), st.floats(0.01, 1.0))
def test_a_task_removes_some_but_never_all_uncertainty(checks: int, loading: float) -> None:
    chosen = most_informative(POSTERIORS, WEIGHTS, [task("t", 30, checks=checks, loading=loading)], POLICY)
    assert chosen is not None
    assert 0.0 < chosen.gain < 1.0
