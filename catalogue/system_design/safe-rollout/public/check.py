"""The checks that you can run yourself: your file in a few simulated weeks, with a picture of each."""

import json

from shipworthy.kit import Bench
from shipworthy.kit.rollouts import Happening, Phase, RolloutPolicy, UnsoundRolloutError, read_rollout
from shipworthy.kit.simulation import Run, outcomes_of, scenario, timeline_of

FILE = "rollout.yaml"
POINTS = 240
MOST_TOLD = 4
QUIET = {Happening.INCONCLUSIVE, Happening.FAILURE}


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
    weeks = json.loads(bench.variant.public["public/weeks.json"])
    for kind in weeks["kinds"]:
        _week(bench, content, weeks["seed"], kind)


def _week(bench: Bench, content: bytes, seed: int, kind: str) -> None:
    week = scenario(seed, "rollout", kind)
    policy, run = RolloutPolicy(read_rollout(content)), Run(week)
    while not run.over:
        run.apply(policy.decide(run.view()))
    outcomes, good = outcomes_of(run), week.releases[0].good
    arrived = week.releases[0].arrives
    figures = f"kept from people for {outcomes.held_back_hours:.0f} h of all traffic"
    if not good:
        figures = f"live traffic for {outcomes.exposed_hours:.1f} h"
    message = f"{_ending(policy)}; {figures}; {outcomes.false_pages} pages for nothing.{_told(policy, arrived)}"
    right = policy.phase is (Phase.PROMOTED if good else Phase.ROLLED_BACK)
    bench.observe(f"week_{kind}", right, message, {"timelines": [timeline_of(run, POINTS).to_json()]})


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
