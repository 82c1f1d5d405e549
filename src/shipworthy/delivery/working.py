"""How a candidate works on a task: start it, save, upload, run checks, hand in. The server's clock alone counts."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.core.canonical import JSONValue
from shipworthy.delivery import invitation_repository as invitations
from shipworthy.delivery import session_repository as sessions
from shipworthy.delivery.closing import end_task, keep_submission
from shipworthy.delivery.entities import (
    Draft,
    HandedInBy,
    SessionEvent,
    SessionEventKind,
    SessionTask,
    SubmissionFacts,
    TaskState,
    Visit,
)
from shipworthy.delivery.errors import (
    DraftConflictError,
    FilesRefusedError,
    NoSuchInvitationError,
    NoSuchTaskError,
    TaskStateError,
)
from shipworthy.delivery.form_tasks import (
    expect_takable,
    missing_files,
    package_of,
    prepared_workspace,
    starter,
    workspace,
)
from shipworthy.delivery.rules import deadline, expect_open, expect_startable
from shipworthy.grading.jobs.operations import enqueue_public_check
from shipworthy.store.blobs import Blobs
from shipworthy.store.database import Database
from shipworthy.tasks.archives import read_archive
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.entities import SubmissionRules
from shipworthy.tasks.packing import packed

SAME_TOLD_EVERY = timedelta(minutes=1)


def session_tasks(work: Connection, visit: Visit) -> list[SessionTask]:
    """Return the tasks of a visit's session in their order."""
    return sessions.tasks_of(work, visit.session.id) if visit.session else []


def session_task(work: Connection, visit: Visit, wanted: UUID) -> SessionTask:
    """Return one task of the visit's own session. Raises `NoSuchTaskError` for those of others too."""
    found = sessions.task(work, wanted)
    return _own(visit, found)


def prepare(database: Database, catalogue: Catalogue, blobs: Blobs, task: SessionTask) -> SessionTask:
    """Generate a task's workspace, if that was not done yet; the clock does not run meanwhile."""
    if task.workspace is not None:
        return task
    blob = prepared_workspace(catalogue, blobs, task)
    with database.unit_of_work(task.organisation) as work:
        sessions.change_task(work, task.id, workspace=blob)
        return sessions.task(work, task.id) or task


def start_task(database: Database, catalogue: Catalogue, blobs: Blobs, visit: Visit, wanted: UUID) -> SessionTask:
    """Start a task: its workspace is made first, then its clock runs. Practice has no clock.

    Raises `NoSuchTaskError`, `TaskStateError`, `InvitationStateError` or `PackageChangedError`.
    """
    with database.unit_of_work(visit.organisation) as work:
        task = session_task(work, visit, wanted)
    rules = package_of(catalogue, task).manifest.submission
    task = prepare(database, catalogue, blobs, task)
    files = starter(workspace(blobs, task.workspace or ""), rules)
    with database.unit_of_work(visit.organisation) as work:
        task = _own(visit, sessions.held_task(work, wanted))
        found = invitations.invitation(work, visit.invitation.id)
        if found is None:
            raise NoSuchInvitationError
        now = clock.now()
        expect_startable(task, sessions.tasks_of(work, task.session), found, now)
        factor = invitations.time_factor(work, found.id)
        end = None if task.practice else deadline(now, task.minutes, factor)
        sessions.change_task(work, task.id, state=TaskState.RUNNING.value, started_at=now, deadline_at=end)
        sessions.add_draft(work, task.organisation, task.id, files, now=now, by="house")
        tell(work, task, SessionEventKind.TASK_STARTED)
        _record(work, visit, Tag.CANDIDATE_TASK_STARTED, task, {"deadline": end.isoformat() if end else ""})
        return sessions.task(work, task.id) or task


def draft_of(work: Connection, task: SessionTask) -> Draft:
    """Return the files of a task as they were saved last. Raises `TaskStateError` for one that was not started."""
    found = sessions.draft(work, task.id)
    if found is None:
        raise TaskStateError("This task was not started yet.", remedy="Start it from the overview.")
    return found


def save(
    work: Connection,
    visit: Visit,
    wanted: UUID,
    *,
    revision: int,
    changes: Mapping[str, bytes | None],
    rules: SubmissionRules,
    by: str,
) -> Draft:
    """Save changed files on top of the revision that they were made from; `None` deletes a file.

    Raises `DraftConflictError` with what is kept where that is a later revision, `TaskStateError` or `TimeIsOverError`,
    and `FilesRefusedError`.
    """
    task, draft = _held_draft(work, visit, wanted)
    if draft.revision != revision:
        raise DraftConflictError(draft)
    files = {**draft.files, **{path: content for path, content in changes.items() if content is not None}}
    for path in (path for path, content in changes.items() if content is None):
        files.pop(path, None)
    expect_takable(files, rules)
    saved = _save(work, task, draft, files, by)
    tell_sparingly(work, task, SessionEventKind.SAVED, {"revision": saved.revision})
    return saved


def upload(
    work: Connection, visit: Visit, wanted: UUID, archive: Path, *, rules: SubmissionRules, by: str
) -> tuple[Draft, tuple[str, ...]]:
    """Replace all files by those of a zip archive that count; return what was left aside too.

    What was there before is kept, so that `undo_upload` gives it back. Raises `SubmissionRefusedError`,
    `FilesRefusedError`, `TaskStateError` or `TimeIsOverError`.
    """
    intake = read_archive(archive, rules)
    if not intake.files:
        raise FilesRefusedError(
            "The archive holds no file that counts.", remedy=f"What counts here: {', '.join(rules.paths)}."
        )
    expect_takable(intake.files, rules)
    task, draft = _held_draft(work, visit, wanted)
    saved = _save(work, task, draft, intake.files, by, replaced=draft.files)
    tell(work, task, SessionEventKind.UPLOADED, {"files": len(intake.files), "revision": saved.revision})
    return saved, tuple(sorted(intake.ignored))


def undo_upload(work: Connection, visit: Visit, wanted: UUID, *, by: str) -> Draft:
    """Give back the files that the last upload replaced. Raises `TaskStateError` where nothing can be undone."""
    task, draft = _held_draft(work, visit, wanted)
    before = sessions.replaced_files(work, task.id)
    if before is None:
        raise TaskStateError("There is no upload to undo.", remedy="Files that were saved after it would be lost.")
    saved = _save(work, task, draft, before, by)
    tell(work, task, SessionEventKind.UPLOAD_UNDONE, {"revision": saved.revision})
    return saved


def run_checks(work: Connection, blobs: Blobs, visit: Visit, wanted: UUID) -> UUID:
    """Put the public checks of what was saved last into the queue; return the id to look for what came of it.

    Raises `CheckUnderWayError`, `TaskStateError` or `TimeIsOverError`.
    """
    task, draft = _held_draft(work, visit, wanted)
    tell(work, task, SessionEventKind.CHECKED, {"revision": draft.revision})
    return enqueue_public_check(
        work,
        task.organisation,
        candidate=visit.candidate.id,
        session_task=task.id,
        task_id=task.task_id,
        package_digest=task.package_digest,
        seed=task.seed,
        blob=blobs.put(packed(draft.files)),
    )


def hand_in(
    work: Connection, blobs: Blobs, visit: Visit, wanted: UUID, *, rules: SubmissionRules, revision: int | None = None
) -> SubmissionFacts:
    """Hand in what was saved last; handing in twice gives the same submission.

    With `revision`, what is kept must be that one. Raises `DraftConflictError`, `FilesRefusedError` where a required
    file is missing, `TaskStateError` or `TimeIsOverError`.
    """
    task = _own(visit, sessions.held_task(work, wanted))
    before = sessions.submission_of(work, task.id)
    if before is not None and before.handed_in_by is HandedInBy.CANDIDATE:
        return before
    expect_open(task, clock.now())
    draft = sessions.draft(work, task.id, hold=True) or draft_of(work, task)
    if revision is not None and revision != draft.revision:
        raise DraftConflictError(draft)
    missing = missing_files(draft.files, rules)
    if missing:
        raise FilesRefusedError(f"The submission lacks {', '.join(missing)}.", remedy="Add it; the name must be exact.")
    facts = keep_submission(work, blobs, task, draft.files, by=HandedInBy.CANDIDATE)
    end_task(work, task, TaskState.HANDED_IN, SessionEventKind.HANDED_IN)
    details: dict[str, JSONValue] = {"blob": facts.blob, "revision": draft.revision}
    _record(work, visit, Tag.CANDIDATE_SUBMISSION_HANDED_IN, task, details)
    return facts


def tell(
    work: Connection,
    task: SessionTask,
    kind: SessionEventKind,
    details: Mapping[str, object] | None = None,
) -> None:
    """Write a line into the session's timeline."""
    event = SessionEvent(clock.now(), kind, task.id, details or {})
    sessions.add_event(work, task.organisation, task.session, event)


def tell_sparingly(
    work: Connection, task: SessionTask, kind: SessionEventKind, details: Mapping[str, object] | None = None
) -> None:
    """Write a line into the session's timeline unless the same was told within the last minute."""
    if not sessions.has_event_since(work, task.session, task.id, kind, clock.now() - SAME_TOLD_EVERY):
        tell(work, task, kind, details)


def timeline(work: Connection, session: UUID) -> list[SessionEvent]:
    """Return a session's timeline, the first line first."""
    return sessions.events_of(work, session)


def submission_of(work: Connection, task: SessionTask) -> SubmissionFacts | None:
    """Return what was handed in for a task."""
    return sessions.submission_of(work, task.id)


def _held_draft(work: Connection, visit: Visit, wanted: UUID) -> tuple[SessionTask, Draft]:
    """Hold the draft first and look at the task then: whoever hands in holds both, so nothing is saved behind it."""
    draft = sessions.draft(work, wanted, hold=True)
    task = _own(visit, sessions.task(work, wanted))
    expect_open(task, clock.now())
    return task, draft or draft_of(work, task)


def _save(
    work: Connection,
    task: SessionTask,
    draft: Draft,
    files: Mapping[str, bytes],
    by: str,
    *,
    replaced: Mapping[str, bytes] | None = None,
) -> Draft:
    now, revision = clock.now(), draft.revision + 1
    sessions.save_draft(work, task.id, files, revision=revision, now=now, by=by, replaced=replaced)
    return Draft(task.id, revision, dict(sorted(files.items())), now, by, replaced is not None)


def _own(visit: Visit, found: SessionTask | None) -> SessionTask:
    if found is None or visit.session is None or found.session != visit.session.id:
        raise NoSuchTaskError(remedy="Go back to the overview.")
    return found


def _record(work: Connection, visit: Visit, tag: Tag, task: SessionTask, details: Mapping[str, JSONValue]) -> None:
    who = f"candidate:{visit.candidate.id}"
    told: dict[str, JSONValue] = {"session_task": str(task.id), "task": task.task_id, **details}
    record(work, visit.organisation, tag, actor=who, subject=who, details=told)
