"""What one simulated week says about a rollout file, in figures that do not depend on how much traffic the week had."""

import json
from dataclasses import dataclass
from typing import Any

from shipworthy.kit.rollouts import NeverShip, Phase, RolloutPolicy, ShipAll, read_rollout
from shipworthy.kit.simulation import Outcomes, Run, Scenario, outcomes_of, timeline_of

Anchors = dict[str, float]
OVER = (Phase.PROMOTED, Phase.ROLLED_BACK)
OUTAGES = ("upstream_outage", "label_loss")


@dataclass(frozen=True)
class Week:
    """What came of one week.

    `harm` is the share of the harm that shipping at once does and never shipping avoids (bad releases only), and all of
    it for one that was promoted. `phase` says how far the rollout came. `held_hours` is how long a good release was
    kept from people, in hours of all traffic, `exposed_hours` how long a bad one had live traffic, `recovery_hours` how
    long an outage lasted. `budget_lost` is the share of the week's error budget that went beyond what never shipping
    would have lost, `extra_cost` money above shipping at once, `above_oracle` the loss above one who knows the truth.
    """

    kind: str
    good: bool
    harm: float
    phase: Phase
    held_hours: float
    exposed_hours: float
    recovery_hours: float | None
    false_pages: int
    budget_lost: float
    extra_cost: float
    above_oracle: float
    timeline: dict[str, Any] | None = None

    @property
    def shipped(self) -> bool:
        """Say whether everybody got the release for good."""
        return self.phase is Phase.PROMOTED


def anchors(week: Scenario) -> Anchors:
    """Return what never shipping and shipping at once come to in a week."""
    never, ship = (_outcomes(week, policy) for policy in (NeverShip(), ShipAll()))
    known = {"never": _harm(week, never), "ship": _harm(week, ship), "spend": ship.spend}
    known |= {"oracle": min(never.loss, ship.loss), "never_loss": never.loss, "ship_loss": ship.loss}
    known |= {"never_budget": never.budget_left}
    return {name: round(value, 4) for name, value in known.items()}


def _outcomes(week: Scenario, policy: NeverShip | ShipAll) -> Outcomes:
    run = Run(week)
    while not run.over:
        run.apply(policy.decide(run.view()))
    return outcomes_of(run)


def _harm(week: Scenario, outcomes: Outcomes) -> float:
    """Return the harm: to everybody, or to the only segment that the release is worse for."""
    segment = week.releases[0].segment
    return outcomes.harm if segment is None else list(outcomes.segment_harm.values())[segment]


def measure(content: bytes, week: Scenario, known: Anchors, *, points: int = 0) -> Week:
    """Play a rollout file through a week; with `points` keep a timeline of so many points."""
    policy, run = RolloutPolicy(read_rollout(content)), Run(week)
    while not run.over and policy.phase not in OVER:
        run.apply(policy.decide(run.view()))
    if not run.over:
        run.apply((), run.exercise.steps - run.step)
    outcomes, good = outcomes_of(run), week.releases[0].good
    whole = known["ship"] - known["never"]
    harm = 0.0 if good or whole <= 0 else (_harm(week, outcomes) - known["never"]) / whole
    if not good and policy.phase is Phase.PROMOTED:
        harm = 1.0  # what it does after the week is not simulated, and nobody watches it any more
    outages = [fault for fault in outcomes.faults if fault.kind in OUTAGES]
    return Week(
        kind=week.kind,
        good=good,
        harm=min(max(harm, 0.0), 1.0),
        phase=policy.phase,
        held_hours=outcomes.held_back_hours,
        exposed_hours=outcomes.exposed_hours,
        recovery_hours=outages[0].hours_to_recover(run.step) if outages else None,
        false_pages=outcomes.false_pages,
        budget_lost=known["never_budget"] - outcomes.budget_left,
        extra_cost=outcomes.spend - known["spend"],
        above_oracle=outcomes.loss - known["oracle"],
        timeline=_short(timeline_of(run, points).to_json()) if points else None,
    )


def _short(timeline: dict[str, Any]) -> dict[str, Any]:
    """Leave out what never was, and digits that nobody sees."""
    for kind in ("traffic", "figures"):
        shown = [series for series in timeline[kind] if any(series["values"])]
        for series in shown:
            series["values"] = [None if value is None else float(f"{value:.3g}") for value in series["values"]]
        timeline[kind] = shown
    short: dict[str, Any] = json.loads(json.dumps(timeline))
    return short
