"""The metrics that a rollout file can speak of, and their values over windows of five-minute measurements."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.readings import Reading
from shipworthy.simulator.rollout.conditions import Lookup, Version
from shipworthy.simulator.view import View

METRICS: Mapping[str, str] = {
    "error_rate": "requests that failed, timed out or were turned away, as a share of all",
    "late_rate": "answers that came later than the objective allows, as a share of all requests",
    "p50_ms": "median latency in milliseconds",
    "p95_ms": "95th percentile of latency in milliseconds",
    "p99_ms": "99th percentile of latency in milliseconds",
    "bad_rate": "answers that were bad, as a share of those whose labels arrived",
    "proxy": "a signal of users that goes down with bad answers",
    "memory": "memory in use, as a share of what there is",
    "utilisation": "capacity in use, as a share of what there is",
    "queue": "requests that wait",
    "requests": "how many requests there were in the window",
    "labels": "how many labels arrived in the window",
}
"""Every metric, and what it is."""

RATES = frozenset({"error_rate", "late_rate", "bad_rate"})
"""The metrics that count bad ones among many, which a sequential test needs."""

WHOLE = 0
"""The scope of all segments together; segments follow in their order."""

_FIELDS = ("requests", "errors", "late", "timed", "p50", "p95", "p99", "felt", "proxy", "labelled", "labelled_bad")
_LEVELS = ("ticks", "memory", "utilisation", "queue")
_PLACE = {name: place for place, name in enumerate((*_FIELDS, *_LEVELS))}
_RATIOS: Mapping[str, tuple[int, int, int]] = {
    metric: (_PLACE[top], _PLACE[bottom], _PLACE[samples])
    for metric, top, bottom, samples in (
        ("error_rate", "errors", "requests", "requests"),
        ("late_rate", "late", "requests", "requests"),
        ("p50_ms", "p50", "timed", "timed"),
        ("p95_ms", "p95", "timed", "timed"),
        ("p99_ms", "p99", "timed", "timed"),
        ("bad_rate", "labelled_bad", "labelled", "labelled"),
        ("proxy", "proxy", "felt", "felt"),
        ("memory", "memory", "ticks", "requests"),
        ("utilisation", "utilisation", "ticks", "requests"),
        ("queue", "queue", "ticks", "requests"),
    )
}
_COUNTS: Mapping[str, int] = {"requests": _PLACE["requests"], "labels": _PLACE["labelled"]}
_ROWS = {Version.CANDIDATE: 0, Version.STABLE: 1}

Sums = NDArray[np.float64]
Table = list[list[list[float]]]


class Measurements:
    """Running sums of all that was measured since the rollout began: by version, scope and kind of figure.

    Latencies and the proxy are summed with their requests as weights, so that a window's figure is the mean of its
    five-minute figures, each counted by its requests.
    """

    def __init__(self, steps: int, segments: Sequence[str]) -> None:
        self.segments = tuple(segments)
        self._sums: Sums = np.zeros((steps + 2, 2, len(self.segments) + 1, len(_PLACE)))
        self._count = 0

    @property
    def count(self) -> int:
        """How many five-minute steps were taken in."""
        return self._count

    def add(self, view: View) -> None:
        """Take in what was measured in the step that has just ended; nothing, where measurements were lost."""
        new = self._sums[self._count + 1]
        new[:] = self._sums[self._count]
        self._count += 1
        if view.candidate is None:
            return
        for version, seen in ((Version.CANDIDATE, view.candidate), (Version.STABLE, view.stable)):
            rows = [_row(reading) for reading in seen.segments.values()]
            if any(row[0] for row in rows):
                new[_ROWS[version], 1:, : len(_FIELDS)] += rows
                new[_ROWS[version], WHOLE, : len(_FIELDS)] += [sum(column) for column in zip(*rows, strict=True)]
                new[_ROWS[version], :, len(_FIELDS) :] += (1.0, seen.memory, seen.utilisation, seen.queue)

    def window(self, steps: int) -> Table:
        """Return the sums over the last steps: by version, scope, and kind of figure."""
        start = max(0, self._count - steps)
        table: Table = (self._sums[self._count] - self._sums[start]).tolist()
        return table

    def since(self, start: int, metric: str) -> tuple[tuple[Sums, Sums], tuple[Sums, Sums]]:
        """Return samples and bad ones of a rate since a step, of candidate and stable, for every scope."""
        top, bottom, _ = _RATIOS[metric]
        found = self._sums[self._count] - self._sums[start]
        candidate, stable = found[_ROWS[Version.CANDIDATE]], found[_ROWS[Version.STABLE]]
        return (candidate[:, bottom], candidate[:, top]), (stable[:, bottom], stable[:, top])

    def requests_since(self, start: int) -> list[float]:
        """Return the candidate's requests since a step, for every scope."""
        place = _PLACE["requests"]
        found = self._sums[self._count, 0, :, place] - self._sums[start, 0, :, place]
        requests: list[float] = found.tolist()
        return requests

    def failures(self, steps: int, *, everybody: bool) -> tuple[float, float]:
        """Return requests and failed ones over the last steps, of the candidate or of everybody."""
        table = self.window(steps)
        rows = table if everybody else table[:1]
        requests, errors = _PLACE["requests"], _PLACE["errors"]
        return sum(row[WHOLE][requests] for row in rows), sum(row[WHOLE][errors] for row in rows)


def lookup(table: Table, scope: int, min_samples: int) -> Lookup:
    """Return how a condition finds its values in a window; a value with too few samples behind it is unknown.

    Counts need no samples, and are unknown only where nothing at all was measured.
    """

    def value(version: Version, metric: str) -> float | None:
        row = table[_ROWS[version]][scope]
        if metric in _COUNTS:
            return row[_COUNTS[metric]] if row[_PLACE["ticks"]] else None
        top, bottom, samples = _RATIOS[metric]
        if row[samples] < min_samples or row[bottom] <= 0:
            return None
        return row[top] / row[bottom]

    return value


def _row(reading: Reading) -> tuple[float, ...]:
    """Return what is summed up of one segment of a version in one step; latencies and the proxy by their requests."""
    requests = float(reading.requests)
    timed = requests if reading.p50_ms is not None else 0.0
    felt = requests if reading.proxy is not None else 0.0
    return (
        requests,
        float(reading.errors),
        float(reading.late),
        timed,
        timed * (reading.p50_ms or 0.0),
        timed * (reading.p95_ms or 0.0),
        timed * (reading.p99_ms or 0.0),
        felt,
        felt * (reading.proxy or 0.0),
        float(reading.labelled),
        float(reading.labelled_bad),
    )
