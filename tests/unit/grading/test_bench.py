import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.grading.bench import Bench, ramp
from shipworthy.grading.entities import Observation
from shipworthy.grading.errors import BadAnswer, JudgeFaultError
from shipworthy.sandbox.entities import Limits
from shipworthy.tasks.entities import Variant
from tests.support.exchanges import RUNTIME, ScriptedExchange


def bench_for(check_ids: Sequence[str]) -> tuple[Bench, list[Observation]]:
    seen: list[Observation] = []
    bench = Bench(
        variant=Variant(),
        submission={"solve.py": b"print()"},
        exchange=ScriptedExchange([]),
        runtime=RUNTIME,
        limits=Limits(),
        check_ids=check_ids,
        report=seen.append,
    )
    return bench, seen


def test_scores_are_clipped_and_evidence_is_rounded() -> None:
    bench, seen = bench_for(["a", "b"])
    bench.observe("a", 1.7, "more than all", {"auc": 0.123456789, "parts": [0.1111111111]})
    bench.observe("b", False, "no")
    assert [one.score for one in seen] == [1.0, 0.0]
    assert seen[0].evidence == {"auc": 0.123457, "parts": [0.111111]}
    assert bench.unobserved == ()


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf])
def test_a_score_that_is_no_number_is_the_judges_fault(score: float) -> None:
    bench, _ = bench_for(["a"])
    with pytest.raises(JudgeFaultError, match="no finite number"):
        bench.observe("a", score, "")


def test_undeclared_and_repeated_checks_are_the_judges_fault() -> None:
    bench, _ = bench_for(["a"])
    bench.observe("a", 1, "")
    with pytest.raises(JudgeFaultError, match="twice"):
        bench.observe("a", 1, "")
    with pytest.raises(JudgeFaultError, match="not declared"):
        bench.observe("z", 1, "")
    with pytest.raises(JudgeFaultError, match="z"), bench.guard("z"):
        pass


def test_evidence_that_json_cannot_say_is_the_judges_fault() -> None:
    bench, _ = bench_for(["a"])
    with pytest.raises(ValueError, match="JSON"):
        bench.observe("a", 1, "", {"auc": math.nan})


def test_a_bad_answer_fails_only_the_guarded_checks_that_are_still_open() -> None:
    bench, seen = bench_for(["a", "b", "c"])
    with bench.guard("a", "b"):
        bench.observe("a", 1.0, "fine")
        misanswer()
    assert [(one.check_id, one.score, one.message) for one in seen] == [
        ("a", 1.0, "fine"),
        ("b", 0.0, "`out.csv` was not written."),
    ]
    bench.fail_rest("it ended")
    assert seen[-1].check_id == "c"


def misanswer() -> None:
    raise BadAnswer("`out.csv` was not written.")


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(-10, 10))
def test_a_ramp_runs_from_zero_to_one(value: float, zero: float, full: float) -> None:
    if zero == full:
        return
    share = ramp(value, zero, full)
    assert 0.0 <= share <= 1.0
    assert ramp(zero, zero, full) == 0.0
    assert ramp(full, zero, full) == 1.0


def test_a_ramp_counts_no_number_as_nothing() -> None:
    assert ramp(math.nan, 0, 1) == 0.0
    assert ramp(math.inf, 0, 1) == 0.0
    with pytest.raises(JudgeFaultError):
        ramp(1, 2, 2)
