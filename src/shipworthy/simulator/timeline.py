"""The record of a run for a picture: traffic, figures, incidents and actions, thinned to a few hundred points."""

import itertools
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.actions import Action, Page, RollBack, SetFallback, SetReview, SetShadow, SetTraffic
from shipworthy.simulator.clockwork import hours
from shipworthy.simulator.faults import faults_of
from shipworthy.simulator.history import CANDIDATE, FALLBACK, STABLE
from shipworthy.simulator.run import Run
from shipworthy.simulator.traffic import Floats

Edges = NDArray[np.int64]
MOST_POINTS = 300
MOST_MARKS = 120
SLOTS = {"stable": STABLE, "candidate": CANDIDATE, "fallback": FALLBACK}


@dataclass(frozen=True)
class Series:
    """One line of the picture: a name such as `p95_ms`, the version slot it is of ("" for all), a unit, and its values.

    A value is None where there is nothing to show.
    """

    name: str
    slot: str
    unit: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Band:
    """A stretch of time in which something went on: `kind` such as `upstream_outage`; hours from the beginning."""

    kind: str
    start: float
    stop: float
    harmful: bool


@dataclass(frozen=True)
class Mark:
    """A moment: hours from the beginning, `kind` (an action's, or `offered`, `promoted`, `refused`), and words."""

    hour: float
    kind: str
    words: str


@dataclass(frozen=True)
class Timeline:
    """The record of one run. `at` are the hours of the points (the middle of what each stands for).

    `traffic` has one series per slot with shares of live traffic that sum to 1, and one of the shadow share.
    `figures` are the error rate, p95 latency and rate of bad answers (the truth) of each version, and the utilisation.
    """

    scenario: str
    kind: str
    at: tuple[float, ...]
    traffic: tuple[Series, ...]
    figures: tuple[Series, ...]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]

    def to_json(self) -> dict[str, JSONValue]:
        """Return the record in JSON."""
        told: dict[str, JSONValue] = asdict(self)
        return told


def timeline_of(run: Run, points: int = MOST_POINTS) -> Timeline:
    """Return the record of a run so far, in at most `points` points."""
    edges = np.unique(np.linspace(0, run.step, min(points, max(run.step, 1)) + 1).astype(int))
    middles = tuple(round(hours((start + stop) / 2), 3) for start, stop in itertools.pairwise(edges))
    return Timeline(
        run.scenario.name,
        run.scenario.kind,
        middles,
        _traffic(run, edges),
        _figures(run, edges),
        _bands(run),
        _marks(run),
    )


def _sums(values: Floats, edges: Edges) -> Floats:
    return np.add.reduceat(values, edges[:-1], axis=0)[: len(edges) - 1]


def _ratio(name: str, slot: str, unit: str, above: Floats, below: Floats) -> Series:
    values = tuple(round(float(a / b), 5) if b > 0 else None for a, b in zip(above, below, strict=True))
    return Series(name, slot, unit, values)


def _traffic(run: Run, edges: Edges) -> tuple[Series, ...]:
    history, until = run.history, run.step
    arrived = history.arrived[:until].sum(axis=2)
    live = (history.live[:until] * history.arrived[:until]).sum(axis=2)
    whole = _sums(live.sum(axis=1), edges)
    shares = [_ratio("traffic", name, "share", _sums(live[:, at], edges), whole) for name, at in SLOTS.items()]
    copied = arrived[:, CANDIDATE] - live[:, CANDIDATE]
    return (*shares, _ratio("shadow", "candidate", "share", _sums(copied, edges), whole))


def _figures(run: Run, edges: Edges) -> tuple[Series, ...]:
    history, until = run.history, run.step
    arrived, ok = history.arrived[:until].sum(axis=2), history.ok[:until].sum(axis=2)
    lost = history.lost[:until].sum(axis=2)
    latency = (history.latency + 1000.0 * history.wait)[:until] * arrived
    bad = (history.ok[:until] * run.truth.bad(slice(0, until))).sum(axis=2)
    drawn: list[Series] = []
    for name, slot in SLOTS.items():
        requests = _sums(arrived[:, slot], edges)
        drawn += [
            _ratio("error_rate", name, "share", _sums(lost[:, slot], edges), requests),
            _ratio("latency_ms", name, "ms", _sums(latency[:, slot], edges), requests),
            _ratio("bad_rate", name, "share", _sums(bad[:, slot], edges), _sums(ok[:, slot], edges)),
        ]
    reached = run.truth.bad_answers(slice(0, until)).sum(axis=(1, 2))
    return (*drawn, _ratio("bad_answers", "", "share", _sums(reached, edges), _sums(arrived.sum(axis=1), edges)))


def _bands(run: Run) -> tuple[Band, ...]:
    end = run.step
    bands = [
        Band(each.kind.value, hours(each.start), hours(min(each.stop, end)), each.harmful)
        for each in run.controls.production.incidents
        if each.start < end
    ]
    releases = {release.kind.value for _, release in run.diary.offered if not release.good}
    faults = [fault for fault in faults_of(run) if fault.kind in releases]
    exposed = [Band(each.kind, hours(each.began), hours(each.recovered or end), harmful=True) for each in faults]
    return (*bands, *exposed)


def _marks(run: Run) -> tuple[Mark, ...]:
    diary = run.diary
    marks = [Mark(round(hours(done.step), 3), done.action.kind.value, _words(done.action)) for done in diary.done]
    marks += [Mark(hours(step), "offered", release.version.name) for step, release in diary.offered]
    marks += [Mark(hours(step), "promoted", name) for step, name in diary.promoted]
    marks += [Mark(hours(refusal.step), "refused", f"{refusal.action}: {refusal.why}") for refusal in diary.refused]
    return tuple(sorted(marks, key=lambda mark: mark.hour)[:MOST_MARKS])


def _words(action: Action) -> str:
    if isinstance(action, RollBack | Page):
        return action.reason
    if isinstance(action, SetTraffic):
        return f"{100 * action.candidate:g} %"
    if isinstance(action, SetShadow | SetFallback | SetReview):
        return f"{100 * action.share:g} %"
    return getattr(action, "version", "")
