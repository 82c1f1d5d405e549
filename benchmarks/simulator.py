"""What does a simulated run cost, and do the reference policies stand in their order?

Costs, in seconds of this process's own processor time, so that other programs matter little: 30 simulated days (8,640
steps) with a policy that watches every step, and with one that decides by what it sees; 200 scenarios of rollouts with
the sequential canary, as seconds of two cores; and two ratios: a watched run over one that nobody looks at, and a step
of 30 days over one of 7 days. Then suites of every exercise are drawn from several seeds, and the total losses of the
references have to stand in their order on each of them. Exit code 1 if a bar is missed.

Many suites take long. With a journal every suite that was played is written down, and a count that was interrupted goes
on where it was; a journal of another simulator is refused. `--order` leaves the costs out.

    python benchmarks/simulator.py [--rounds 5] [--scenarios 200] [--suites 2] [--first 1] [--each 1] [--json]
    python benchmarks/simulator.py --order --exercise drift --suites 200 --first 1001 --journal order.jsonl
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import process_time

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.actions import Action
from shipworthy.simulator.comparison import DOES_NOTHING, REFERENCES
from shipworthy.simulator.play import Policy, play
from shipworthy.simulator.policies.drift import NeverRetrain, SeasonalCusum
from shipworthy.simulator.policies.rollout import SequentialCanary
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.scenarios import kinds, scenario, scenarios
from shipworthy.simulator.view import View

CORES = 2
BARS = {
    "month_seconds": 0.5,
    "month_with_cusum_seconds": 0.5,
    "scenarios_seconds": 60.0,
    "watched_over_blind": 8.0,
    "month_over_week_step": 1.5,
}


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
    chosen = _parser().parse_args()
    journal = Journal(chosen.journal)
    figures = {} if chosen.order else costs(chosen.rounds, chosen.scenarios)
    seeds = range(chosen.first, chosen.first + chosen.suites)
    orders = {exercise: order(exercise, seeds, chosen.each, journal) for exercise in chosen.exercise or REFERENCES}
    if chosen.json:
        told: dict[str, JSONValue] = {"load": os.getloadavg()[0], **figures, "order": dict(orders)}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        show(figures, orders, chosen.suites)
    within = all(found <= BARS[name] for name, found in figures.items() if name in BARS)
    return 0 if within and all(held == chosen.suites for held, _ in orders.values()) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scenarios", type=int, default=200)
    parser.add_argument("--suites", type=int, default=2)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--exercise", action="append", choices=sorted(REFERENCES))
    parser.add_argument("--order", action="store_true")
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser


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


def order(exercise: str, seeds: range, each: int, journal: "Journal") -> tuple[int, list[float]]:
    """Return on how many suites the references stand in their order, and the mean standing of each."""
    held, standings = 0, []
    for seed in seeds:
        told = journal.losses(exercise, seed, each)
        losses = [sum(told[name].values()) for name in REFERENCES[exercise]]
        in_order = all(one < other for one, other in pairwise(losses))
        held += in_order
        if not in_order:
            print(f"not in order: {exercise}, seed {seed}: {[round(loss) for loss in losses]}", file=sys.stderr)
        nothing = sum(told[DOES_NOTHING[exercise]].values())
        standings.append([(nothing - loss) / (nothing - losses[0]) for loss in losses])
    return held, [sum(column) / len(column) for column in zip(*standings, strict=True)]


Losses = dict[str, dict[str, float]]
"""The loss of every reference in every scenario of a suite, by their names."""


def played(exercise: str, seed: int, each: int) -> Losses:
    """Play every reference through the suite of a seed."""
    suite = scenarios(seed, exercise, each)
    return {
        name: {one.name: play(make(one), one).outcomes.loss for one in suite}
        for name, make in REFERENCES[exercise].items()
    }


class Journal:
    """What was played before, a line of JSON for each suite, so that a count can go on.

    The first suite of an exercise that is found there is played again: if its losses are others now, the journal is of
    another simulator, and the count ends.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        lines = path.read_text().splitlines() if path is not None and path.exists() else []
        rows = [json.loads(line) for line in lines]
        self._known: dict[tuple[str, int, int], Losses] = {
            (row["exercise"], row["seed"], row["each"]): row["losses"] for row in rows
        }
        self._tried: set[str] = set()

    def losses(self, exercise: str, seed: int, each: int) -> Losses:
        """Return the losses on the suite of a seed, from the journal where they are known."""
        known = self._known.get((exercise, seed, each))
        if known is not None and exercise in self._tried:
            return known
        found = played(exercise, seed, each)
        self._tried.add(exercise)
        if known is None:
            self._write({"exercise": exercise, "seed": seed, "each": each, "losses": found})
        elif known != found:
            raise SystemExit(f"{self._path} was written by another simulator; name another journal.")
        return found

    def _write(self, row: dict[str, object]) -> None:
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    sys.exit(main())
