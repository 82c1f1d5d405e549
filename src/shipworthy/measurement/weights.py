"""Weighted scores, and how many independent observations the weights and the clusters are worth."""

from collections.abc import Sequence
from math import fsum, isfinite

from shipworthy.measurement.errors import NotEnoughFiguresError, OutOfRangeError

DEFAULT_RHO = 0.15
"""Correlation between two checks on one task, until it is estimated from real submissions (plausible: 0.05 to 0.40)."""


def weighted_score(earned: Sequence[float], weights: Sequence[float]) -> float:
    """Return sum(w x) / sum(w), a mean in [0, 1], for scores x in [0, 1] and weights w > 0.

    Raises `NotEnoughFiguresError` for no score at all: missing is not zero.
    """
    _require_same_length(earned, weights)
    for value in earned:
        if not 0.0 <= value <= 1.0:
            raise OutOfRangeError("A score", value, "a score from 0 to 1")
    total = _total_weight(weights)
    score = fsum(weight * value for weight, value in zip(weights, earned, strict=True)) / total
    return min(1.0, max(0.0, score))


def kish_n(weights: Sequence[float], worth: Sequence[float] | None = None) -> float:
    """Return Kish's effective sample size (sum w)^2 / sum(w^2): how many equally weighted observations these equal.

    `worth` says that an observation stands for several (ratings by k raters, see `effective_ratings`); its weight is
    then spread over that many: (sum w)^2 / sum(w^2 / worth). Source: Kish (1965), Survey Sampling.
    """
    shares = [1.0] * len(weights) if worth is None else list(worth)
    _require_same_length(weights, shares)
    for share in shares:
        if not share >= 1.0:
            raise OutOfRangeError("The worth of an observation", share, "one or more")
    total = _total_weight(weights)
    # Weights are scaled to sum to one, so that squares of very small or very large ones neither vanish nor overflow.
    return 1.0 / fsum((weight / total) ** 2 / share for weight, share in zip(weights, shares, strict=True))


def design_effect(checks_per_task: float, rho: float = DEFAULT_RHO) -> float:
    """Return 1 + (m - 1) rho: by how much m checks on one task inflate the variance of a mean.

    `rho` is the correlation of two checks on the same task, from 0 to 1. Source: Kish (1965), cluster sampling.
    """
    if not checks_per_task >= 1.0:
        raise OutOfRangeError("The number of checks per task", checks_per_task, "one or more")
    if not 0.0 <= rho <= 1.0:
        raise OutOfRangeError("The correlation within a task", rho, "a correlation from 0 to 1")
    return 1.0 + (checks_per_task - 1.0) * rho


def effective_n(kish: float, checks_per_task: float, rho: float = DEFAULT_RHO) -> float:
    """Return how many independent observations clustered checks are worth: Kish's n over the design effect."""
    return kish / design_effect(checks_per_task, rho)


def effective_ratings(raters: int, icc: float) -> float:
    """Return k / (1 + (k - 1) ICC): how many independent observations the ratings of k raters are worth.

    `icc` is the intraclass correlation of their errors' shared part, from 0 (independent) to 1 (one opinion k times).
    """
    if raters < 1:
        raise OutOfRangeError("The number of raters", raters, "one or more")
    if not 0.0 <= icc <= 1.0:
        raise OutOfRangeError("The intraclass correlation", icc, "a correlation from 0 to 1")
    return raters / (1.0 + (raters - 1) * icc)


def _total_weight(weights: Sequence[float]) -> float:
    if not weights:
        raise NotEnoughFiguresError("There is no observation to score.", remedy="Leave the score out; it is not zero.")
    for weight in weights:
        if not (weight > 0.0 and isfinite(weight)):
            raise OutOfRangeError("A weight", weight, "a finite weight above 0")
    return fsum(weights)


def _require_same_length(left: Sequence[float], right: Sequence[float]) -> None:
    if len(left) != len(right):
        raise NotEnoughFiguresError(
            f"{len(left)} figures cannot be paired with {len(right)}.", remedy="Give as many of one as of the other."
        )
