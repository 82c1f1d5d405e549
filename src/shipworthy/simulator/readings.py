"""Measurements of one version in one step."""

from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from shipworthy.core.canonical import JSONValue

FEWEST_FOR_QUANTILES = 20


class Reading(NamedTuple):
    """Measurements of one version in one step, over all segments or one.

    Counts are of the step. `errors` are requests that failed, timed out or were shed, `late` answers that came later
    than the objective. `proxy` is a mean signal of users that goes down with bad answers (none in shadow), `positive`
    the share of positive predictions. `labelled` counts labels that arrived in this step for earlier answers of the
    version, `labelled_bad` those that say it was bad. Figures are None where there is too little traffic.
    """

    requests: int
    errors: int
    late: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    proxy: float | None
    positive: float | None
    labelled: int
    labelled_bad: int

    @property
    def error_rate(self) -> float | None:
        """Return errors per request."""
        return self.errors / self.requests if self.requests else None

    @property
    def bad_rate(self) -> float | None:
        """Return the share of bad answers among those whose labels arrived."""
        return self.labelled_bad / self.labelled if self.labelled else None

    def to_json(self) -> dict[str, JSONValue]:
        """Return the reading in JSON."""
        return {name: rounded(value) for name, value in zip(self._fields, self, strict=True)}


NOTHING = Reading(0, 0, 0, None, None, None, None, None, 0, 0)


def rounded(value: object) -> JSONValue:
    """Return a figure with six significant digits; counts, names and nothing as they are."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return value if value is None or isinstance(value, int | str) else str(value)


def overall(readings: Sequence[Reading]) -> Reading:
    """Return the readings of all segments as one; figures are means, weighted by requests."""
    columns = list(zip(*readings, strict=True))
    weights = columns[0]
    requests = sum(weights)
    enough = requests >= FEWEST_FOR_QUANTILES
    p50, p95, p99 = (_mean(column, weights) if enough else None for column in columns[3:6])
    proxy, positive = _mean(columns[6], weights), _mean(columns[7], weights)
    errors, late, labelled, bad = (sum(columns[place]) for place in (1, 2, 8, 9))
    return Reading(requests, errors, late, p50, p95, p99, proxy, positive, labelled, bad)


def _mean(values: Sequence[float | None], weights: Sequence[int]) -> float | None:
    if None not in values:
        whole = sum(weights)
        return sum(map(mul, values, weights)) / whole if whole else None
    total, whole = 0.0, 0
    for value, weight in zip(values, weights, strict=True):
        if value is not None:
            total += value * weight
            whole += weight
    return total / whole if whole else None
