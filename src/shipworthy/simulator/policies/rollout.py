"""Reference policies for rollouts."""

from collections.abc import Sequence

from shipworthy.simulator.actions import Action, Promote, RollBack, SetTraffic
from shipworthy.simulator.clockwork import STEPS_PER_HOUR
from shipworthy.simulator.view import View


class NeverShip:
    """Leaves every candidate without traffic."""

    def decide(self, view: View) -> Sequence[Action]:  # noqa: ARG002
        """Do nothing."""
        return ()


class ShipAll:
    """Promotes every candidate at once and never looks back."""

    def decide(self, view: View) -> Sequence[Action]:
        """Promote what is offered."""
        return (Promote(),) if view.candidate is not None else ()


class FixedCanary:
    """Raises the candidate's share hour by hour and rolls back when fixed limits are passed.

    The usual recipe of progressive delivery: 5, 25 and 50 % for an hour each; at most 2 % errors and 500 ms at p95 over
    all segments. It looks at no labels, at no segment and, once promoted, at nothing.
    """

    STAGES = (0.05, 0.25, 0.5)

    def __init__(self) -> None:
        self._stage = 0
        self._since: int | None = None

    def decide(self, view: View) -> Sequence[Action]:
        """Go on to the next stage after an hour within the limits."""
        if view.candidate is None:
            return ()
        reading = view.candidate.overall
        if (reading.error_rate or 0.0) > 0.02 or (reading.p95_ms or 0.0) > 500.0:
            return (RollBack("beyond the limits"),)
        if self._since is not None and view.step - self._since < STEPS_PER_HOUR:
            return ()
        self._since, self._stage = view.step, self._stage + 1
        if self._stage > len(self.STAGES):
            return (Promote(),)
        return (SetTraffic(self.STAGES[self._stage - 1]),)
