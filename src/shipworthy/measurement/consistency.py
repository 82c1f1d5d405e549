"""Decision consistency: would a second, parallel form decide the same, and are decisions right?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from shipworthy.measurement.errors import OutOfRangeError
from shipworthy.measurement.posterior import BetaPosterior

Floats = npt.NDArray[np.float64]

_NO_SPREAD = 1e-9


@dataclass(frozen=True)
class DecisionConsistency:
    """`agreement` p and `kappa` of the decisions of two parallel forms, and `accuracy` against true scores."""

    agreement: float
    kappa: float
    accuracy: float
    pass_rate: float


def decision_consistency(
    true_scores: BetaPosterior, checks: int, cut: int, true_cut: float | None = None
) -> DecisionConsistency:
    """Return how well `checks` binary checks with a pass from `cut` of them decide, for Beta true scores.

    Kappa is 0 where everybody passes or nobody does: such a decision tells nothing that chance does not.
    `true_cut` is the true score from which a pass is right, cut / checks unless given. The sums are exact.
    Sources: Huynh (1976), On the reliability of decisions in domain-referenced testing; Livingston and Lewis (1995).
    """
    if checks < 1:
        raise OutOfRangeError("The number of checks", checks, "one or more")
    if not 0 <= cut <= checks:
        raise OutOfRangeError("The cut", cut, f"a number of checks from 0 to {checks}")
    line = cut / checks if true_cut is None else true_cut
    first = _one_form(true_scores, checks)
    pass_rate = float(first[cut:].sum())
    both_pass = float(_two_forms(true_scores, checks)[cut:, cut:].sum())
    spread = pass_rate * (1.0 - pass_rate)
    return DecisionConsistency(
        agreement=1.0 - 2.0 * (pass_rate - both_pass),
        kappa=(both_pass - pass_rate**2) / spread if spread > _NO_SPREAD else 0.0,
        accuracy=_accuracy(true_scores, first, cut, line),
        pass_rate=pass_rate,
    )


def _log_choose(total: int) -> Floats:
    counts = np.arange(total + 1, dtype=np.float64)
    logs: Floats = -special.betaln(counts + 1.0, total - counts + 1.0) - np.log(total + 1.0)
    return logs


def _one_form(true_scores: BetaPosterior, checks: int) -> Floats:
    passed = np.arange(checks + 1, dtype=np.float64)
    alpha, beta = true_scores.alpha, true_scores.beta
    logs = _log_choose(checks) + special.betaln(alpha + passed, beta + checks - passed) - special.betaln(alpha, beta)
    probabilities: Floats = np.exp(logs)
    return probabilities


def _two_forms(true_scores: BetaPosterior, checks: int) -> Floats:
    passed = np.arange(checks + 1, dtype=np.float64)
    alpha, beta = true_scores.alpha, true_scores.beta
    together = np.add.outer(passed, passed)
    logs = np.add.outer(_log_choose(checks), _log_choose(checks))
    logs += special.betaln(alpha + together, beta + 2 * checks - together) - special.betaln(alpha, beta)
    probabilities: Floats = np.exp(logs)
    return probabilities


def _accuracy(true_scores: BetaPosterior, first: Floats, cut: int, line: float) -> float:
    passed = np.arange(len(first), dtype=np.float64)
    able = special.betaincc(true_scores.alpha + passed, true_scores.beta + len(first) - 1 - passed, line)
    right = np.where(passed >= cut, able, 1.0 - able)
    return float((first * right).sum())
