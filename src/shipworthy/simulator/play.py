"""Plays a policy through a scenario to its end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shipworthy.simulator.actions import Action
from shipworthy.simulator.outcomes import Outcomes, outcomes_of
from shipworthy.simulator.run import Run
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.timeline import Timeline, timeline_of
from shipworthy.simulator.view import View


class Policy(Protocol):
    """Decides, before every step, what to do about what is seen. A fresh one is made for every run."""

    def decide(self, view: View) -> Sequence[Action]:
        """Return the actions to carry out now, often none."""
        ...


@dataclass(frozen=True)
class Played:
    """A run that was played to its end: its outcomes, and its timeline where that was wanted."""

    outcomes: Outcomes
    timeline: Timeline | None


def play(policy: Policy, scenario: Scenario, *, timeline: bool = False) -> Played:
    """Play one policy through one scenario."""
    run = Run(scenario)
    while not run.over:
        run.apply(policy.decide(run.view()))
    return Played(outcomes_of(run), timeline_of(run) if timeline else None)


PolicyMaker = Callable[[Scenario], Policy]
"""Makes a fresh policy for a run. Only oracles look at the scenario."""
