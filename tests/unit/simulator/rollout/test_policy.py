"""A rollout file is carried out in simulated production, step by step as it says."""

from collections.abc import Sequence

import pytest

from shipworthy.simulator.actions import Action, Page, Promote, Restart, RollBack, SetShadow, SetTraffic
from shipworthy.simulator.incidents import IncidentKind
from shipworthy.simulator.rollout.entities import Happening
from shipworthy.simulator.rollout.policy import Phase, RolloutPolicy
from shipworthy.simulator.rollout.reading import read_rollout
from shipworthy.simulator.run import Run
from shipworthy.simulator.scenarios import scenario

HOUR = 12


class Played:
    """A file that was played through one week: what it did, in hours since the release arrived."""

    def __init__(self, text: str, kind: str, *, seed: int = 1, hours: float = 60.0) -> None:
        week = scenario(seed, "rollout", kind)
        self.policy, self.run = RolloutPolicy(read_rollout(f"format: 1\n{text}".encode())), Run(week)
        arrives = week.releases[0].arrives
        self.done: list[tuple[float, Action]] = []
        while self.run.step < arrives + hours * HOUR and not self.run.over:
            actions: Sequence[Action] = self.policy.decide(self.run.view())
            self.done += [((self.run.step - arrives) / HOUR, action) for action in actions]
            assert not self.run.apply(actions)
        self.incidents = [
            ((each.start - arrives) / HOUR, (each.stop - arrives) / HOUR) for each in week.incidents if each.start
        ]

    def of(self, kind: type[Action]) -> list[tuple[float, Action]]:
        return [(hour, action) for hour, action in self.done if isinstance(action, kind)]

    def told(self, happening: Happening) -> list[str]:
        return [each.words for each in self.policy.told if each.happening is happening]


def test_steps_follow_each_other_and_end_in_a_promotion() -> None:
    played = Played(
        "steps:\n  - {shadow: 10%, pause: 1h}\n  - {weight: 5%, pause: 2h}\n  - {weight: 50%}\nbake: 3h", "good"
    )
    assert [action for _, action in played.done] == [
        SetShadow(0.1), SetShadow(0.0), SetTraffic(0.05), SetTraffic(0.5), SetTraffic(1.0), Promote(),
    ]  # fmt: skip
    hours = [hour - played.done[0][0] for hour, _ in played.done]
    assert hours == pytest.approx([0, 1, 1, 3, 3 + 1 / 12, 6 + 1 / 12])
    assert played.policy.phase is Phase.PROMOTED
    assert played.run.view().stable.name == "v2"


def test_without_bake_the_promotion_follows_the_last_step() -> None:
    played = Played("steps:\n  - {weight: 5%, pause: 1h}", "good", hours=3)
    assert [type(action) for _, action in played.done] == [SetTraffic, Promote]


def test_a_step_waits_for_its_requests_also_in_every_segment() -> None:
    quick = Played("steps:\n  - {weight: 1%, pause: 5m}", "good", hours=12).of(Promote)
    whole = Played("steps:\n  - {weight: 1%, pause: 5m, min_requests: 5000}", "good", hours=12).of(Promote)
    each = Played("steps:\n  - {weight: 1%, pause: 5m, min_requests_per_segment: 500}", "good", hours=12).of(Promote)
    assert quick[0][0] < whole[0][0] < each[0][0]


ERRORS = "{name: errors, failure_condition: error_rate > 2 * stable + 0.5%, window: 30m, interval: 5m"


def test_a_failing_release_is_rolled_back_and_nothing_follows() -> None:
    played = Played(f"steps:\n  - {{weight: 10%, pause: 1d}}\nanalyses:\n  - {ERRORS}}}", "failing")
    ((hour, action),) = played.of(RollBack)
    assert isinstance(action, RollBack)
    assert "errors" in action.reason
    assert hour < 2
    assert played.done[-1] == (hour, action)
    assert played.policy.phase is Phase.ROLLED_BACK
    assert played.run.view().candidate is None


def test_failures_have_to_come_in_a_row() -> None:
    text = "steps:\n  - {{weight: 10%, pause: 1d}}\nanalyses:\n  - {errors}, consecutive_failures: {often}}}"
    one, many = (Played(text.format(errors=ERRORS, often=often), "failing").of(RollBack)[0][0] for often in (1, 13))
    assert many - one == pytest.approx(1.0)


def test_holding_keeps_the_step_for_as_long_as_the_analysis_fails() -> None:
    played = Played(f"steps:\n  - {{weight: 10%, pause: 1h}}\nanalyses:\n  - {ERRORS}, on_failure: hold}}", "failing")
    assert not played.of(RollBack)
    assert not played.of(Promote)
    assert played.told(Happening.HOLD)
    assert played.policy.held_by == ("errors (failure)",)


def test_an_outage_beside_a_good_release_is_no_reason_to_go_back_but_one_to_call_somebody() -> None:
    text = f"""steps:
  - {{weight: 10%, pause: 6h}}
analyses:
  - {ERRORS}, consecutive_failures: 3}}
error_budget:
  objective: 99%
  burn_rates:
    - {{rate: 2, long_window: 30m, short_window: 5m, action: page}}
"""
    played = Played(text, "good_and_outage")
    assert not played.of(RollBack)
    assert played.of(Promote)
    start = played.incidents[0][0]
    pages = [hour for hour, _ in played.of(Page)]
    assert start < pages[0] < start + 2
    assert played.run.controls.production.incidents[0].kind is IncidentKind.UPSTREAM_OUTAGE
    assert (
        played.run.controls.production.incidents[0].stop < scenario(1, "rollout", "good_and_outage").incidents[0].stop
    )


def test_a_small_segment_is_seen_only_by_segment() -> None:
    test = "sequential_test: {metric: bad_rate, worse_by: 3%}, on_inconclusive: ignore"
    text = "steps:\n  - {{weight: 30%, pause: 20h}}\nanalyses:\n  - {{name: a, {test}, by_segment: {flag}}}"
    week = next(n for n in range(1, 50) if scenario(n, "rollout", "worse_for_segment").releases[0].segment in {4, 5})
    seen, unseen = (
        Played(text.format(test=test, flag=flag), "worse_for_segment", seed=week) for flag in ("true", "false")
    )
    assert "apac" in seen.told(Happening.FAILURE)[0]
    assert seen.policy.phase is Phase.ROLLED_BACK
    assert unseen.policy.phase is Phase.PROMOTED


@pytest.mark.parametrize(
    ("word", "phase"), [("hold", Phase.STEPPING), ("ignore", Phase.PROMOTED), ("fail", Phase.ROLLED_BACK)]
)
def test_what_cannot_be_told_holds_or_is_ignored_or_fails(word: str, phase: Phase) -> None:
    analysis = f"{{name: a, failure_condition: bad_rate > 90%, window: 1h, on_inconclusive: {word}}}"
    played = Played(f"steps:\n  - {{weight: 10%, pause: 1h}}\nanalyses:\n  - {analysis}", "good", hours=4)
    assert played.policy.phase is phase
    assert (word != "fail") == bool(played.told(Happening.INCONCLUSIVE))


def test_while_it_bakes_comparisons_rest_and_fixed_limits_do_not() -> None:
    steps = "steps:\n  - {{weight: 50%, pause: 5m}}\nbake: 50h\n"
    text = f"{steps}analyses:\n  - {{{{name: a, failure_condition: {{when}}, window: 1h}}}}"
    compared = Played(text.format(when="memory > 1.2 * stable"), "leaking", hours=60)
    fixed = Played(text.format(when="memory > 60%"), "leaking", hours=60)
    assert compared.policy.phase is Phase.PROMOTED
    assert fixed.policy.phase is Phase.ROLLED_BACK


def test_restarts_come_at_their_times_and_keep_memory_free() -> None:
    played = Played("steps:\n  - {weight: 50%, pause: 2d}\nrestart: {every: 6h}", "leaking", hours=40)
    hours = [hour - played.done[0][0] for hour, action in played.of(Restart)]
    assert hours == pytest.approx([6, 12, 18, 24, 30, 36])
    again = Played(
        "steps:\n  - {weight: 50%, pause: 2d}\nrestart: {when: memory > 50%, window: 5m}", "leaking", hours=40
    )
    assert again.of(Restart)


def test_a_deadline_ends_a_rollout_that_does_not_get_on() -> None:
    text = "steps:\n  - {weight: 5%, pause: 2d}\ndeadline: {after: 5h, action: rollback}"
    ((hour, _),) = Played(text, "good").of(RollBack)
    assert hour == pytest.approx(5.0, abs=0.2)
    assert len(Played(text.replace("rollback", "page"), "good", hours=20).of(Page)) == 1


def test_a_frozen_budget_lets_no_step_end() -> None:
    budget = "error_budget: {objective: 99.99%, period: 1h, freeze_below: 50%}"
    played = Played(f"steps:\n  - {{weight: 5%, pause: 1h}}\n{budget}", "good", hours=6)
    assert not played.of(Promote)
    assert played.told(Happening.FREEZE)


def test_pages_are_sent_for_what_was_asked_and_only_for_that() -> None:
    text = "steps:\n  - {{weight: 5%, pause: 1h}}\nnotifications:\n  - {{on: [promoted], send: {channel}}}"
    assert len(Played(text.format(channel="page"), "good", hours=4).of(Page)) == 1
    assert not Played(text.format(channel="message"), "good", hours=4).of(Page)


def test_lost_metrics_are_not_taken_for_health() -> None:
    text = f"steps:\n  - {{weight: 10%, pause: 1h}}\nanalyses:\n  - {ERRORS}}}"
    lost = next(n for n in range(1, 50) if scenario(n, "rollout", "good_and_metric_outage").incidents[0].stop > 0)
    played = Played(text, "good_and_metric_outage", seed=lost, hours=24)
    start, stop = played.incidents[0]
    promoted = played.of(Promote)[0][0]
    assert not start + 0.6 < promoted < stop
