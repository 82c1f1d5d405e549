"""What may follow what: invitations, tasks, deadlines and ends."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from shipworthy.delivery.entities import Invitation, InvitationState, SessionTask, TaskState
from shipworthy.delivery.errors import InvitationStateError, TaskStateError, TimeIsOverError

GRACE = timedelta(seconds=30)
"""How long after a deadline something is still taken that was on its way."""
SHORTEST_BETWEEN_REMINDERS = timedelta(hours=1)
LONGEST_EXTENSION = timedelta(days=366)
TIME_FACTORS = (1.0, 4.0)
"""The least and the most time that an accommodation may give, as a multiple."""
CODE_HOLDS = timedelta(minutes=10)
CODE_TRIES = 5
DEVICE_HOLDS = timedelta(days=30)
OPEN = frozenset({InvitationState.INVITED, InvitationState.OPENED, InvitationState.STARTED})


class Act(StrEnum):
    """What can be done with an invitation."""

    OPEN = "opened"
    START = "started"
    FINISH = "finished"
    WITHDRAW = "withdrawn"
    CANCEL = "cancelled"
    EXPIRE = "ended"
    REMIND = "reminded of"
    EXTEND = "extended"


_I = InvitationState
_NEXT: Mapping[Act, Mapping[InvitationState, InvitationState]] = {
    Act.OPEN: {_I.INVITED: _I.OPENED, _I.OPENED: _I.OPENED, _I.STARTED: _I.STARTED, _I.FINISHED: _I.FINISHED},
    Act.START: {_I.OPENED: _I.STARTED},
    Act.FINISH: {_I.STARTED: _I.FINISHED},
    Act.WITHDRAW: dict.fromkeys(OPEN, _I.WITHDRAWN),
    Act.CANCEL: dict.fromkeys(OPEN, _I.CANCELLED),
    Act.EXPIRE: dict.fromkeys(OPEN, _I.EXPIRED),
    Act.REMIND: {state: state for state in OPEN},
    Act.EXTEND: {state: state for state in OPEN},
}
_WORDS = {
    _I.INVITED: "was not opened yet",
    _I.OPENED: "was opened, but not started",
    _I.STARTED: "was started already",
    _I.FINISHED: "is finished",
    _I.WITHDRAWN: "was ended by the candidate, who withdrew",
    _I.CANCELLED: "was cancelled",
    _I.EXPIRED: "has expired",
}


def after(state: InvitationState, act: Act) -> InvitationState:
    """Return the state that follows. Raises `InvitationStateError` where the act is not possible."""
    following = _NEXT[act].get(state)
    if following is None:
        raise InvitationStateError(
            f"The invitation {_WORDS[state]}; it cannot be {act}.", remedy=_remedy(state), state=state
        )
    return following


def restored(cancelled_from: InvitationState | None, state: InvitationState) -> InvitationState:
    """Return the state that an invitation gets back when its cancellation is undone."""
    if state is not InvitationState.CANCELLED or cancelled_from is None:
        raise InvitationStateError(
            f"The invitation {_WORDS[state]}; there is no cancellation to undo.", remedy="Nothing to do.", state=state
        )
    return cancelled_from


def state_when_extended(invitation: Invitation, *, started: bool) -> InvitationState:
    """Return the state of an invitation that gets a later end: one that expired lives again."""
    if invitation.state is not InvitationState.EXPIRED:
        return after(invitation.state, Act.EXTEND)
    if started:
        return InvitationState.STARTED
    return InvitationState.OPENED if invitation.opened_at else InvitationState.INVITED


def is_past(invitation: Invitation, now: datetime) -> bool:
    """Say whether an open invitation's end has passed."""
    return invitation.state in OPEN and now > invitation.expires_at


def state_when_past(tasks: Sequence[SessionTask]) -> InvitationState | None:
    """Return what a started invitation becomes after its end, or nothing while a task runs: that may be finished."""
    if any(task.state is TaskState.RUNNING and not task.practice for task in tasks):
        return None
    return InvitationState.FINISHED if any(_has_ended(task) for task in tasks) else InvitationState.EXPIRED


def all_ended(tasks: Sequence[SessionTask]) -> bool:
    """Say whether every task that counts is over; practice does not count."""
    return all(_has_ended(task) for task in tasks if not task.practice)


def _has_ended(task: SessionTask) -> bool:
    return not task.practice and task.state in {TaskState.HANDED_IN, TaskState.CLOSED}


def deadline(started_at: datetime, minutes: float, time_factor: float) -> datetime:
    """Return when the time for a task is over; `minutes` are the task's own, the factor is the accommodation's."""
    return started_at + timedelta(minutes=minutes * time_factor)


def is_overdue(task: SessionTask, now: datetime) -> bool:
    """Say whether a running task's time is over, what may still be on its way included."""
    return task.state is TaskState.RUNNING and task.deadline_at is not None and now > task.deadline_at + GRACE


def seconds_left(task: SessionTask, now: datetime) -> float | None:
    """Return the seconds until the deadline, at least 0; nothing for a task without a clock."""
    if task.deadline_at is None:
        return None
    return max(0.0, (task.deadline_at - now).total_seconds())


def expect_startable(task: SessionTask, tasks: Sequence[SessionTask], invitation: Invitation, now: datetime) -> None:
    """Refuse to start a task that was started before, beside another, or after the invitation's end."""
    if task.state is not TaskState.WAITING:
        raise TaskStateError("This task was started before.", remedy="Go back to the overview.")
    if any(other.state is TaskState.RUNNING and not other.practice for other in tasks):
        raise TaskStateError("Another task is running.", remedy="Hand it in first; two clocks at once help nobody.")
    if invitation.state is not InvitationState.STARTED or now > invitation.expires_at:
        raise InvitationStateError(
            "The invitation has ended; no task can be started any more.",
            remedy="Ask the contact person for a later end.",
            state=invitation.state,
        )


def expect_open(task: SessionTask, now: datetime) -> None:
    """Refuse to take anything for a task that does not run, or whose time is over."""
    if task.state is TaskState.WAITING:
        raise TaskStateError("This task was not started yet.", remedy="Start it from the overview.")
    if task.state is not TaskState.RUNNING:
        raise TaskStateError("This task is over.", remedy="Go back to the overview.")
    if task.deadline_at is not None and is_overdue(task, now):
        raise TimeIsOverError(task.deadline_at)


def is_time_factor(factor: float) -> bool:
    """Say whether an accommodation may give this much time."""
    return TIME_FACTORS[0] <= factor <= TIME_FACTORS[1]


def may_remind(invitation: Invitation, now: datetime) -> bool:
    """Say whether the last reminder is long enough ago."""
    return invitation.reminded_at is None or now - invitation.reminded_at >= SHORTEST_BETWEEN_REMINDERS


def _remedy(state: InvitationState) -> str:
    if state is InvitationState.EXPIRED:
        return "Extend the invitation first."
    if state is InvitationState.CANCELLED:
        return "Undo the cancellation first."
    return "Reload the page to see where it stands."
