import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.measurement.errors import NotEnoughFiguresError, OutOfRangeError
from shipworthy.measurement.weights import design_effect, effective_n, effective_ratings, kish_n, weighted_score

WEIGHTS = st.floats(min_value=1e-6, max_value=1e6)
OBSERVATIONS = st.lists(st.tuples(st.floats(0.0, 1.0), WEIGHTS), min_size=1, max_size=30)


def test_a_weighted_score_is_the_weighted_mean() -> None:
    assert weighted_score([1.0, 0.0], [3.0, 1.0]) == pytest.approx(0.75)


def test_no_observation_is_not_zero() -> None:
    with pytest.raises(NotEnoughFiguresError, match="no observation"):
        weighted_score([], [])


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_weights_must_mean_something(weight: float) -> None:
    with pytest.raises(OutOfRangeError):
        weighted_score([0.5], [weight])


@pytest.mark.parametrize("earned", [-0.1, 1.1, float("nan")])
def test_scores_stay_on_their_scale(earned: float) -> None:
    with pytest.raises(OutOfRangeError):
        weighted_score([earned], [1.0])


def test_every_score_needs_its_weight() -> None:
    with pytest.raises(NotEnoughFiguresError, match="2 figures cannot be paired with 1"):
        weighted_score([0.5, 0.5], [1.0])


@given(OBSERVATIONS)
def test_a_score_lies_between_its_lowest_and_highest_part(observations: list[tuple[float, float]]) -> None:
    earned = [value for value, _ in observations]
    score = weighted_score(earned, [weight for _, weight in observations])
    assert min(earned) - 1e-9 <= score <= max(earned) + 1e-9


@given(OBSERVATIONS, WEIGHTS)
def test_only_relative_weights_matter(observations: list[tuple[float, float]], factor: float) -> None:
    weights = [weight for _, weight in observations]
    scaled = [weight * factor for weight in weights]
    earned = [value for value, _ in observations]
    assert weighted_score(earned, scaled) == pytest.approx(weighted_score(earned, weights))
    assert kish_n(scaled) == pytest.approx(kish_n(weights))


@given(st.lists(WEIGHTS, min_size=1, max_size=30))
def test_kish_counts_at_least_one_and_at_most_all(weights: list[float]) -> None:
    assert 1.0 - 1e-9 <= kish_n(weights) <= len(weights) + 1e-9


def test_equal_weights_count_fully_and_unequal_ones_less() -> None:
    assert kish_n([2.0] * 8) == pytest.approx(8.0)
    assert kish_n([3.0, 1.0]) == pytest.approx(16.0 / 10.0)


def test_an_observation_by_several_raters_counts_for_what_they_are_worth() -> None:
    assert kish_n([1.0, 1.0], [2.0, 2.0]) == pytest.approx(4.0)
    with pytest.raises(OutOfRangeError):
        kish_n([1.0], [0.5])


def test_checks_on_one_task_count_for_less() -> None:
    assert design_effect(8, 0.15) == pytest.approx(2.05)
    assert effective_n(24, 8, 0.15) == pytest.approx(24 / 2.05)
    assert effective_n(24, 1, 0.15) == pytest.approx(24)


@pytest.mark.parametrize(("checks", "rho"), [(0.5, 0.1), (8, -0.1), (8, 1.1)])
def test_a_design_effect_needs_a_possible_design(checks: float, rho: float) -> None:
    with pytest.raises(OutOfRangeError):
        design_effect(checks, rho)


def test_raters_who_share_their_errors_count_as_fewer() -> None:
    assert effective_ratings(2, 0.5) == pytest.approx(4 / 3)
    assert effective_ratings(5, 1.0) == pytest.approx(1.0)
    assert effective_ratings(3, 0.0) == pytest.approx(3.0)
    with pytest.raises(OutOfRangeError):
        effective_ratings(0, 0.5)
    with pytest.raises(OutOfRangeError):
        effective_ratings(2, 1.5)
