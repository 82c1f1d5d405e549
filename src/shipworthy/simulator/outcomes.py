"""What came of a run, from the truth: harm, downtime, detection and recovery, false alarms, delay, spend, loss."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.clockwork import STEPS_PER_DAY, hours
from shipworthy.simulator.faults import Fault, faults_of
from shipworthy.simulator.releases import Release
from shipworthy.simulator.run import Run
from shipworthy.simulator.traffic import Floats

DOWN = 0.05
"""A step is down when more than this share of its requests got no answer."""


@dataclass(frozen=True)
class Outcomes:
    """The figures of one run.

    `requests` counts live requests, `bad_answers` answers that were wrong, `late` answers that came too late,
    `unanswered` requests that failed, timed out or
    were shed. `harm` and `segment_harm` are bad answers and unanswered requests in money, weighted by segment.
    `downtime_minutes` is time in which more than 5 % of requests got no answer. `budget_left` is the share of the error
    budget that is left. `faults` are what went wrong, each with its hours to detection and recovery; `mttd_hours` and
    `mttr_hours` are their means, where a fault that was never met counts until the end, and None without any fault.
    `full_rollout_hours` is from the offer of a good release until it had all traffic, None if it never had or there was
    none; `held_back_hours` counts until the end then. `exposed_hours` is how long bad releases had live traffic.
    `loss` is the total, in money.
    """

    scenario: str
    kind: str
    requests: float
    bad_answers: float
    late: float
    unanswered: float
    harm: float
    segment_harm: Mapping[str, float]
    downtime_minutes: float
    budget_left: float
    faults: tuple[Fault, ...]
    mttd_hours: float | None
    mttr_hours: float | None
    false_rollbacks: int
    false_pages: int
    pages: int
    retrainings: int
    full_rollout_hours: float | None
    held_back_hours: float
    exposed_hours: float
    spend: float
    refused: int
    loss: float

    def to_json(self) -> dict[str, JSONValue]:
        """Return the figures in JSON."""
        told: dict[str, JSONValue] = asdict(self)
        return told


def outcomes_of(run: Run) -> Outcomes:
    """Return what came of a run that is over, or of what there is of it so far."""
    history, weights, diary = run.history, run.exercise.weights, run.diary
    live = history.live * history.arrived
    whole, truth = slice(0, run.step), run.truth
    live, lost, bad = live[whole], (history.live * history.lost)[whole], truth.bad_answers(whole)
    late = history.live[whole] * truth.late(whole)
    harm = _harm(run, bad, late, lost)
    faults = faults_of(run)
    goods = [release for _, release in diary.offered if release.good]
    bads = [release for _, release in diary.offered if not release.good]
    promoted = {name: step for step, name in diary.promoted}
    full = [promoted[release.version.name] - release.arrives for release in goods if release.version.name in promoted]
    held = sum(_held_back(run, release) for release in goods)
    spend = float(truth.spend(whole).sum())
    blind = weights.blind_day * _blind_steps(run) / STEPS_PER_DAY
    requests, unanswered = float(live.sum()), float(lost.sum())
    allowed = requests * (1.0 - run.exercise.slo.availability)
    return Outcomes(
        scenario=run.scenario.name,
        kind=run.scenario.kind,
        requests=requests,
        bad_answers=float(bad.sum()),
        late=float(late.sum()),
        unanswered=unanswered,
        harm=float(harm.sum()),
        segment_harm={each.name: float(one) for each, one in zip(run.exercise.segments, harm, strict=True)},
        downtime_minutes=5.0 * _steps_down(live, lost),
        budget_left=1.0 - (unanswered + float(late.sum())) / allowed if allowed > 0 else 1.0,
        faults=faults,
        mttd_hours=_mean([fault.hours_to_detect(run.step) for fault in faults]),
        mttr_hours=_mean([fault.hours_to_recover(run.step) for fault in faults]),
        false_rollbacks=sum(name == release.version.name for _, name in diary.rolled_back for release in goods),
        false_pages=sum(not page.needed for page in diary.pages),
        pages=len(diary.pages),
        retrainings=run.controls.trained,
        full_rollout_hours=_mean([hours(each) for each in full]),
        held_back_hours=hours(held),
        exposed_hours=hours(sum(_live_steps(run, release) for release in bads)),
        spend=spend,
        refused=len(diary.refused),
        loss=float(harm.sum()) + weights.held_back_day * held / STEPS_PER_DAY + blind + weights.money * spend,
    )


def _harm(run: Run, bad: Floats, late: Floats, lost: Floats) -> Floats:
    weights = run.exercise.weights
    per_segment = np.array([segment.harm for segment in run.exercise.segments])
    harm: Floats = per_segment * (weights.bad_answer * bad + weights.late * late + weights.unanswered * lost).sum(
        axis=(0, 1)
    )
    return harm


def _held_back(run: Run, release: Release) -> float:
    """Return for how many steps of full traffic a good release was kept from people."""
    number = next((at for at, each in enumerate(run.truth.versions) if each is release.version), -1)
    history, window = run.history, slice(release.arrives, run.step)
    live = (history.live[window] * history.arrived[window]).sum(axis=2)
    own = np.where(history.version[window] == number, live, 0.0).sum(axis=1)
    shares = own / np.maximum(live.sum(axis=1), 1e-9)
    return float((1.0 - shares).sum())


def _live_steps(run: Run, release: Release) -> int:
    number = next((at for at, each in enumerate(run.truth.versions) if each is release.version), -1)
    live = (run.history.live * run.history.arrived).sum(axis=2) > 0
    return int(((run.history.version == number) & live).any(axis=1).sum())


def _blind_steps(run: Run) -> int:
    """Return for how many steps labels or metrics were lost."""
    blinding = [each for each in run.controls.production.incidents if each.repairable and not each.harmful]
    return sum(max(0, min(each.stop, run.step) - each.start) for each in blinding)


def _steps_down(live: Floats, lost: Floats) -> int:
    arrived = live.sum(axis=(1, 2))
    return int((lost.sum(axis=(1, 2)) > DOWN * np.maximum(arrived, 1e-9)).sum())


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None
