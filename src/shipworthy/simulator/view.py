"""What a policy sees: measurements of the step that has just ended, and what is set. Never the truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.clockwork import STEPS_PER_HOUR
from shipworthy.simulator.observation import Figures
from shipworthy.simulator.traffic import Floats

FEWEST_FOR_QUANTILES = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """Measurements of one version in one step, over all segments or one.

    Counts are of the step. `errors` are requests that failed, timed out or were shed,
    `late` answers that came later than the objective. `proxy` is a mean signal of users
    that goes down with bad answers (none in shadow), `positive` the share of positive predictions. `labelled` counts
    labels that arrived in this step for earlier answers of the version, `labelled_bad` those that say it was bad.
    Figures are None where there is too little traffic.
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
        return {name: _rounded(getattr(self, name)) for name in self.__slots__}


NOTHING = Reading(0, 0, 0, None, None, None, None, None, 0, 0)


@dataclass(frozen=True, slots=True)
class InputReading:
    """How one input feature looks: stability index against training, rate of nulls, minutes since it was refreshed."""

    psi: float
    null_rate: float
    age_minutes: float


@dataclass(frozen=True)
class VersionView:
    """One deployed version as a policy sees it.

    `traffic` is the share of live traffic it got in the last step, `shadow` the share that is copied to it, `memory`
    and `utilisation` are shares of what there is, `age_hours` is since the last start.
    """

    name: str
    traffic: float
    shadow: float
    ready: int
    starting: int
    utilisation: float
    queue: int
    memory: float
    age_hours: float
    figures: Callable[[], Figures | None]
    names: tuple[str, ...]

    @cached_property
    def _figures(self) -> Figures | None:
        return self.figures()

    @cached_property
    def overall(self) -> Reading:
        """Return the measurements over all segments."""
        found = self._figures
        return NOTHING if found is None else _overall(found)

    @cached_property
    def segments(self) -> Mapping[str, Reading]:
        """Return the measurements per segment."""
        found = self._figures
        if found is None:
            return dict.fromkeys(self.names, NOTHING)
        return {name: _one(found, place) for place, name in enumerate(self.names)}

    def reading(self, segment: str | None = None) -> Reading:
        """Return the measurements over all segments, or of one. Raises `KeyError` for an unknown one."""
        return self.overall if segment is None else self.segments[segment]

    def to_json(self) -> dict[str, JSONValue]:
        """Return all that is seen of the version in JSON."""
        told: dict[str, JSONValue] = {name: _rounded(getattr(self, name)) for name in _VERSION_FIELDS}
        told["overall"] = self.overall.to_json()
        told["segments"] = {name: reading.to_json() for name, reading in self.segments.items()}
        return told


_VERSION_FIELDS = (
    "name", "traffic", "shadow", "ready", "starting", "utilisation", "queue", "memory", "age_hours",
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """What a policy sees before it decides.

    `step` is the number of steps that have passed, five minutes each; measurements are of step `step` - 1. `stable`,
    `candidate` and `fallback` are versions, `previous` the name of the version that a rollback of stable would bring
    back. `metrics_missing` says that the measurements of the last step were lost. `alerts` are the names of the
    policy's
    own alerts that fire. `spend` is money so far, `budget_left` the share of the error budget of the whole run that
    measured errors have left (below 0 when it is spent), `page_open` says that somebody is on it, `retraining_ready_in`
    is in steps.
    """

    step: int
    steps: int
    stable: VersionView
    candidate: VersionView | None
    fallback: VersionView
    previous: str | None
    fallback_share: float
    review_share: float
    metrics_missing: bool
    alerts: tuple[str, ...]
    spend: float
    budget_left: float
    page_open: bool
    retraining_ready_in: int | None
    input_readings: Callable[[], Mapping[str, InputReading]]

    @cached_property
    def inputs(self) -> Mapping[str, InputReading]:
        """Return how the input features look; empty while metrics are missing."""
        return self.input_readings()

    @property
    def hours(self) -> float:
        """Return the simulated hours that have passed."""
        return self.step / STEPS_PER_HOUR

    def version(self, slot: str) -> VersionView | None:
        """Return what is deployed as `stable`, `candidate` or `fallback`."""
        return {"stable": self.stable, "candidate": self.candidate, "fallback": self.fallback}[slot]

    def to_json(self) -> dict[str, JSONValue]:
        """Return the view in JSON; figures have six significant digits."""
        told: dict[str, JSONValue] = {name: _rounded(getattr(self, name)) for name in _PLAIN_FIELDS}
        told["alerts"] = list(self.alerts)
        told["inputs"] = {
            name: {key: _rounded(getattr(reading, key)) for key in ("psi", "null_rate", "age_minutes")}
            for name, reading in self.inputs.items()
        }
        for slot in ("stable", "candidate", "fallback"):
            found = self.version(slot)
            told[slot] = found.to_json() if found is not None else None
        return told


_PLAIN_FIELDS = (
    "step", "steps", "previous", "fallback_share", "review_share", "metrics_missing", "spend", "budget_left",
    "page_open", "retraining_ready_in",
)  # fmt: skip


def _rounded(value: object) -> JSONValue:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return value if value is None or isinstance(value, int | str) else str(value)


def _one(figures: Figures, place: int) -> Reading:
    requests = int(figures.requests[place])
    enough = requests >= FEWEST_FOR_QUANTILES
    p50, p95, p99 = (_known(series[place]) if enough else None for series in figures.quantiles)
    return Reading(
        requests,
        int(figures.errors[place]),
        int(figures.late[place]),
        p50,
        p95,
        p99,
        _known(figures.proxy[place]),
        _known(figures.positive[place]),
        int(figures.labelled[place]),
        int(figures.labelled_bad[place]),
    )


def _overall(figures: Figures) -> Reading:
    requests = int(figures.requests.sum())
    enough = requests >= FEWEST_FOR_QUANTILES
    p50, p95, p99 = (_mean(series, figures.requests) if enough else None for series in figures.quantiles)
    return Reading(
        requests,
        int(figures.errors.sum()),
        int(figures.late.sum()),
        p50,
        p95,
        p99,
        _mean(figures.proxy, figures.requests),
        _mean(figures.positive, figures.requests),
        int(figures.labelled.sum()),
        int(figures.labelled_bad.sum()),
    )


def _mean(series: Floats, weights: Floats) -> float | None:
    """Return the mean over segments, weighted by their requests, without those that are not known."""
    total = float(np.dot(series, weights))
    if isfinite(total):
        whole = float(weights.sum())
        return total / whole if whole > 0 else None
    known = np.isfinite(series)
    whole = float(weights[known].sum())
    return float(np.dot(series[known], weights[known])) / whole if whole > 0 else None


def _known(value: float) -> float | None:
    figure = float(value)
    return figure if isfinite(figure) else None
