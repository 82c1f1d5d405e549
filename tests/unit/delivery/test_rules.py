from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.delivery.entities import Invitation, InvitationState, SessionTask, TaskState
from shipworthy.delivery.errors import InvitationStateError, TaskStateError, TimeIsOverError
from shipworthy.delivery.rules import (
    GRACE,
    OPEN,
    Act,
    after,
    all_ended,
    deadline,
    expect_open,
    expect_startable,
    is_overdue,
    is_past,
    restored,
    seconds_left,
    state_when_extended,
    state_when_past,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ANY = UUID(int=1)
TASK = SessionTask(
    id=ANY,
    organisation=ANY,
    session=ANY,
    position=1,
    task_id="t",
    task_version="1",
    package_digest="d",
    seed=1,
    minutes=20,
    practice=False,
    state=TaskState.RUNNING,
    started_at=NOON,
    deadline_at=NOON + timedelta(minutes=20),
    ended_at=None,
    workspace=None,
)
INVITATION = Invitation(
    id=ANY,
    organisation=ANY,
    assessment=ANY,
    candidate=ANY,
    state=InvitationState.STARTED,
    cancelled_from=None,
    invited_by="person:1",
    invited_at=NOON,
    expires_at=NOON + timedelta(days=1),
    opened_at=None,
    reminded_at=None,
    reminders=0,
    code_hash=None,
    code_expires_at=None,
    wrong_codes=0,
    device_hash=None,
    device_expires_at=None,
)
WAITING = replace(TASK, state=TaskState.WAITING, started_at=None, deadline_at=None)


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_what_has_ended_never_comes_back_by_itself(acts: list[Act]) -> None:
    state, ended = InvitationState.INVITED, False
    for act in acts:
        try:
            state = after(state, act)
        except InvitationStateError:
            continue
        assert not ended or state not in OPEN
        ended = ended or state not in OPEN


@given(st.sampled_from(sorted(OPEN)))
def test_a_cancellation_can_be_undone_to_what_was_before(state: InvitationState) -> None:
    assert restored(state, after(state, Act.CANCEL)) is state


def test_only_a_cancellation_can_be_undone() -> None:
    with pytest.raises(InvitationStateError, match="no cancellation"):
        restored(None, InvitationState.EXPIRED)


@pytest.mark.parametrize(
    ("opened", "started", "state"),
    [
        (None, False, InvitationState.INVITED),
        (NOON, False, InvitationState.OPENED),
        (NOON, True, InvitationState.STARTED),
    ],
)
def test_an_extended_invitation_goes_on_where_it_was(
    opened: datetime | None, started: bool, state: InvitationState
) -> None:
    expired = replace(INVITATION, state=InvitationState.EXPIRED, opened_at=opened)
    assert state_when_extended(expired, started=started) is state
    with pytest.raises(InvitationStateError, match="withdrew"):
        state_when_extended(replace(expired, state=InvitationState.WITHDRAWN), started=started)


@given(st.floats(1, 600), st.floats(1, 4), st.floats(0, 40_000))
def test_time_is_over_exactly_when_the_accommodated_minutes_and_the_grace_have_passed(
    minutes: float, factor: float, later: float
) -> None:
    end = deadline(NOON, minutes, factor)
    task = replace(TASK, deadline_at=end)
    now = NOON + timedelta(seconds=later)
    assert end >= deadline(NOON, minutes, 1.0)
    assert (seconds_left(task, now) == 0) == (now >= end)
    assert is_overdue(task, now) == (now > end + GRACE)
    if is_overdue(task, now):
        with pytest.raises(TimeIsOverError):
            expect_open(task, now)
    else:
        expect_open(task, now)


@pytest.mark.parametrize("state", [state for state in TaskState if state is not TaskState.RUNNING])
def test_nothing_is_taken_for_a_task_that_does_not_run(state: TaskState) -> None:
    with pytest.raises(TaskStateError):
        expect_open(replace(TASK, state=state), NOON)
    assert not is_overdue(replace(TASK, state=state), NOON + timedelta(days=9))


def test_practice_has_no_clock() -> None:
    practice = replace(TASK, practice=True, deadline_at=None)
    expect_open(practice, NOON + timedelta(days=3))
    assert seconds_left(practice, NOON) is None


def test_one_clock_at_a_time_but_practice_does_not_count() -> None:
    expect_startable(WAITING, [WAITING, replace(TASK, practice=True)], INVITATION, NOON)
    with pytest.raises(TaskStateError, match="Another task"):
        expect_startable(WAITING, [WAITING, TASK], INVITATION, NOON)
    with pytest.raises(TaskStateError, match="before"):
        expect_startable(TASK, [TASK], INVITATION, NOON)


@pytest.mark.parametrize("state", [state for state in InvitationState if state is not InvitationState.STARTED])
def test_no_task_starts_in_an_invitation_that_is_not_under_way(state: InvitationState) -> None:
    with pytest.raises(InvitationStateError):
        expect_startable(WAITING, [WAITING], replace(INVITATION, state=state), NOON)


def test_no_task_starts_after_the_end_but_one_that_runs_may_be_finished() -> None:
    late = NOON + timedelta(days=2)
    with pytest.raises(InvitationStateError):
        expect_startable(WAITING, [WAITING], INVITATION, late)
    assert is_past(INVITATION, late)
    assert state_when_past([WAITING, TASK]) is None


def test_a_past_invitation_is_finished_if_anything_that_counts_was_done() -> None:
    done = replace(TASK, state=TaskState.CLOSED)
    assert state_when_past([WAITING, done]) is InvitationState.FINISHED
    assert state_when_past([WAITING, replace(done, practice=True)]) is InvitationState.EXPIRED
    assert state_when_past([]) is InvitationState.EXPIRED


def test_practice_that_was_left_open_keeps_no_invitation_open() -> None:
    assert state_when_past([replace(TASK, practice=True), WAITING]) is InvitationState.EXPIRED


def test_a_session_has_ended_when_all_that_counts_has() -> None:
    done = replace(TASK, state=TaskState.HANDED_IN)
    assert all_ended([replace(WAITING, practice=True), done, replace(done, state=TaskState.CLOSED)])
    assert not all_ended([done, WAITING])
