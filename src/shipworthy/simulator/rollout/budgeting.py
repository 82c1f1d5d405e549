"""An error budget over one rollout: how much of it is left, and how fast it burns."""

from shipworthy.simulator.rollout.analysing import steps_of
from shipworthy.simulator.rollout.entities import BurnRate, ErrorBudget, Scope
from shipworthy.simulator.rollout.figures import Measurements


class BudgetRun:
    """A budget that is full when the rollout begins."""

    def __init__(self, budget: ErrorBudget, measurements: Measurements) -> None:
        self.budget = budget
        self._measurements = measurements
        self._everybody = budget.scope is Scope.SERVICE

    @property
    def left(self) -> float:
        """The share of the period's budget that is left; below 0 when more than all is used.

        The period's traffic is taken to be like that of everybody since the rollout began.
        """
        count = self._measurements.count
        if not count:
            return 1.0
        requests, _ = self._measurements.failures(count, everybody=True)
        _, failed = self._measurements.failures(count, everybody=self._everybody)
        allowed = (1.0 - self.budget.objective) * requests / count * steps_of(self.budget.period)
        return 1.0 - failed / allowed if allowed > 0 else 1.0

    @property
    def frozen(self) -> bool:
        """Whether so little is left that no step forward is made."""
        return self.left < self.budget.freeze_below

    def burning(self) -> BurnRate | None:
        """Return the first rule whose rate is exceeded over both of its windows."""
        for rule in self.budget.burn_rates:
            if all(self._rate(minutes) >= rule.rate for minutes in (rule.long_window, rule.short_window)):
                return rule
        return None

    def _rate(self, minutes: int) -> float:
        requests, failed = self._measurements.failures(steps_of(minutes), everybody=self._everybody)
        return failed / requests / (1.0 - self.budget.objective) if requests else 0.0
