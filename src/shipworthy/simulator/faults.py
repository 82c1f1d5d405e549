"""What truly went wrong in a run, and when it was met and over."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shipworthy.simulator.actions import Action, Page, Restart, Retrain, RollBack, SetFallback, SetTraffic
from shipworthy.simulator.clockwork import hours
from shipworthy.simulator.history import STABLE
from shipworthy.simulator.incidents import DRIFTS, Incident
from shipworthy.simulator.releases import Release
from shipworthy.simulator.run import Run

WORSE = 0.02
"""A drift is over for users when answers are bad at most this much more often than before it."""


@dataclass(frozen=True)
class Fault:
    """One thing that went wrong: its kind, the step at which users (or the team) began to suffer, the step of the first
    action that meets it, and the step from which it was over. None where that never came."""

    kind: str
    began: int
    detected: int | None
    recovered: int | None

    def hours_to_detect(self, end: int) -> float:
        """Return the hours until it was met; until `end` if it never was. What ended by itself counts until then."""
        met = [step for step in (self.detected, self.recovered) if step is not None]
        return hours(min(met, default=end) - self.began)

    def hours_to_recover(self, end: int) -> float:
        """Return the hours until it was over; until `end` if it never was."""
        return hours((end if self.recovered is None else self.recovered) - self.began)


def faults_of(run: Run) -> tuple[Fault, ...]:
    """Return the faults of a run in the order in which they began."""
    found = [_of_release(run, release) for _, release in run.diary.offered if not release.good]
    found += [_of_incident(run, incident) for incident in run.controls.production.incidents]
    return tuple(sorted((fault for fault in found if fault is not None), key=lambda fault: fault.began))


def _of_release(run: Run, release: Release) -> Fault | None:
    number = next((at for at, version in enumerate(run.truth.versions) if version is release.version), -1)
    history = run.history
    live = ((history.version == number) & ((history.live * history.arrived).sum(axis=2) > 0)).any(axis=1)
    steps = np.flatnonzero(live[: run.step])
    if not len(steps):
        return None
    began, last = int(steps[0]), int(steps[-1])
    recovered = last + 1 if last + 1 < run.step else None
    return Fault(release.kind.value, began, _first(run, began, recovered, _meets_release), recovered)


def _of_incident(run: Run, incident: Incident) -> Fault | None:
    if not (incident.harmful or incident.repairable) or incident.start >= run.step:
        return None
    recovered = _drift_over(run, incident) if incident.kind in DRIFTS else incident.stop
    recovered = recovered if recovered is not None and recovered < run.step else None
    return Fault(
        incident.kind.value, incident.start, _first(run, incident.start, recovered, _meets_incident), recovered
    )


def _drift_over(run: Run, incident: Incident) -> int | None:
    before = max(0, incident.start - 1)
    bad = run.truth.bad(slice(before, run.step))[:, STABLE].mean(axis=1)
    worse = np.flatnonzero(bad[1:] > bad[0] + WORSE)
    return incident.start + (int(worse[-1]) + 1 if len(worse) else 0)


def _first(run: Run, began: int, recovered: int | None, meets: Callable[[Action], bool]) -> int | None:
    end = run.step if recovered is None else recovered + 1
    return min((done.step for done in run.diary.done if began < done.step <= end and meets(done.action)), default=None)


def _meets_release(action: Action) -> bool:
    stopped = isinstance(action, SetTraffic) and action.candidate == 0.0
    return stopped or isinstance(action, RollBack | Page | Restart) or _falls_back(action)


def _meets_incident(action: Action) -> bool:
    return isinstance(action, Page | Retrain) or _falls_back(action)


def _falls_back(action: Action) -> bool:
    return isinstance(action, SetFallback) and action.share > 0.0
