"""The physics of a run: nothing is lost, nothing is known before it happens, more capacity never hurts."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.core.canonical import canonical_bytes
from shipworthy.simulator.actions import (
    Action,
    Page,
    Promote,
    Restart,
    Retrain,
    RollBack,
    SetAlert,
    SetCapacity,
    SetFallback,
    SetReview,
    SetShadow,
    SetTraffic,
)
from shipworthy.simulator.errors import RunOverError
from shipworthy.simulator.incidents import Incident, IncidentKind
from shipworthy.simulator.outcomes import outcomes_of
from shipworthy.simulator.run import Run
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.scenarios import kinds, scenario
from shipworthy.simulator.timeline import timeline_of

DEEDS: list[Action] = [
    SetTraffic(0.0),
    SetTraffic(0.1),
    SetTraffic(0.9),
    SetTraffic(0.5, ("apac-web",)),
    SetShadow(0.5),
    Promote(),
    RollBack("try"),
    Restart("candidate"),
    Restart(),
    SetCapacity("stable", 1, 3),
    SetCapacity("candidate", 0, 1),
    SetFallback(0.3),
    SetFallback(0.0),
    SetReview(0.01),
    Retrain(3.0),
    Page("try"),
]
PLANS = st.lists(st.tuples(st.integers(0, 480), st.sampled_from(DEEDS)), max_size=14)
ROLLOUTS = st.sampled_from(kinds("rollout"))
SEEDS = st.integers(0, 10_000)


def played(what: Scenario, plan: Sequence[tuple[int, Action]], steps: int = 500) -> Run:
    run = Run(what)
    for step in range(steps):
        run.apply([action for when, action in plan if when == step])
    return run


def quiet(seed: int, *incidents: Incident) -> Scenario:
    return Scenario("made", "made", "rollout", seed, (), incidents)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, kind=ROLLOUTS, plan=PLANS)
def test_what_arrives_is_answered_lost_or_waiting_in_every_version_and_segment(
    seed: int, kind: str, plan: list[tuple[int, Action]]
) -> None:
    run = played(scenario(seed, "rollout", kind), plan)
    history, production = run.history, run.controls.production
    for number in range(len(run.truth.versions)):
        own = history.version == number
        waiting = sum(each.queue for each in production.deployments if each is not None and each.number == number)
        gone = history.ok + history.failed + history.timed_out + history.shed
        assert gone[own].sum(axis=0) + waiting == pytest.approx(history.arrived[own].sum(axis=0))


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS, kind=ROLLOUTS, plan=PLANS)
def test_every_request_reaches_people_through_exactly_one_version(
    seed: int, kind: str, plan: list[tuple[int, Action]]
) -> None:
    run = played(scenario(seed, "rollout", kind), plan)
    live = (run.history.live * run.history.arrived).sum(axis=1)[: run.step]
    assert live == pytest.approx(run.controls.production.arriving[: run.step])


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS, kind=ROLLOUTS, plan=PLANS)
def test_the_same_seed_gives_the_same_bytes(seed: int, kind: str, plan: list[tuple[int, Action]]) -> None:
    runs = [played(scenario(seed, "rollout", kind), plan, 400) for _ in range(2)]
    views, outcomes, timelines = (
        {canonical_bytes(each(run)) for run in runs}
        for each in (
            lambda run: run.view().to_json(),
            lambda run: outcomes_of(run).to_json(),
            lambda run: timeline_of(run).to_json(),
        )
    )
    assert len(views) == len(outcomes) == len(timelines) == 1


@settings(max_examples=10, deadline=None)
@given(
    seed=SEEDS,
    step=st.integers(10, 400),
    later=st.sampled_from(list(IncidentKind)),
    plan=PLANS,
    size=st.floats(0.5, 1.0),
)
def test_nothing_can_be_seen_before_it_happens(
    seed: int, step: int, later: IncidentKind, plan: list[tuple[int, Action]], size: float
) -> None:
    usual = scenario(seed, "rollout", "good")
    incident = Incident(later, step, 1500, size, (1.0,) * 6, (1.0,) * 4)
    views = [played(what, plan, step).view().to_json() for what in (usual, replace(usual, incidents=(incident,)))]
    assert canonical_bytes(views[0]) == canonical_bytes(views[1])


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, plan=PLANS)
def test_looking_changes_nothing(seed: int, plan: list[tuple[int, Action]]) -> None:
    what = scenario(seed, "rollout", "worse")
    watched = Run(what)
    for step in range(200):
        watched.view().to_json()
        watched.apply([action for when, action in plan if when == step])
    assert canonical_bytes(watched.view().to_json()) == canonical_bytes(played(what, plan, 200).view().to_json())


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, less=st.integers(1, 12), more=st.integers(1, 12), size=st.floats(1.0, 4.0))
def test_more_capacity_never_adds_downtime(seed: int, less: int, more: int, size: float) -> None:
    what = quiet(seed, Incident(IncidentKind.TRAFFIC_SPIKE, 100, 300, size))
    scarce, ample = (
        outcomes_of(played(what, [(0, SetCapacity("stable", replicas, replicas))], 400))
        for replicas in (less, less + more)
    )
    assert ample.downtime_minutes <= scarce.downtime_minutes
    assert ample.unanswered <= scarce.unanswered + 1e-6


@pytest.mark.parametrize("exercise", ["rollout", "drift"])
def test_without_incidents_errors_are_those_of_the_version(exercise: str) -> None:
    run = played(Scenario("made", "made", exercise, 5), [])
    told = outcomes_of(run)
    assert told.unanswered / told.requests == pytest.approx(0.004, rel=0.01)
    assert told.bad_answers / told.requests == pytest.approx(0.05 * 0.996, rel=0.01)
    assert not told.faults
    assert told.mttd_hours is None


def test_measured_errors_are_the_true_ones_on_average() -> None:
    run, errors, requests = Run(scenario(3, "rollout", "good")), 0, 0
    while run.step < 700:
        run.apply([SetTraffic(0.01)] if run.view().candidate else [])
        seen = run.view().candidate
        if seen is not None:
            errors, requests = errors + seen.overall.errors, requests + seen.overall.requests
    lost, arrived = (float(each[: run.step, 1].sum()) for each in (run.history.lost, run.history.arrived))
    assert requests == pytest.approx(arrived, rel=0.01)
    assert abs(errors - lost) < 4 * np.sqrt(lost)


def test_labels_come_after_their_delay_and_belong_to_their_version() -> None:
    run = Run(scenario(3, "rollout", "good"))
    delay, shifted = run.exercise.labels.delay, None
    while run.step < 800:
        view = run.view()
        seen = view.candidate.overall.labelled if view.candidate is not None else 0
        if shifted is None and view.candidate is not None:
            shifted = run.step
        if shifted is not None and run.step <= shifted + delay:
            assert seen == 0
        run.apply([SetTraffic(0.5)] if view.candidate else [])
    found = run.view().candidate
    assert found is not None
    assert found.overall.labelled > 0


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, kind=ROLLOUTS, copies=st.floats(0.05, 1.0), share=st.sampled_from([0.0, 0.3]))
def test_only_answers_that_people_saw_are_labelled(seed: int, kind: str, copies: float, share: float) -> None:
    run, labelled = Run(scenario(seed, "rollout", kind)), 0
    deeds: list[Action] = [SetShadow(copies), SetTraffic(share)]
    while run.step < 900:
        found = run.view().candidate
        labelled += found.overall.labelled if found is not None else 0
        run.apply(deeds if found is not None else [])
    seen = run.history.live[:, 1] * run.history.ok[:, 1]
    assert run.history.ok[:, 1].sum() > 1000
    assert labelled <= 1.1 * run.exercise.labels.rate * float(seen.sum())


@pytest.mark.parametrize(("deed", "leaks"), [(SetShadow(0.5), False), (SetTraffic(0.5), True)])
def test_a_leak_shows_under_the_load_of_people_and_not_of_copies(deed: Action, leaks: bool) -> None:
    run = Run(scenario(3, "rollout", "leaking"))
    while run.view().candidate is None:
        run.apply([])
    run.apply([deed], steps=10 * 12)
    found = run.view().candidate
    assert found is not None
    assert found.utilisation > 0.3
    assert (found.memory > 0.35) is leaks


def test_more_traffic_waits_for_replicas_and_less_is_at_once() -> None:
    run = Run(scenario(3, "rollout", "good"))
    while run.view().candidate is None:
        run.apply([])
    shares = []
    for actions in ([SetTraffic(0.5)], [], [], [], [], [SetTraffic(0.1)], []):
        run.apply(actions)
        found = run.view().candidate
        assert found is not None
        shares.append(round(found.traffic, 2))
    assert shares == [0.0, 0.0, 0.0, 0.5, 0.5, 0.1, 0.1]


def test_a_promoted_version_can_be_taken_back() -> None:
    run = Run(scenario(3, "rollout", "worse"))
    while run.view().candidate is None:
        run.apply([])
    run.apply([Promote()], steps=10)
    assert (run.view().stable.name, run.view().previous) == ("v2", "v1")
    run.apply([RollBack("worse")], steps=10)
    assert (run.view().stable.name, run.view().previous) == ("v1", None)
    assert outcomes_of(run).exposed_hours == pytest.approx(10 / 12)


def test_a_person_who_is_paged_leaves_a_bad_release_to_the_policy() -> None:
    run = Run(scenario(3, "rollout", "worse"))
    while run.view().candidate is None:
        run.apply([])
    run.apply([SetTraffic(0.5)], steps=12)
    run.apply([Page("something is wrong")], steps=60)
    assert not run.view().page_open
    assert run.view().candidate is not None
    assert outcomes_of(run).false_pages == 0


def test_a_page_without_a_reason_is_false_and_costs() -> None:
    calm, called = (played(quiet(5), plan, 60) for plan in ([], [(10, Page("nothing"))]))
    assert outcomes_of(called).false_pages == 1
    price = called.exercise.prices.page
    assert outcomes_of(called).spend == pytest.approx(outcomes_of(calm).spend + price)


def test_a_restart_frees_memory() -> None:
    run = Run(scenario(3, "rollout", "leaking"))
    while run.view().candidate is None:
        run.apply([])
    run.apply([SetTraffic(0.5)], steps=100)
    before = run.view().candidate
    run.apply([Restart("candidate")], steps=2)
    after = run.view().candidate
    assert before is not None
    assert after is not None
    assert after.memory < before.memory - 0.1


def test_missing_metrics_are_shown_as_missing_and_not_as_zero() -> None:
    run = played(quiet(5, Incident(IncidentKind.METRIC_OUTAGE, 50, 60, 1.0)), [], 55)
    view = run.view()
    assert view.metrics_missing
    assert view.stable.overall.error_rate is None
    assert not view.inputs


def test_what_cannot_be_done_now_is_refused_counted_and_harmless() -> None:
    run = Run(quiet(5))
    impossible: list[Action] = [Promote(), SetTraffic(0.5), RollBack(), Retrain(), Restart("candidate")]
    refused = run.apply(impossible)
    assert [refusal.why for refusal in refused] == [
        "there is no candidate",
        "there is no candidate",
        "there is nothing to go back from",
        "this exercise has no retrain",
        "there is no candidate",
    ]
    assert outcomes_of(run).refused == len(impossible)


def test_alerts_fire_while_a_measure_is_beyond_its_limit() -> None:
    rule = SetAlert("errors", "error_rate", above=0.02, steps=3)
    run = played(quiet(5, Incident(IncidentKind.UPSTREAM_OUTAGE, 20, 40, 0.05)), [(0, rule)], 22)
    assert run.view().alerts == ()
    run.apply([], steps=2)
    assert run.view().alerts == ("errors",)
    run.apply([], steps=20)
    assert run.view().alerts == ()


def test_actions_in_json_do_the_same() -> None:
    one, other = Run(scenario(3, "rollout", "good")), Run(scenario(3, "rollout", "good"))
    one.apply([SetCapacity("stable", 12)], steps=50)
    refused = other.apply_json([{"action": "set_capacity", "version": "stable", "floor": 12}, 5], steps=50)
    assert canonical_bytes(one.view().to_json()) == canonical_bytes(other.view().to_json())
    assert len(refused) == 1
    assert outcomes_of(other).refused == 1


def test_a_run_ends_at_its_horizon() -> None:
    run = Run(quiet(5))
    run.apply([], steps=10**6)
    assert run.over
    with pytest.raises(RunOverError):
        run.apply([])
