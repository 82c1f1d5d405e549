from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.simulator.rollout.conditions import ConditionFault, Version, read_condition

KNOWN = ("error_rate", "p95_ms", "bad_rate")
FIGURES = {
    (Version.CANDIDATE, "error_rate"): 0.03,
    (Version.STABLE, "error_rate"): 0.02,
    (Version.CANDIDATE, "p95_ms"): 300.0,
    (Version.STABLE, "p95_ms"): 200.0,
}


def told(text: str) -> bool | None:
    return read_condition(text, KNOWN).holds(lambda version, metric: FIGURES.get((version, metric)))


@pytest.mark.parametrize(
    "text",
    [
        "error_rate <= 3%",
        "error_rate > 1.2 * stable",
        "p95_ms >= stable + 100",
        "error_rate > stable and p95_ms > 1.4 * stable",
        "candidate.error_rate - stable.error_rate > 0.5%",
        "not error_rate < 2% or p95_ms < 1",
        "max(error_rate, 5%) >= min(5%, 1)",
        "(error_rate + 1) * 2 > 2 and -error_rate < 0",
        "p95_ms - 100 - 100 < 101 and p95_ms / 10 / 10 < 4",
    ],
)
def test_what_a_condition_says_holds(text: str) -> None:
    assert told(text) is True
    assert told(f"not ({text})") is False


@pytest.mark.parametrize(
    "text",
    [
        "bad_rate > 1%",
        "error_rate / (stable - 2%) > 0",
        "error_rate > 1% and bad_rate > 1%",
        "error_rate > 9% or bad_rate > 1%",
        "not bad_rate < 1%",
    ],
)
def test_what_rests_on_an_unknown_value_or_on_dividing_by_zero_is_unknown(text: str) -> None:
    assert told(text) is None


def test_a_side_that_decides_decides_whatever_the_other_is() -> None:
    assert told("error_rate > 1% or bad_rate > 1%") is True
    assert told("error_rate > 9% and bad_rate > 1%") is False


@pytest.mark.parametrize(
    ("text", "fault", "remedy"),
    [
        ("eror_rate > 2%", "no metric `eror_rate`", "`error_rate`"),
        ("error_rate == 2%", "`=`", "<="),
        ("error_rate && p95_ms > 1", "`&`", "`and`"),
        ("error_rate", "not a number", "error_rate > 2%"),
        ("(error_rate > 1) + 1 > 2", "not a comparison", "and"),
        ("1 < error_rate < 2", "in a row", "`and`"),
        ("1 < 2", "names no metric", "error_rate"),
        ("error_rate >", "ends too early", "error_rate > 2%"),
        ("max(error_rate) > 1", "`,` is missing", "parenthesis"),
        ("max(error_rate, p95_ms) > stable", "not clear which", "stable.error_rate"),
        ("stable.stable > 1", "no metric", "Known"),
        ("__import__('os').system('x') > error_rate", "not understood", "Write"),
        ("error_rate.__class__ > 1", "no metric", "Known"),
        ("(" * 30 + "error_rate", "nested deeper", "simpler"),
        ("error_rate > " + "1+" * 200 + "1", "characters", "Split"),
    ],
)
def test_what_is_no_condition_is_refused_with_what_to_write(text: str, fault: str, remedy: str) -> None:
    with pytest.raises(ConditionFault) as caught:
        read_condition(text, KNOWN)
    assert fault in caught.value.fault
    assert remedy in caught.value.remedy


def test_a_condition_says_which_figures_it_needs() -> None:
    condition = read_condition("p95_ms > 1.2 * stable or bad_rate > 5%", KNOWN)
    assert condition.compares
    assert condition.metrics == {
        (Version.CANDIDATE, "p95_ms"),
        (Version.STABLE, "p95_ms"),
        (Version.CANDIDATE, "bad_rate"),
    }


@given(st.text(alphabet="error_ratep95ms stable.<>=+-*/()%,0123456789andornot", max_size=60))
def test_any_text_is_a_condition_or_a_fault(text: str) -> None:
    with suppress(ConditionFault):
        condition = read_condition(text, KNOWN)
        assert condition.holds(lambda *_: 0.5) in {True, False, None}
        assert condition.holds(lambda *_: None) in {True, False, None}
