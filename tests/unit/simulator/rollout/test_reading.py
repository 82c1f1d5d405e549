import pytest

from shipworthy.simulator.rollout.entities import (
    BurnRate,
    Channel,
    Deadline,
    Happening,
    Inconclusive,
    Reaction,
    Scope,
    SequentialTest,
    Step,
)
from shipworthy.simulator.rollout.errors import RolloutFault, UnsoundRolloutError
from shipworthy.simulator.rollout.reading import read_rollout

WHOLE = b"""
format: 1
steps:
  - {shadow: 25%, pause: 2h}
  - {weight: 5%, pause: 1h30m, min_requests: 4000, min_requests_per_segment: 50}
  - {weight: 50%}
bake: 1d
analyses:
  - name: errors
    failure_condition: error_rate > 1.5 * stable and error_rate > 1%
    success_condition: error_rate < 1.2 * stable
    window: 1h
    interval: 5m
    initial_delay: 30m
    min_samples: 500
    consecutive_failures: 3
    by_segment: true
    on_failure: hold
    on_inconclusive: ignore
  - name: quality
    sequential_test: {metric: bad_rate, worse_by: 0.5%, false_alarm_rate: 2%}
error_budget:
  objective: 99%
  period: 7d
  of: candidate
  freeze_below: 20%
  burn_rates:
    - {rate: 14.4, long_window: 1h, short_window: 5m, action: rollback}
restart: {every: 12h, when: memory > 80%}
deadline: {after: 5d, action: page}
notifications:
  - {on: [rollback, deadline], send: page}
"""

EXCHANGED = "error_budget: {objective: 99%, burn_rates: [{rate: 2, long_window: 5m, short_window: 1h, action: hold}]}"


def faults_of(content: str) -> list[RolloutFault]:
    with pytest.raises(UnsoundRolloutError) as caught:
        read_rollout(content.encode())
    return list(caught.value.faults)


def test_a_whole_file_says_what_it_says() -> None:
    rollout = read_rollout(WHOLE)
    assert rollout.steps == (Step(0.0, 0.25, 120, 0, 0), Step(0.05, 0.0, 90, 4000, 50), Step(0.5, 0.0, 0, 0, 0))
    assert rollout.bake == 1440
    errors, quality = rollout.analyses
    assert errors.failure
    assert errors.success
    assert (errors.window, errors.interval, errors.initial_delay) == (60, 5, 30)
    assert (errors.min_samples, errors.consecutive_failures, errors.by_segment) == (500, 3, True)
    assert (errors.on_failure, errors.on_inconclusive) == (Reaction.HOLD, Inconclusive.IGNORE)
    assert quality.test == SequentialTest("bad_rate", 0.005, 0.02)
    assert (quality.on_failure, quality.on_inconclusive) == (Reaction.ROLLBACK, Inconclusive.HOLD)
    assert rollout.budget
    assert (rollout.budget.objective, rollout.budget.period, rollout.budget.scope) == (0.99, 10080, Scope.CANDIDATE)
    assert rollout.budget.burn_rates == (BurnRate(14.4, 60, 5, Reaction.ROLLBACK),)
    assert rollout.restart
    assert rollout.restart.every == 720
    assert rollout.deadline == Deadline(7200, Reaction.PAGE)
    assert rollout.notifications[0].on == (Happening.ROLLBACK, Happening.DEADLINE)
    assert rollout.notifications[0].send is Channel.PAGE


def test_one_step_is_enough() -> None:
    assert read_rollout(b"format: 1\nsteps:\n  - weight: 10%\n").steps[0].weight == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("line", "key", "words", "remedy"),
    [
        ("  - {weight: 5}", "steps[1].weight", "no percentage", "5%"),
        ("  - {weight: 101%}", "steps[1].weight", "out of range", "100%"),
        ("  - {setWeight: 5%}", "steps[1].setWeight", "unknown", "`weight`"),
        ("  - {wieght: 5%}", "steps[1].wieght", "unknown", "`weight`"),
        ("  - {weight: 5%, shadow: 5%}", "steps[1]", "either", "weight: 5%"),
        ("  - {weight: 5%, pause: 2 hours}", "steps[1].pause", "no duration", "2h"),
        ("  - {weight: 5%, pause: {duration: 2h}}", "steps[1].pause", "One value", "2h"),
        ("  - {weight: 5%, min_requests: many}", "steps[1].min_requests", "no whole number", "from 0"),
        ("  - {weight: 5%, min_requests: -1}", "steps[1].min_requests", "no whole number", "from 0"),
        ("  - 5%", "steps[1]", "no mapping", "dash"),
        ("  - {weight: 5%}\n  - {weight: 5%}", "steps[2].weight", "does not rise", "more"),
        ("  - {weight: 5%}\n  - {shadow: 5%}", "steps[2].shadow", "after a step with traffic", "first"),
        ("\n".join(f"  - {{weight: {n}%}}" for n in range(1, 32)), "steps", "31 entries", "30"),
        ("  - {weight: 5%}\nbake: yes", "bake", "no duration", "1d"),
        ("  - {weight: 5%}\nbake: 1000d", "bake", "out of range", "90d"),
        ("  - {weight: 5%}\nmetrics: []", "metrics", "unknown", "`analyses`"),
        ("  - {weight: 5%}\nanalyses: 3", "analyses", "no list", "dash"),
        ("  - {weight: 5%}\nanalyses:\n  - {name: a, window: 1h}", "analyses[1]", "either", "one of the two"),
        (
            "  - {weight: 5%}\nanalyses:\n  - {name: a, window: 1h, failure_condition: eror_rate > 1%}",
            "analyses[1].failure_condition",
            "no metric",
            "`error_rate`",
        ),
        (
            "  - {weight: 5%}\nanalyses:\n  - {name: a, failure_condition: error_rate > 1%}",
            "analyses[1]",
            "`window` is missing",
            "30m",
        ),
        (
            "  - {weight: 5%}\nanalyses:\n  - {name: a, window: 1h, sequential_test: {metric: error_rate}}",
            "analyses[1].window",
            "since the rollout began",
            "out",
        ),
        (
            "  - {weight: 5%}\nanalyses:\n  - {name: a, sequential_test: {metric: p95_ms}}",
            "analyses[1].sequential_test.metric",
            "not one of the rates",
            "error_rate",
        ),
        (
            "  - {weight: 5%}\nanalyses:\n  - {name: a, sequential_test: {metric: error_rate}, by_segment: yes}",
            "analyses[1].by_segment",
            "neither true nor false",
            "true",
        ),
        ("  - {weight: 5%}\nerror_budget: {objective: 0.99}", "error_budget.objective", "no percentage", "%"),
        (
            f"  - {{weight: 5%}}\n{EXCHANGED}",
            "error_budget.burn_rates[1].short_window",
            "longer",
            "Exchange",
        ),
        ("  - {weight: 5%}\nrestart: {}", "restart", "when to restart", "every"),
        ("  - {weight: 5%}\ndeadline: {after: 1d, action: restart}", "deadline.action", "rollback or a page", "page"),
        ("  - {weight: 5%}\nnotifications:\n  - {on: boom, send: page}", "notifications[1].on", "list", "["),
        ("  - {weight: 5%}\nnotifications:\n  - {on: [boom], send: page}", "notifications[1].on", "`boom`", "rollback"),
    ],
)
def test_a_mistake_is_told_with_key_and_remedy(line: str, key: str, words: str, remedy: str) -> None:
    faults = faults_of(f"format: 1\nsteps:\n{line}\n")
    told = [fault for fault in faults if fault.key == key and words in fault.fault]
    assert told, [str(fault) for fault in faults]
    assert remedy in told[0].remedy


def test_all_faults_are_found_at_once_with_their_lines() -> None:
    faults = faults_of("format: 1\nsteps:\n  - weight: 5\n  - weight: 5%\n    pause: soon\nbake: no\n")
    assert [fault.line for fault in faults] == [3, 5, 6]


def test_only_the_first_faults_are_spelled_out() -> None:
    with pytest.raises(UnsoundRolloutError, match="and 25 more"):
        read_rollout(b"format: 1\nsteps:\n" + b"  - weight: 5\n" * 30 + b"bake: no\n")


def test_another_format_is_refused_before_anything_else() -> None:
    (fault,) = faults_of("format: 2\nstages: []\n")
    assert fault.key == "format"


def test_names_of_analyses_are_different() -> None:
    twice = "  - {name: a, window: 1h, failure_condition: error_rate > 1%}\n" * 2
    (fault,) = faults_of(f"format: 1\nsteps:\n  - weight: 5%\nanalyses:\n{twice}")
    assert "another analysis `a`" in fault.fault
