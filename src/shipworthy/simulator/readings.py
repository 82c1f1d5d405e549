"""Measurements of one version in one step."""

from operator import mul
from typing import NamedTuple

from shipworthy.core.canonical import JSONValue

FEWEST_FOR_QUANTILES = 20


class Reading(NamedTuple):
    """Measurements of one version in one step, over all segments or one.

    Counts are of the step. `errors` are requests that failed, timed out or were shed, `late` answers that came later
    than the objective. `proxy` is a mean signal of users that goes down with bad answers (none in shadow), `positive`
    the share of positive predictions. `labelled` counts labels that arrived in this step for earlier answers of the
    version to people, `labelled_bad` those that say it was bad. Figures are None where there is too little traffic.
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
        figures = zip(self._fields, self, strict=True)
        return {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in figures}


NOTHING = Reading(0, 0, 0, None, None, None, None, None, 0, 0)


def rounded(value: object) -> JSONValue:
    """Return a figure with six significant digits; counts, names and nothing as they are."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return value if value is None or isinstance(value, int | str) else str(value)


Figures = list[float | None]


class Columns(NamedTuple):
    """The fields of `Reading`, each as a list with an entry for every segment."""

    requests: list[int]
    errors: list[int]
    late: list[int]
    p50_ms: Figures
    p95_ms: Figures
    p99_ms: Figures
    proxy: Figures
    positive: Figures
    labelled: list[int]
    labelled_bad: list[int]


def per_segment(columns: Columns) -> list[Reading]:
    """Return the reading of every segment."""
    return list(map(Reading._make, zip(*columns, strict=True)))


def overall(columns: Columns) -> Reading:
    """Return the readings of all segments as one; figures are means, weighted by requests."""
    requests, errors, late, p50, p95, p99, proxy, positive, labelled, bad = columns
    whole = sum(requests)
    enough = whole >= FEWEST_FOR_QUANTILES
    return Reading(
        whole,
        sum(errors),
        sum(late),
        _mean(p50, requests, whole) if enough else None,
        _mean(p95, requests, whole) if enough else None,
        _mean(p99, requests, whole) if enough else None,
        _mean(proxy, requests, whole),
        _mean(positive, requests, whole),
        sum(labelled),
        sum(bad),
    )


def _mean(values: Figures, weights: list[int], whole: int) -> float | None:
    """Return a mean over the segments that have a figure; `whole` is the sum of all weights."""
    if None not in values:
        return sum(map(mul, values, weights)) / whole if whole else None
    known = [(value * weight, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    part = sum(weight for _, weight in known)
    return sum(product for product, _ in known) / part if part else None
