"""What came of one stretch, in figures that do not depend on how much traffic it had."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from desk import HOURS, STEPS_PER_HOUR, Desk, Entry

from shipworthy.kit.rollouts import Incident, IncidentKind
from shipworthy.kit.simulation import Run, Scenario, outcomes_of, timeline_of

Anchors = dict[str, float]
STABLE, DAY = 0, 288
BASE, FALLBACK = 0.05, 0.11
WORSE = 0.025
"""Answers are worse while their chance to be bad is this much above what it was."""
CAUSE_OF = {
    IncidentKind.SUDDEN_DRIFT: "drift",
    IncidentKind.GRADUAL_DRIFT: "drift",
    IncidentKind.SILENT_DRIFT: "drift",
    IncidentKind.SCHEMA_BREAK: "broken_features",
    IncidentKind.STALE_FEATURES: "stale_features",
    IncidentKind.LABEL_LOSS: "missing_labels",
    IncidentKind.LABEL_DELAY: "missing_labels",
}
AFTERMATH = 12
"""For so many hours after something was put right the log may still name it."""
REPEATED = 12
"""Entries with the same cause that follow within so many hours say the same thing, and count once."""
SOUND, FRESH = 0.005, 0.7
"""A training is sound when at most this share of the inputs in its window was broken, and when at least this share of a
window that follows a drift lies after it."""
PAGE_COST, TRAINING_COST = 30.0, 250.0


@dataclass(frozen=True)
class Training:
    """A training: whether its window held no broken inputs, whether a drift called for it, whether it saw mostly labels
    from after that drift."""

    clean: bool
    needed: bool
    fresh: bool


@dataclass(frozen=True)
class Stretch:
    """What came of one stretch.

    `harm` is in EUR. `harm_left` is the share of the avoidable harm that was done: 0 is what one who knows the truth
    leaves, 1 is what doing nothing leaves. `detected` are the hours, per cause, until the log first named it;
    `worse_hours` how long the stable version stayed worse than before; `blind_hours` how long labels stayed away.
    `right`, `explained` and `entries` count log entries, `said` and `said_rightly` only those that do not repeat what
    was said; `named` is the share of causes that were named. `needless` counts interventions while nothing was wrong,
    `idle_fallback_hours` the fallback's hours in such times.
    """

    kind: str
    harm: float
    harm_left: float
    detected: dict[str, float]
    worse_hours: float
    blind_hours: float
    entries: int
    right: int
    explained: int
    said: int
    said_rightly: int
    named: float
    false_pages: int
    needless: int
    idle_fallback_hours: int
    trainings: tuple[Training, ...]
    reviewed: int
    reviewed_well: int
    bad_hours: int
    spend: float
    refused: int
    raised: int
    timeline: dict[str, Any] | None = None


def bare(scenario: Scenario, decide: Callable[[Run, int], None] | None = None) -> Run:
    """Run a stretch without looking; `decide` is called before every hour."""
    run = Run(scenario)
    for hour in range(HOURS):
        if decide is not None:
            decide(run, hour)
        run.apply((), STEPS_PER_HOUR)
    return run


def measure(desk: Desk, known: Anchors, *, raised: int = 0, points: int = 0) -> Stretch:
    """Look at what came of a stretch that is over."""
    run, scenario = desk.run, desk.run.scenario
    faults = [each for each in scenario.incidents if each.kind in CAUSE_OF]
    stops = {each.start: min(each.stop, run.step) for each in run.controls.production.incidents}
    whole = known["never"] - known["oracle"]
    outcomes = outcomes_of(run)
    spans = [
        (CAUSE_OF[each.kind], each.start // STEPS_PER_HOUR, stops[each.start] // STEPS_PER_HOUR) for each in faults
    ]
    right = [entry for entry in desk.log if _right(entry, spans)]
    detected = {cause: _first(right, cause, start) for cause, start, _ in spans}
    worse = _worse(run)
    idle = _idle(desk.log, spans)
    return Stretch(
        kind=scenario.kind,
        harm=outcomes.harm,
        harm_left=(outcomes.harm - known["oracle"]) / whole if faults and whole > 200.0 else 0.0,
        detected=detected,
        worse_hours=_last(worse, faults),
        blind_hours=sum(stop - start for cause, start, stop in spans if cause == "missing_labels"),
        entries=len(desk.log),
        right=len(right),
        explained=sum(entry.explained for entry in right),
        said=_unrepeated(right) + _unrepeated([entry for entry in desk.log if entry not in right]),
        said_rightly=_unrepeated(right),
        named=sum(hours < HOURS for hours in detected.values()) / len(detected) if detected else 1.0,
        false_pages=desk.false_pages,
        needless=sum(entry.action != "page" for entry in idle),
        idle_fallback_hours=_resting(run, spans),
        trainings=tuple(_training(run, faults, step, days) for step, days in desk.trainings),
        reviewed=len(desk.reviewed),
        reviewed_well=sum(bool(worse[hour * STEPS_PER_HOUR]) for hour in desk.reviewed),
        bad_hours=int(worse.sum()) // STEPS_PER_HOUR,
        spend=PAGE_COST * outcomes.pages + TRAINING_COST * len(desk.trainings),
        refused=len(desk.refused),
        raised=raised,
        timeline=_short(timeline_of(run, points).to_json()) if points else None,
    )


def _right(entry: Entry, spans: Sequence[tuple[str, int, int]]) -> bool:
    return any(entry.cause == cause and start < entry.hour <= stop + AFTERMATH for cause, start, stop in spans)


def _unrepeated(log: Sequence[Entry]) -> int:
    """Count entries without those that follow another with the same cause within a few hours."""
    last: dict[str | None, int] = {}
    count = 0
    for entry in log:
        count += entry.hour - last.get(entry.cause, -HOURS) > REPEATED
        last[entry.cause] = entry.hour
    return count


def _idle(log: Sequence[Entry], spans: Sequence[tuple[str, int, int]]) -> list[Entry]:
    return [entry for entry in log if not any(start < entry.hour <= stop + AFTERMATH for _, start, stop in spans)]


def _first(right: Sequence[Entry], cause: str, start: int) -> float:
    return float(min((entry.hour - start for entry in right if entry.cause == cause), default=HOURS))


def _worse(run: Run) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Say for every step whether the stable version's answers were worse than at the beginning."""
    found: np.ndarray[Any, np.dtype[np.bool_]] = _bad(run) > BASE + WORSE
    return found


def _bad(run: Run) -> "np.ndarray[Any, np.dtype[np.float64]]":
    bad: np.ndarray[Any, np.dtype[np.float64]] = run.truth.bad(slice(0, run.step))[:, STABLE].mean(axis=1)
    return bad


def _last(worse: "np.ndarray[Any, np.dtype[np.bool_]]", faults: Sequence[Incident]) -> float:
    found = np.flatnonzero(worse)
    return (int(found[-1]) + 1 - int(found[0])) / STEPS_PER_HOUR if faults and len(found) else 0.0


def _resting(run: Run, spans: Sequence[tuple[str, int, int]]) -> int:
    """Return for how many hours the fallback answered although nothing was wrong."""
    answered = run.history.arrived[: run.step, 2].sum(axis=1).reshape(-1, STEPS_PER_HOUR).sum(axis=1) > 0
    for _, start, stop in spans:
        answered[start : stop + AFTERMATH] = False
    return int(answered.sum())


def _training(run: Run, faults: Sequence[Incident], step: int, days: float) -> Training:
    effects = run.controls.production.effects
    delay = np.rint(run.exercise.labels.delay * effects.label_delay).astype(int)
    newest = int(np.searchsorted(np.maximum.accumulate(np.arange(len(delay)) + delay), step))
    window = slice(max(0, newest - int(days * DAY)), newest)
    labelled = np.arange(window.start, window.stop)
    broken = float(effects.broken[window].mean()) if len(labelled) else 1.0
    drifts = [each.start for each in faults if CAUSE_OF[each.kind] == "drift" and each.start <= step]
    fresh = bool(len(labelled)) and all(float((labelled >= start).mean()) >= FRESH for start in drifts)
    return Training(broken <= SOUND, bool(drifts), fresh)


def _short(timeline: dict[str, Any]) -> dict[str, Any]:
    """Leave out what never was, and digits that nobody sees."""
    for kind in ("traffic", "figures"):
        shown = [series for series in timeline[kind] if any(series["values"])]
        for series in shown:
            series["values"] = [None if value is None else float(f"{value:.3g}") for value in series["values"]]
        timeline[kind] = shown
    short: dict[str, Any] = json.loads(json.dumps(timeline))
    return short
