"""An error budget is used up as requests fail, and burns as fast as they do."""

import pytest

from shipworthy.simulator.rollout.budgeting import BudgetRun
from shipworthy.simulator.rollout.entities import BurnRate, ErrorBudget, Reaction, Scope
from shipworthy.simulator.rollout.figures import Measurements


class Counted(Measurements):
    """Measurements of which only requests and failures are known: for each step, of everybody and of the candidate."""

    def __init__(self, everybody: list[tuple[float, float]], candidate: list[tuple[float, float]]) -> None:
        super().__init__(1, ())
        self._series = {True: everybody, False: candidate}

    @property
    def count(self) -> int:
        return len(self._series[True])

    def failures(self, steps: int, *, everybody: bool) -> tuple[float, float]:
        shown = self._series[everybody][-steps:]
        return sum(requests for requests, _ in shown), sum(failed for _, failed in shown)


def budget(scope: Scope = Scope.SERVICE, freeze_below: float = 0.0) -> ErrorBudget:
    rules = (BurnRate(10.0, 60, 10, Reaction.PAGE), BurnRate(2.0, 60, 10, Reaction.HOLD))
    return ErrorBudget(0.99, 600, scope, freeze_below, rules)


def test_what_is_left_goes_down_by_what_failed_of_the_period_s_requests() -> None:
    half_gone = Counted([(1000.0, 0.0)] * 10 + [(1000.0, 60.0)] * 10, [])
    assert BudgetRun(budget(), half_gone).left == pytest.approx(1 - 600 / (0.01 * 1000 * 120))
    assert BudgetRun(budget(), Counted([], [])).left == 1.0


def test_no_step_ends_while_too_little_is_left() -> None:
    spent = Counted([(1000.0, 100.0)] * 12, [])
    assert BudgetRun(budget(freeze_below=0.2), spent).frozen
    assert not BudgetRun(budget(), Counted([(1000.0, 1.0)] * 12, [])).frozen


@pytest.mark.parametrize(
    ("failed", "reaction"),
    [([150.0] * 12, Reaction.PAGE), ([30.0] * 12, Reaction.HOLD), ([5.0] * 12, None), ([150.0] * 10 + [0.0] * 2, None)],
)
def test_a_rule_fires_while_both_windows_burn(failed: list[float], reaction: Reaction | None) -> None:
    rule = BudgetRun(budget(), Counted([(1000.0, each) for each in failed], [])).burning()
    assert (rule.reaction if rule else None) is reaction


def test_the_candidates_own_errors_can_be_looked_at_alone() -> None:
    series = Counted([(1000.0, 5.0)] * 12, [(50.0, 6.0)] * 12)
    assert BudgetRun(budget(), series).burning() is None
    found = BudgetRun(budget(Scope.CANDIDATE), series).burning()
    assert found
    assert found.reaction is Reaction.PAGE
