"""Joint posterior draws of several competencies that share tasks and checks."""

from collections.abc import Mapping, Sequence
from math import fsum

import numpy as np
import numpy.typing as npt
from scipy import special

from shipworthy.scoring.pooling import Observation, ObservationKey, PooledEvidence

Floats = npt.NDArray[np.float64]


def shared_covariance(pooled: Sequence[PooledEvidence], rho: float) -> Floats:
    """Return the covariance matrix of the competencies' scores, in units of one observation's variance.

    Two looks at the same behaviour correlate fully, two on the same task with `rho`, all others not at all. Rows of
    competencies without evidence are 0.
    """
    shares = [_shares(entry) for entry in pooled]
    matrix = np.zeros((len(pooled), len(pooled)))
    for row, mine in enumerate(shares):
        for column, theirs in enumerate(shares[: row + 1]):
            matrix[row, column] = matrix[column, row] = _covariance(mine, theirs, rho)
    return matrix


def draw_levels(
    pooled: Sequence[PooledEvidence], prior_strengths: Sequence[float], rho: float, draws: Floats
) -> Floats:
    """Return draws[k, c] of the true levels: Beta margins joined by a Gaussian copula.

    `draws` are standard normal numbers of shape (k, number of competencies). The copula's correlations are those of
    the scores, from the checks and tasks that the competencies share.
    """
    joined = draws @ _symmetric_root(_correlations(shared_covariance(pooled, rho)))
    uniform = np.clip(special.ndtr(joined), 1e-12, 1.0 - 1e-12)
    levels = np.empty_like(uniform)
    for column, (entry, strength) in enumerate(zip(pooled, prior_strengths, strict=True)):
        posterior = entry.posterior(strength)
        levels[:, column] = special.betaincinv(posterior.alpha, posterior.beta, uniform[:, column])
    return levels


def index_effective_n(pooled: Sequence[PooledEvidence], weights: Sequence[float], rho: float) -> float:
    """Return how many independent observations an index is worth: 1 over its variance in units of one observation."""
    shares = np.asarray(weights) / sum(weights)
    variance = float(shares @ shared_covariance(pooled, rho) @ shares)
    return 1.0 / variance if variance > 0.0 else 0.0


def _shares(pooled: PooledEvidence) -> Mapping[ObservationKey, tuple[float, Observation]]:
    total = fsum(observation.weight for observation in pooled.observations)
    return {observation.key: (observation.weight / total, observation) for observation in pooled.observations}


def _covariance(
    mine: Mapping[ObservationKey, tuple[float, Observation]],
    theirs: Mapping[ObservationKey, tuple[float, Observation]],
    rho: float,
) -> float:
    own = fsum(share * theirs[key][0] / seen.worth for key, (share, seen) in mine.items() if key in theirs)
    left, right = _by_cluster(mine), _by_cluster(theirs)
    shared = fsum(weight * right[cluster] for cluster, weight in left.items() if cluster in right)
    return (1.0 - rho) * own + rho * shared


def _by_cluster(shares: Mapping[ObservationKey, tuple[float, Observation]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for share, seen in shares.values():
        sums[seen.cluster] = sums.get(seen.cluster, 0.0) + share
    return sums


def _correlations(covariance: Floats) -> Floats:
    deviations = np.sqrt(np.diag(covariance))
    # Without evidence a competency varies on its own, with its prior.
    alone = deviations == 0.0
    deviations[alone] = 1.0
    correlations: Floats = covariance / np.outer(deviations, deviations)
    correlations[alone, alone] = 1.0
    return correlations


def _symmetric_root(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    root: Floats = (vectors * np.sqrt(np.clip(values, 0.0, None))) @ vectors.T
    return root
