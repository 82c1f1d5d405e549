"""What does a simulated run cost, and do the reference policies stand in their order?

Three costs, in seconds of this process's own processor time, so that other programs matter little: 30 simulated days
(8,640 steps) with a policy that watches every step; 200 scenarios of rollouts with the sequential canary, as seconds of
two cores; and two ratios: a watched run over one that nobody looks at, and a step of 30 days over one of 7 days. Then
suites of every exercise are drawn from several seeds, and the total losses of the references have to stand in their
order on each of them. Exit code 1 if a bar is missed.

    python benchmarks/simulator.py [--rounds 5] [--scenarios 200] [--suites 2] [--first 1] [--each 1] [--json]
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from time import process_time

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.actions import Action
from shipworthy.simulator.comparison import REFERENCES, total_loss
from shipworthy.simulator.play import Policy, play
from shipworthy.simulator.policies.drift import NeverRetrain, SeasonalCusum
from shipworthy.simulator.policies.rollout import SequentialCanary
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.scenarios import kinds, scenario, scenarios
from shipworthy.simulator.view import View

CORES = 2
BARS = {"month_seconds": 0.5, "scenarios_seconds": 60.0, "watched_over_blind": 12.0, "month_over_week_step": 1.5}


class Watching:
    """Looks at all there is over all segments, and does nothing."""

    def decide(self, view: View) -> Sequence[Action]:
        for version in (view.stable, view.candidate):
            if version is not None:
                version.overall  # noqa: B018
        view.inputs  # noqa: B018
        return ()


def main() -> int:
    """Print the figures and return 1 if one of them is beyond its bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scenarios", type=int, default=200)
    parser.add_argument("--suites", type=int, default=2)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    figures = costs(chosen.rounds, chosen.scenarios)
    seeds = range(chosen.first, chosen.first + chosen.suites)
    orders = {exercise: order(exercise, seeds, chosen.each) for exercise in REFERENCES}
    if chosen.json:
        told: dict[str, JSONValue] = {"load": os.getloadavg()[0], **figures, "order": dict(orders)}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        show(figures, orders, chosen.suites)
    within = all(figures[name] <= bar for name, bar in BARS.items())
    return 0 if within and all(held == chosen.suites for held, _ in orders.values()) else 1


def show(figures: dict[str, float], orders: dict[str, tuple[int, list[float]]], suites: int) -> None:
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    for name, found in figures.items():
        print(f"  {name:24} {found:8.2f}" + (f"   bar {BARS[name]:g}" if name in BARS else ""))
    for exercise, (held, standings) in orders.items():
        print(f"{exercise}: in order in {held} of {suites} suites; mean standing (1 oracle, 0 doing nothing):")
        for name, standing in zip(REFERENCES[exercise], standings, strict=True):
            print(f"  {name:24} {standing:8.2f}")


def costs(rounds: int, count: int) -> dict[str, float]:
    """Return the costs; the sides of a ratio are measured in turns."""
    month, week = scenario(1, "drift", "quiet"), scenario(1, "rollout", "good")
    rows = [
        (timed(Watching(), month), timed(SeasonalCusum(), month), timed(NeverRetrain(), month), timed(Watching(), week))
        for _ in range(rounds)
    ]
    watched, cusum, blind, short = (median(column) for column in zip(*rows, strict=True))
    each = -(-count // len(kinds("rollout")))
    spent = sum(timed(SequentialCanary(), one) for one in scenarios(1, "rollout", each)[:count])
    return {
        "month_seconds": watched,
        "month_with_cusum_seconds": cusum,
        "scenarios_seconds": spent / CORES,
        "watched_over_blind": watched / blind,
        "month_over_week_step": (watched / 30.0) / (short / 7.0),
    }


def timed(policy: Policy, what: Scenario) -> float:
    begun = process_time()
    play(policy, what)
    return process_time() - begun


def order(exercise: str, seeds: range, each: int) -> tuple[int, list[float]]:
    """Return on how many suites the references stand in their order, and the mean standing of each."""
    held, standings = 0, []
    for seed in seeds:
        suite = scenarios(seed, exercise, each)
        losses = [total_loss(make, suite) for make in REFERENCES[exercise].values()]
        in_order = all(one < other for one, other in pairwise(losses))
        held += in_order
        if not in_order:
            print(f"not in order: {exercise}, seed {seed}: {[round(loss) for loss in losses]}", file=sys.stderr)
        nothing = losses[list(REFERENCES[exercise]).index("never_ship" if exercise == "rollout" else "never_retrain")]
        standings.append([(nothing - loss) / (nothing - losses[0]) for loss in losses])
    return held, [sum(column) / len(column) for column in zip(*standings, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
