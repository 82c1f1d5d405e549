"""How a policy stands against the references on the same scenarios."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.simulator.play import Policy, PolicyMaker, play
from shipworthy.simulator.policies.drift import (
    DriftOracle,
    NeverRetrain,
    PageOnAnyChange,
    RetrainWeekly,
    SeasonalCusum,
)
from shipworthy.simulator.policies.rollout import FixedCanary, NeverShip, RolloutOracle, SequentialCanary, ShipAll
from shipworthy.simulator.scenario import Scenario


def _blind(make: Callable[[], Policy]) -> PolicyMaker:
    """Return a maker that does not look at the scenario."""

    def made(scenario: Scenario) -> Policy:  # noqa: ARG001
        return make()

    return made


REFERENCES: Mapping[str, Mapping[str, PolicyMaker]] = {
    "rollout": {
        "oracle": RolloutOracle,
        "sequential_canary": _blind(SequentialCanary),
        "fixed_canary": _blind(FixedCanary),
        "never_ship": _blind(NeverShip),
        "ship_all": _blind(ShipAll),
    },
    "drift": {
        "oracle": DriftOracle,
        "seasonal_cusum": _blind(SeasonalCusum),
        "retrain_weekly": _blind(RetrainWeekly),
        "page_on_any_change": _blind(PageOnAnyChange),
        "never_retrain": _blind(NeverRetrain),
    },
}
"""The reference policies of each exercise, from the one with the least total loss to the one with the most."""
DOES_NOTHING = {"rollout": "never_ship", "drift": "never_retrain"}
"""The reference of each exercise that leaves everything as it is."""


@dataclass(frozen=True)
class Position:
    """Where a policy stands on a suite: its total loss, how far that is above the oracle's, and on a scale.

    `standing` is 1 for the oracle and 0 for doing nothing; below 0 is worse than doing nothing.
    """

    loss: float
    above_oracle: float
    standing: float


def total_loss(make: PolicyMaker, suite: Sequence[Scenario]) -> float:
    """Play a fresh policy through every scenario of a suite and return the sum of the losses."""
    return sum(play(make(scenario), scenario).outcomes.loss for scenario in suite)


def position_of(loss: float, suite: Sequence[Scenario]) -> Position:
    """Return where a total loss on a suite stands. Plays the oracle and the policy that does nothing.

    Raises `ValueError` for an empty suite.
    """
    if not suite:
        raise ValueError("A suite needs a scenario.")
    exercise = suite[0].exercise
    best = total_loss(REFERENCES[exercise]["oracle"], suite)
    nothing = total_loss(REFERENCES[exercise][DOES_NOTHING[exercise]], suite)
    return Position(loss, loss - best, (nothing - loss) / (nothing - best) if nothing > best else 0.0)
