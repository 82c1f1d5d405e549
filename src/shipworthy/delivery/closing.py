"""How things end: handing in, time that runs out, invitations that pass their end, and withdrawal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.core.canonical import JSONValue
from shipworthy.delivery import invitation_repository as repository
from shipworthy.delivery import session_repository as sessions
from shipworthy.delivery import wording
from shipworthy.delivery.entities import (
    HandedInBy,
    Invitation,
    InvitationState,
    Session,
    SessionEvent,
    SessionEventKind,
    SessionTask,
    SubmissionFacts,
    TaskState,
    Visit,
)
from shipworthy.delivery.rules import GRACE, Act, after, all_ended, is_overdue, is_past, state_when_past
from shipworthy.grading.jobs.operations import enqueue_grading
from shipworthy.letters import operations as letters
from shipworthy.store.blobs import Blobs
from shipworthy.store.database import Database
from shipworthy.tasks.packing import packed

HOUSE = "house"


def close_overdue(database: Database, blobs: Blobs, *, limit: int = 100) -> int:
    """Close running tasks whose time is over, and end invitations that passed their end.

    What was saved last is handed in. Returns how many tasks and invitations were closed. Any process may call it at
    any time, also several at once.
    """
    now = clock.now()
    with database.house_work() as house:
        tasks = sessions.overdue_tasks(house, now - GRACE, limit)
        invitations = repository.past_invitations(house, now, limit)
    closed = sum(_close(database, blobs, organisation, task) for organisation, task in tasks)
    return closed + sum(_expire(database, organisation, wanted) for organisation, wanted in invitations)


def close_if_overdue(database: Database, blobs: Blobs, task: SessionTask) -> bool:
    """Close one task if its time is over; say whether it was."""
    return is_overdue(task, clock.now()) and _close(database, blobs, task.organisation, task.id)


def keep_submission(
    work: Connection, blobs: Blobs, task: SessionTask, files: Mapping[str, bytes], *, by: HandedInBy
) -> SubmissionFacts:
    """Write a submission with its blob, and put its grading into the queue, in the caller's transaction.

    A practice task is kept, but not graded.
    """
    content = packed(files)
    facts = SubmissionFacts(
        id=uuid4(),
        session_task=task.id,
        blob=blobs.put(content),
        files=len(files),
        bytes=sum(map(len, files.values())),
        handed_in_by=by,
        handed_in_at=clock.now(),
    )
    sessions.add_submission(work, task.organisation, facts)
    if not task.practice:
        enqueue_grading(
            work,
            task.organisation,
            candidate=sessions.session(work, task.session).candidate,
            session_task=task.id,
            task_id=task.task_id,
            package_digest=task.package_digest,
            seed=task.seed,
            blob=facts.blob,
        )
    return facts


def end_task(work: Connection, task: SessionTask, state: TaskState, kind: SessionEventKind) -> Session:
    """Write that a task, which the caller holds, is over; finish session and invitation where it was the last one."""
    now = clock.now()
    sessions.change_task(work, task.id, state=state.value, ended_at=now)
    sessions.add_event(work, task.organisation, task.session, SessionEvent(now, kind, task.id, {}))
    session = sessions.session(work, task.session)
    found = repository.invitation(work, session.invitation)
    if found and found.state is InvitationState.STARTED and all_ended(sessions.tasks_of(work, session.id)):
        sessions.change_session(work, session.id, finished_at=now)
        repository.change_invitation(work, found.id, now, state=after(found.state, Act.FINISH).value)
    return session


def expire_if_past(work: Connection, found: Invitation) -> Invitation:
    """End an open invitation whose end has passed, unless a task still runs; return it as it is then."""
    now = clock.now()
    if not is_past(found, now):
        return found
    found = repository.invitation(work, found.id, hold=True) or found
    session = sessions.session_of(work, found.id)
    tasks = sessions.tasks_of(work, session.id, hold=True) if session else []
    state = state_when_past(tasks)
    if not is_past(found, now) or state is None:
        return found
    repository.change_invitation(work, found.id, now, state=state.value)
    if session is not None and state is InvitationState.FINISHED:
        sessions.change_session(work, session.id, finished_at=now)
        _close_unstarted(work, tasks)
    details: dict[str, JSONValue] = {"invitation": str(found.id), "state": state.value}
    subject = f"candidate:{found.candidate}"
    record(work, found.organisation, Tag.HOUSE_INVITATION_ENDED, actor=HOUSE, subject=subject, details=details)
    return replace(found, state=state)


def withdraw(work: Connection, visit: Visit) -> None:
    """Let a candidate withdraw: what was handed in stays, nothing more is taken. Raises `InvitationStateError`."""
    now = clock.now()
    found = repository.invitation(work, visit.invitation.id, hold=True) or visit.invitation
    state = after(found.state, Act.WITHDRAW)
    session = sessions.session_of(work, found.id)
    if session is not None:
        _withdraw_tasks(work, session)
        sessions.change_session(work, session.id, withdrawn_at=now)
        event = SessionEvent(now, SessionEventKind.WITHDRAWN, None, {})
        sessions.add_event(work, session.organisation, session.id, event)
    repository.change_invitation(work, found.id, now, state=state.value, device_hash=None)
    text = wording.withdrawal(visit.assessment, visit.candidate)
    letters.write(
        work,
        found.organisation,
        recipient=visit.candidate.email,
        title=text.title,
        body=text.body,
        about=f"invitation:{found.id}",
    )
    who = f"candidate:{found.candidate}"
    details: dict[str, JSONValue] = {"invitation": str(found.id), "was": found.state.value}
    record(work, found.organisation, Tag.CANDIDATE_SESSION_WITHDRAWN, actor=who, subject=who, details=details)


def _withdraw_tasks(work: Connection, session: Session) -> None:
    for task in sessions.tasks_of(work, session.id, hold=True):
        if task.state in {TaskState.WAITING, TaskState.RUNNING}:
            sessions.change_task(work, task.id, state=TaskState.WITHDRAWN.value, ended_at=clock.now())


def _close_unstarted(work: Connection, tasks: Sequence[SessionTask]) -> None:
    """Close what was never started, so that nothing of a finished session is open any more."""
    for task in tasks:
        if task.state is TaskState.WAITING and not task.practice:
            sessions.change_task(work, task.id, state=TaskState.CLOSED.value, ended_at=clock.now())


def _close(database: Database, blobs: Blobs, organisation: UUID, wanted: UUID) -> bool:
    """Hand in what was saved last; a task in which nothing was saved is closed without a submission."""
    with database.unit_of_work(organisation) as work:
        task = sessions.held_task(work, wanted)
        if task is None or not is_overdue(task, clock.now()):
            return False
        draft = sessions.draft(work, wanted, hold=True)
        facts = None
        if draft is not None and draft.revision > 0 and draft.files:
            facts = keep_submission(work, blobs, task, draft.files, by=HandedInBy.HOUSE)
        session = end_task(work, task, TaskState.CLOSED, SessionEventKind.CLOSED)
        details: dict[str, JSONValue] = {"session_task": str(task.id), "blob": facts.blob if facts else ""}
        subject = f"candidate:{session.candidate}"
        record(work, organisation, Tag.HOUSE_TASK_CLOSED, actor=HOUSE, subject=subject, details=details)
    return True


def _expire(database: Database, organisation: UUID, wanted: UUID) -> bool:
    with database.unit_of_work(organisation) as work:
        found = repository.invitation(work, wanted, hold=True)
        return found is not None and expire_if_past(work, found).state is not found.state
