"""The checks that you can run yourself: your file in a few simulated weeks, with a picture of each."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shipworthy.kit import Bench
from shipworthy.kit.rollouts import (
    Happening,
    Incident,
    IncidentKind,
    NeverShip,
    Phase,
    RolloutPolicy,
    ShipAll,
    UnsoundRolloutError,
    read_rollout,
)
from shipworthy.kit.simulation import Outcomes, Policy, Run, Scenario, outcomes_of, scenario, timeline_of

FILE = "rollout.yaml"
POINTS = 240
MOST_TOLD = 4
QUIET = {Happening.INCONCLUSIVE, Happening.FAILURE}
OUTAGES = {"upstream_outage", "label_loss", "metric_outage"}


def judge(bench: Bench) -> None:
    """Read the file, and play it through the weeks of public/weeks.json."""
    content = bench.submission.get(FILE, b"")
    try:
        read_rollout(content)
    except UnsoundRolloutError as fault:
        bench.observe("sound", 0.0, f"`{FILE}` is not carried out. {fault.what}")
        bench.fail_rest(f"`{FILE}` is not carried out.")
        return
    bench.observe("sound", 1.0, f"`{FILE}` is sound.")
    chosen = json.loads(bench.variant.public["public/weeks.json"])
    for week in chosen["weeks"]:
        _week(bench, content, drawn(chosen["seed"], **week))


def drawn(seed: int, kind: str, release: str, number: int, incidents: Sequence[dict[str, Any]] = ()) -> Scenario:
    """Draw a week of the simulator's own kind `release`; with `incidents`, these happen in place of its own."""
    week = scenario(seed, "rollout", release, number)
    made = tuple(Incident(**{**each, "kind": IncidentKind(each["kind"])}) for each in incidents)
    return replace(week, kind=kind, incidents=made or week.incidents)


def play(policy: Policy, week: Scenario) -> Run:
    """Play a policy through a week."""
    run = Run(week)
    while not run.over:
        run.apply(policy.decide(run.view()))
    return run


def _week(bench: Bench, content: bytes, week: Scenario) -> None:
    policy = RolloutPolicy(read_rollout(content))
    run = play(policy, week)
    (release,) = week.releases
    words = [_ending(policy), *_figures(week, run, promoted=policy.phase is Phase.PROMOTED)]
    message = f"{'; '.join(words)}.{_told(policy, release.arrives)}"
    right = policy.phase is (Phase.PROMOTED if release.good else Phase.ROLLED_BACK)
    bench.observe(f"week_{week.kind}", right, message, {"timelines": [timeline_of(run, POINTS).to_json()]})


def _figures(week: Scenario, run: Run, *, promoted: bool) -> list[str]:
    """Say what the week was like for people, what it cost, and how long outages lasted."""
    outcomes = outcomes_of(run)
    never, ship = (outcomes_of(play(each, week)) for each in (NeverShip(), ShipAll()))
    if week.releases[0].good:
        words = [
            f"kept from people for {outcomes.held_back_hours:.0f} h of all traffic",
            f"EUR {outcomes.spend - ship.spend:.0f} above shipping at once",
        ]
    else:
        none, all_of_it, done = (_harm(week, each) for each in (never, ship, outcomes))
        share = 1.0 if promoted else (done - none) / max(all_of_it - none, 1e-9)
        words = [
            f"live traffic for {outcomes.exposed_hours:.1f} h",
            f"harm of EUR {max(done - none, 0.0):,.0f}, {max(share, 0.0):.1%} of what shipping at once does",
        ]
    ended = [each.hours_to_recover(run.step) for each in outcomes.faults if each.kind in OUTAGES]
    words += [f"the outage lasted {hours:.1f} h" for hours in ended]
    return [*words, f"pages: {outcomes.pages}, for nothing: {outcomes.false_pages}"]


def _harm(week: Scenario, outcomes: Outcomes) -> float:
    """Return the harm in money: to everybody, or to the only segment that the release is worse for."""
    segment = week.releases[0].segment
    return outcomes.harm if segment is None else list(outcomes.segment_harm.values())[segment]


def _ending(policy: RolloutPolicy) -> str:
    words = {Phase.PROMOTED: "Promoted", Phase.ROLLED_BACK: "Rolled back"}
    held = f", held by {', '.join(policy.held_by)}" if policy.held_by else ""
    return words.get(policy.phase, f"Still on its way after the week{held}")


def _told(policy: RolloutPolicy, arrived: int) -> str:
    told = [each for each in policy.told if each.happening not in QUIET]
    if not told:
        return ""
    steps = "; ".join(f"after {(each.step - arrived) / 12:.1f} h {each.words}" for each in told[-MOST_TOLD:])
    return f" Since the release arrived: {steps}."
