"""The SQL of sessions, their tasks, drafts, submissions and timelines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    Numeric,
    Row,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)

from shipworthy.delivery.entities import (
    Draft,
    HandedInBy,
    InvitationState,
    Session,
    SessionEvent,
    SessionEventKind,
    SessionTask,
    SubmissionFacts,
    TaskState,
)
from shipworthy.delivery.invitation_repository import INVITATIONS
from shipworthy.store.tables import TABLES, belongs_to_organisation, document, key, moment
from shipworthy.tasks.packing import packed, unpacked

SESSIONS = Table(
    "session",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("invitation_id", Uuid, nullable=False),
    Column("candidate_id", Uuid, nullable=False),
    moment("consented_at"),
    Column("notice", Text, nullable=False),
    Column("notice_digest", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    moment("finished_at", optional=True),
    moment("withdrawn_at", optional=True),
)
TASKS = Table(
    "session_task",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("session_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("task_id", Text, nullable=False),
    Column("task_version", Text, nullable=False),
    Column("package_digest", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("minutes", Numeric, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    moment("started_at", optional=True),
    moment("deadline_at", optional=True),
    moment("ended_at", optional=True),
    Column("workspace", Text),
)
DRAFTS = Table(
    "draft",
    TABLES,
    Column("session_task_id", Uuid, primary_key=True),
    belongs_to_organisation(),
    Column("revision", Integer, nullable=False),
    Column("files", LargeBinary, nullable=False),
    moment("saved_at"),
    Column("saved_by", Text, nullable=False),
    Column("replaced", LargeBinary),
)
EVENTS = Table(
    "session_event",
    TABLES,
    Column("id", BigInteger, primary_key=True),
    belongs_to_organisation(),
    Column("session_id", Uuid, nullable=False),
    Column("session_task_id", Uuid),
    moment("at"),
    Column("kind", Text, nullable=False),
    document("details"),
)
SUBMISSIONS = Table(
    "submission",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("session_task_id", Uuid, nullable=False),
    Column("blob", Text, nullable=False),
    Column("files", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("handed_in_by", Text, nullable=False),
    moment("handed_in_at"),
)
MOST_EVENTS = 2000


def add_session(work: Connection, session: Session) -> None:
    """Write a session."""
    values = {
        "id": session.id,
        "organisation_id": session.organisation,
        "invitation_id": session.invitation,
        "candidate_id": session.candidate,
        "consented_at": session.consented_at,
        "notice": session.notice,
        "notice_digest": session.notice_digest,
        "time_zone": session.time_zone,
    }
    work.execute(insert(SESSIONS).values(values))


def session_of(work: Connection, invitation: UUID) -> Session | None:
    """Return the session of an invitation, if it was begun."""
    row = work.execute(select(SESSIONS).where(SESSIONS.c.invitation_id == invitation)).first()
    return session_row(row) if row else None


def session(work: Connection, wanted: UUID) -> Session:
    """Return a session that is known to be there."""
    return session_row(work.execute(select(SESSIONS).where(SESSIONS.c.id == wanted)).one())


def change_session(work: Connection, wanted: UUID, **values: object) -> None:
    """Change a session's columns."""
    work.execute(update(SESSIONS).where(SESSIONS.c.id == wanted).values(**values))


def add_tasks(work: Connection, tasks: Sequence[SessionTask]) -> None:
    """Write the form: the tasks of a session."""
    rows = [
        {
            "id": task.id,
            "organisation_id": task.organisation,
            "session_id": task.session,
            "position": task.position,
            "task_id": task.task_id,
            "task_version": task.task_version,
            "package_digest": task.package_digest,
            "seed": task.seed,
            "minutes": task.minutes,
            "practice": task.practice,
            "state": task.state.value,
        }
        for task in tasks
    ]
    work.execute(insert(TASKS), rows)


def tasks_of(work: Connection, session: UUID, *, hold: bool = False) -> list[SessionTask]:
    """Return the tasks of a session in their order; with `hold`, others who want to change them wait."""
    query = select(TASKS).where(TASKS.c.session_id == session).order_by(TASKS.c.position)
    return [_task(row) for row in work.execute(query.with_for_update() if hold else query)]


def task(work: Connection, wanted: UUID, *, hold: bool = False) -> SessionTask | None:
    """Return one task of a session; with `hold`, others who want to change it wait until this transaction ends."""
    query = select(TASKS).where(TASKS.c.id == wanted)
    row = work.execute(query.with_for_update() if hold else query).first()
    return _task(row) if row else None


def held_task(work: Connection, wanted: UUID) -> SessionTask | None:
    """Return a task that nobody else changes until this transaction ends, nor its invitation.

    Invitation, task and draft are always held in this order, so that no two transactions wait for each other.
    """
    found = task(work, wanted)
    if found is None:
        return None
    wanted_invitation = select(SESSIONS.c.invitation_id).where(SESSIONS.c.id == found.session).scalar_subquery()
    work.execute(select(INVITATIONS.c.id).where(INVITATIONS.c.id == wanted_invitation).with_for_update())
    return task(work, wanted, hold=True)


def change_task(work: Connection, wanted: UUID, **values: object) -> None:
    """Change a task's columns."""
    work.execute(update(TASKS).where(TASKS.c.id == wanted).values(**values))


def overdue_tasks(house: Connection, before: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Return organisation and id of running tasks whose deadline was before, in the house's work.

    Tasks of invitations that were cancelled are left as they are: the cancellation may be undone.
    """
    query = (
        select(TASKS.c.organisation_id, TASKS.c.id)
        .join(SESSIONS, SESSIONS.c.id == TASKS.c.session_id)
        .join(INVITATIONS, INVITATIONS.c.id == SESSIONS.c.invitation_id)
        .where(TASKS.c.state == TaskState.RUNNING.value, TASKS.c.deadline_at < before)
        .where(INVITATIONS.c.state == InvitationState.STARTED.value)
        .order_by(TASKS.c.deadline_at)
        .limit(limit)
    )
    return [(row.organisation_id, row.id) for row in house.execute(query)]


def add_draft(
    work: Connection, organisation: UUID, task: UUID, files: Mapping[str, bytes], *, now: datetime, by: str
) -> None:
    """Write the files that a task begins with, as revision 0."""
    values = {"session_task_id": task, "organisation_id": organisation, "revision": 0}
    work.execute(insert(DRAFTS).values(**values, files=packed(files), saved_at=now, saved_by=by))


def draft(work: Connection, task: UUID, *, hold: bool = False) -> Draft | None:
    """Return the files of a task as they were saved last."""
    query = select(
        DRAFTS.c.session_task_id,
        DRAFTS.c.revision,
        DRAFTS.c.files,
        DRAFTS.c.saved_at,
        DRAFTS.c.saved_by,
        DRAFTS.c.replaced.is_not(None).label("can_undo_upload"),
    ).where(DRAFTS.c.session_task_id == task)
    row = work.execute(query.with_for_update() if hold else query).first()
    if row is None:
        return None
    return Draft(
        row.session_task_id, row.revision, unpacked(row.files), row.saved_at, row.saved_by, row.can_undo_upload
    )


def replaced_files(work: Connection, task: UUID) -> dict[str, bytes] | None:
    """Return the files that the last upload replaced."""
    found = work.scalar(select(DRAFTS.c.replaced).where(DRAFTS.c.session_task_id == task))
    return None if found is None else unpacked(found)


def save_draft(
    work: Connection,
    task: UUID,
    files: Mapping[str, bytes],
    *,
    revision: int,
    now: datetime,
    by: str,
    replaced: Mapping[str, bytes] | None = None,
) -> None:
    """Write the files of a draft that the caller holds, as a new revision."""
    kept = None if replaced is None else packed(replaced)
    values = {"files": packed(files), "revision": revision, "saved_at": now, "saved_by": by, "replaced": kept}
    work.execute(update(DRAFTS).where(DRAFTS.c.session_task_id == task).values(values))


def add_submission(work: Connection, organisation: UUID, facts: SubmissionFacts) -> None:
    """Write that something was handed in."""
    values = {
        "id": facts.id,
        "organisation_id": organisation,
        "session_task_id": facts.session_task,
        "blob": facts.blob,
        "files": facts.files,
        "bytes": facts.bytes,
        "handed_in_by": facts.handed_in_by.value,
        "handed_in_at": facts.handed_in_at,
    }
    work.execute(insert(SUBMISSIONS).values(values))


def submission_of(work: Connection, task: UUID) -> SubmissionFacts | None:
    """Return what was handed in for a task."""
    row = work.execute(select(SUBMISSIONS).where(SUBMISSIONS.c.session_task_id == task)).first()
    if row is None:
        return None
    by = HandedInBy(row.handed_in_by)
    return SubmissionFacts(row.id, row.session_task_id, row.blob, row.files, row.bytes, by, row.handed_in_at)


def add_event(work: Connection, organisation: UUID, session: UUID, event: SessionEvent) -> None:
    """Write a line of a session's timeline."""
    values = {"session_id": session, "session_task_id": event.session_task, "at": event.at, "kind": event.kind.value}
    work.execute(insert(EVENTS).values(organisation_id=organisation, **values, details=dict(event.details)))


def has_event_since(work: Connection, session: UUID, task: UUID, kind: SessionEventKind, since: datetime) -> bool:
    """Say whether the timeline has a line of this kind about the task since a moment."""
    query = select(EVENTS.c.id).where(EVENTS.c.session_id == session, EVENTS.c.at > since)
    found = query.where(EVENTS.c.session_task_id == task, EVENTS.c.kind == kind.value).limit(1)
    return work.execute(found).first() is not None


def events_of(work: Connection, session: UUID) -> list[SessionEvent]:
    """Return a session's timeline, the first line first."""
    query = select(EVENTS).where(EVENTS.c.session_id == session).order_by(EVENTS.c.at, EVENTS.c.id).limit(MOST_EVENTS)
    return [
        SessionEvent(row.at, SessionEventKind(row.kind), row.session_task_id, row.details)
        for row in work.execute(query)
    ]


def session_row(row: Any) -> Session:
    """Return the session that a row holds."""
    return Session(
        id=row.id,
        organisation=row.organisation_id,
        invitation=row.invitation_id,
        candidate=row.candidate_id,
        consented_at=row.consented_at,
        notice=row.notice,
        notice_digest=row.notice_digest,
        time_zone=row.time_zone,
        finished_at=row.finished_at,
        withdrawn_at=row.withdrawn_at,
    )


def _task(row: Row[Any]) -> SessionTask:
    return SessionTask(
        id=row.id,
        organisation=row.organisation_id,
        session=row.session_id,
        position=row.position,
        task_id=row.task_id,
        task_version=row.task_version,
        package_digest=row.package_digest,
        seed=row.seed,
        minutes=float(row.minutes),
        practice=row.practice,
        state=TaskState(row.state),
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        ended_at=row.ended_at,
        workspace=row.workspace,
    )
