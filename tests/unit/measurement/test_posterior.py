import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.measurement.errors import OutOfRangeError
from shipworthy.measurement.posterior import BetaPosterior, beta_posterior, threshold_from_losses

SCORES = st.floats(0.0, 1.0)
OBSERVATIONS = st.floats(0.0, 500.0)


def test_without_evidence_anything_is_possible() -> None:
    posterior = beta_posterior(None, 0.0)
    assert posterior.interval(0.90).low == pytest.approx(0.05)
    assert posterior.interval(0.90).high == pytest.approx(0.95)
    assert posterior.probability_at_least(0.70) == pytest.approx(0.30)


def test_known_posterior() -> None:
    posterior = beta_posterior(0.75, 12.0)
    assert posterior == BetaPosterior(10.0, 4.0)
    assert posterior.mean == pytest.approx(10 / 14)
    assert posterior.variance == pytest.approx(10 * 4 / (196 * 15))


@given(SCORES, OBSERVATIONS, st.floats(0.01, 0.99))
def test_an_interval_holds_the_stated_probability(score: float, observations: float, level: float) -> None:
    posterior = beta_posterior(score, observations)
    interval = posterior.interval(level)
    assert 0.0 <= interval.low < interval.high <= 1.0
    held = posterior.probability_at_least(interval.low) - posterior.probability_at_least(interval.high)
    assert held == pytest.approx(level, abs=1e-6)


@given(SCORES, OBSERVATIONS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_higher_cut_is_never_easier(score: float, observations: float, one: float, other: float) -> None:
    posterior = beta_posterior(score, observations)
    low, high = sorted((one, other))
    assert posterior.probability_at_least(high) <= posterior.probability_at_least(low) + 1e-12


@given(SCORES, OBSERVATIONS, st.floats(0.0, 100.0))
def test_more_evidence_is_expected_to_narrow_the_posterior(score: float, observations: float, more: float) -> None:
    posterior = beta_posterior(score, observations)
    assert posterior.expected_variance_after(more) <= posterior.variance * (1 + 1e-12)


def test_expected_variance_agrees_with_summing_over_what_may_be_seen() -> None:
    posterior = BetaPosterior(3.0, 2.0)
    after_pass, after_fail = BetaPosterior(4.0, 2.0), BetaPosterior(3.0, 3.0)
    expected = posterior.mean * after_pass.variance + (1 - posterior.mean) * after_fail.variance
    assert posterior.expected_variance_after(1.0) == pytest.approx(expected)


def test_thresholds_follow_from_losses() -> None:
    assert threshold_from_losses(3.0) == pytest.approx(0.75)
    assert threshold_from_losses(9.0) == pytest.approx(0.90)
    assert threshold_from_losses(1.0, 3.0) == pytest.approx(0.25)
    with pytest.raises(OutOfRangeError):
        threshold_from_losses(0.0)


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(OutOfRangeError):
        beta_posterior(1.2, 5.0)
    with pytest.raises(OutOfRangeError):
        beta_posterior(0.5, -1.0)
    with pytest.raises(OutOfRangeError):
        beta_posterior(0.5, 1.0, prior_strength=0.0)
    with pytest.raises(OutOfRangeError):
        BetaPosterior(1.0, 1.0).interval(1.0)
    with pytest.raises(OutOfRangeError):
        BetaPosterior(1.0, 1.0).probability_at_least(float("nan"))
    with pytest.raises(OutOfRangeError):
        BetaPosterior(1.0, 1.0).expected_variance_after(-1.0)
