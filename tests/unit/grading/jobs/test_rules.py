from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.grading.jobs.entities import JobKind, JobState, Standing
from shipworthy.grading.jobs.rules import CHECKS_IN_A_ROW, WAITS, after_fault, in_turn, kinds_in_turn, storable

GRADING, CHECK = JobKind.GRADING, JobKind.PUBLIC_CHECK
MOMENTS = st.integers(0, 50).map(lambda seconds: datetime(2026, 5, 3, tzinfo=UTC) + timedelta(seconds=seconds))
STANDINGS = st.lists(
    st.builds(Standing, st.uuids(), st.integers(0, 3), st.none() | MOMENTS), max_size=8, unique_by=lambda each: each.id
)


def test_public_checks_come_first_because_somebody_waits_for_them() -> None:
    assert kinds_in_turn({GRADING, CHECK}, []) == (CHECK, GRADING)
    assert kinds_in_turn({GRADING}, []) == (GRADING,)
    assert kinds_in_turn(set(), [CHECK]) == ()


@given(st.integers(1, 40), st.integers(1, 200))
def test_gradings_are_never_starved_by_checks_that_never_end(gradings: int, rounds: int) -> None:
    taken: list[JobKind] = []
    left = gradings
    for _ in range(rounds):
        kind = kinds_in_turn({CHECK, GRADING} if left else {CHECK}, taken[::-1][:CHECKS_IN_A_ROW])[0]
        left -= kind is GRADING
        taken.append(kind)
    assert gradings - left == min(gradings, rounds // (CHECKS_IN_A_ROW + 1))


def test_checks_take_the_places_that_no_grading_wants() -> None:
    assert kinds_in_turn({CHECK}, [CHECK] * 3) == (CHECK,)


@given(STANDINGS, st.randoms())
def test_the_order_does_not_depend_on_the_order_they_came_in(standings: list[Standing], random: object) -> None:
    shuffled = list(standings)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    assert in_turn(shuffled) == in_turn(standings)


@given(STANDINGS)
def test_nobody_with_more_running_comes_before_one_with_less(standings: list[Standing]) -> None:
    order = in_turn(standings)
    assert [each.running for each in order] == sorted(each.running for each in standings)
    for first, second in pairwise(order):
        if first.running == second.running:
            assert first.served_at is None or (second.served_at is not None and first.served_at <= second.served_at)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=5), st.integers(1, 4))
def test_whoever_brings_a_thousand_waits_no_less_than_whoever_brings_one(lengths: Sequence[int], slots: int) -> None:
    """Played to the end: as long as two organisations both wait, neither is ever more than one place ahead."""
    waiting = {UUID(int=number): length for number, length in enumerate(lengths)}
    served: dict[UUID, datetime] = {}
    given_places: Counter[UUID] = Counter()
    running: list[UUID] = []
    tick = datetime(2026, 5, 3, tzinfo=UTC)
    while any(waiting.values()):
        tick += timedelta(seconds=1)
        if len(running) == slots:
            running.pop(0)
        standings = [Standing(each, running.count(each), served.get(each)) for each, left in waiting.items() if left]
        turn = in_turn(standings)[0].id
        waiting[turn] -= 1
        running.append(turn)
        served[turn] = tick
        given_places[turn] += 1
        places = [given_places[each] for each, left in waiting.items() if left]
        assert not places or max(places) - min(places) <= 1


@pytest.mark.parametrize("kind", list(JobKind))
def test_a_fault_is_tried_again_later_and_later_and_then_stopped(kind: JobKind) -> None:
    for faults, wait in enumerate(WAITS[kind], start=1):
        after = after_fault(kind, faults)
        assert (after.state, after.wait_seconds) == (JobState.WAITING, wait)
    assert after_fault(kind, len(WAITS[kind]) + 1).state is JobState.STOPPED


def test_a_grading_has_three_tries() -> None:
    assert WAITS[GRADING] == (5.0, 30.0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_everything_can_be_kept_and_what_can_be_kept_is_not_changed(value: JSONValue) -> None:
    kept = storable(value)
    spelled = canonical_bytes(kept)
    assert spelled.decode("utf-8"), "no half characters are left"
    assert b"\\u0000" not in spelled
    assert storable(kept) == kept
