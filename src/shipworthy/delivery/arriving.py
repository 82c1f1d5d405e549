"""How a candidate arrives: a link, a code by mail, a device that is known from then on, and consent."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.access.rules import hash_of_token
from shipworthy.access.throttling import allow
from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.core.canonical import digest
from shipworthy.delivery import invitation_repository as repository
from shipworthy.delivery import session_repository as sessions
from shipworthy.delivery import visit_repository, wording
from shipworthy.delivery.closing import expire_if_past
from shipworthy.delivery.entities import (
    AssessmentTask,
    Invitation,
    InvitationState,
    Session,
    SessionEvent,
    SessionEventKind,
    SessionTask,
    TaskState,
    Visit,
)
from shipworthy.delivery.errors import (
    CodeRefusedError,
    InvitationStateError,
    NotConfirmedError,
    TooOftenError,
    UnknownLinkError,
)
from shipworthy.delivery.rules import CODE_HOLDS, CODE_TRIES, DEVICE_HOLDS, Act, after
from shipworthy.delivery.secrets_of_candidates import hash_of_code, is_code, new_code, new_token
from shipworthy.letters import operations as letters
from shipworthy.store.database import Database

CODES_AN_HOUR = 5
SHUT = frozenset({InvitationState.CANCELLED, InvitationState.EXPIRED, InvitationState.WITHDRAWN})
"""States in which a link tells where things stand, and opens nothing."""
_ASK_AGAIN = "Ask for a new code; the old one does not work any more."


def follow_link(database: Database, token: str) -> Visit:
    """Return what a link leads to, without changing how far the invitation is. Raises `UnknownLinkError`."""
    with database.house_work() as house:
        place = repository.place_of_link(house, hash_of_token(token))
    if place is None:
        raise UnknownLinkError(
            remedy="Check that the whole address was copied from the letter, or use the newest letter."
        )
    return _visit(database, *place)


def known_device(database: Database, device: str) -> Visit:
    """Return what a confirmed device works on. Raises `NotConfirmedError`."""
    with database.house_work() as house:
        place = repository.place_of_device(house, hash_of_token(device))
    visit = _visit(database, *place) if place else None
    if visit is None or not _still_holds(visit.invitation):
        raise NotConfirmedError(
            "This device is not confirmed, or you went on with another one.",
            remedy="Open the link from your letter again; a code confirms that it is you.",
        )
    return visit


def send_code(database: Database, visit: Visit) -> None:
    """Send a new code by letter; the one before stops to work. Raises `InvitationStateError` or `TooOftenError`."""
    _expect_not_shut(visit.invitation)
    if not allow(database, f"candidate-code:{visit.invitation.id}", CODES_AN_HOUR, 3600):
        raise TooOftenError(
            f"{CODES_AN_HOUR} codes were sent within an hour.",
            remedy="Look into your mail, also among unwanted letters, or wait an hour.",
        )
    code, now = new_code(), clock.now()
    text = wording.confirmation_code(
        visit.assessment, visit.candidate, code=code, minutes=int(CODE_HOLDS.total_seconds() // 60)
    )
    with database.unit_of_work(visit.organisation) as work:
        repository.change_invitation(
            work,
            visit.invitation.id,
            now,
            code_hash=hash_of_code(visit.invitation.id, code),
            code_expires_at=now + CODE_HOLDS,
            wrong_codes=0,
        )
        letters.write(
            work,
            visit.organisation,
            recipient=visit.candidate.email,
            title=text.title,
            body=text.body,
            about=f"invitation:{visit.invitation.id}",
            secret=code,
        )


def confirm(database: Database, visit: Visit, code: str) -> str:
    """Confirm a device by the code, once, and return the secret that it is known by; other devices are forgotten.

    Raises `CodeRefusedError`, or `InvitationStateError` where the invitation has ended.
    """
    with database.unit_of_work(visit.organisation) as work:
        found = repository.invitation(work, visit.invitation.id, hold=True) or visit.invitation
        _expect_not_shut(found)
        now = clock.now()
        fault = _fault_of_code(found, code, now)
        if not fault:
            return _confirmed(work, found, now)
        repository.change_invitation(work, found.id, now, wrong_codes=found.wrong_codes + 1)
    raise fault


def consent(
    work: Connection,
    visit: Visit,
    *,
    notice: str,
    time_zone: str,
    draw: Callable[[], int],
    practice: AssessmentTask | None = None,
) -> Session:
    """Begin the session: keep the notice that was agreed to, and draw the form, one seeded variant for each task.

    `draw` gives a seed; practice comes first where there is any. Agreeing twice changes nothing. Raises
    `InvitationStateError`.
    """
    found = repository.invitation(work, visit.invitation.id, hold=True) or visit.invitation
    begun = sessions.session_of(work, found.id)
    if begun is not None:
        return begun
    state, now = after(found.state, Act.START), clock.now()
    session = _new_session(found, notice, wording.known_zone(time_zone), now)
    sessions.add_session(work, session)
    sessions.add_tasks(work, form(session, visit.assessment.tasks, draw=draw, practice=practice))
    repository.change_invitation(work, found.id, now, state=state.value)
    repository.change_candidate(work, found.candidate, time_zone=session.time_zone)
    sessions.add_event(work, found.organisation, session.id, _line(now, SessionEventKind.SESSION_STARTED))
    who = f"candidate:{found.candidate}"
    details = {"session": str(session.id), "notice_digest": session.notice_digest}
    record(work, found.organisation, Tag.CANDIDATE_CONSENT_GIVEN, actor=who, subject=who, details=details)
    details = {"session": str(session.id)}
    record(work, found.organisation, Tag.CANDIDATE_SESSION_STARTED, actor=who, subject=who, details=details)
    return session


def _new_session(found: Invitation, notice: str, zone: str, now: datetime) -> Session:
    return Session(
        id=uuid4(),
        organisation=found.organisation,
        invitation=found.id,
        candidate=found.candidate,
        consented_at=now,
        notice=notice,
        notice_digest=digest(notice.encode()),
        time_zone=zone,
        finished_at=None,
        withdrawn_at=None,
    )


def form(
    session: Session, tasks: Sequence[AssessmentTask], *, draw: Callable[[], int], practice: AssessmentTask | None
) -> list[SessionTask]:
    """Draw the tasks of a session, in the assessment's order; practice stands first."""
    first = [practice] if practice else []
    return [
        SessionTask(
            id=uuid4(),
            organisation=session.organisation,
            session=session.id,
            position=position,
            task_id=task.task_id,
            task_version=task.version,
            package_digest=task.package_digest,
            seed=draw(),
            minutes=task.minutes,
            practice=task is practice,
            state=TaskState.WAITING,
            started_at=None,
            deadline_at=None,
            ended_at=None,
            workspace=None,
        )
        for position, task in enumerate([*first, *tasks], start=0 if practice else 1)
    ]


def _visit(database: Database, organisation: UUID, wanted: UUID) -> Visit:
    with database.unit_of_work(organisation) as work:
        found = visit_repository.visit(work, wanted)
        if found is None:
            raise UnknownLinkError(remedy="Use the newest letter that you got.")
        return replace(found, invitation=expire_if_past(work, found.invitation))


def _still_holds(found: Invitation) -> bool:
    return found.state not in SHUT and found.device_expires_at is not None and clock.now() < found.device_expires_at


def _expect_not_shut(found: Invitation) -> None:
    if found.state in SHUT:
        raise InvitationStateError(
            f"The invitation is {found.state}.",
            remedy="Ask the contact person if you did not expect this.",
            state=found.state,
        )


def _fault_of_code(found: Invitation, code: str, now: datetime) -> CodeRefusedError | None:
    if found.code_hash is None or found.code_expires_at is None:
        return CodeRefusedError("There is no code that still works.", remedy=_ASK_AGAIN)
    if found.wrong_codes >= CODE_TRIES:
        return CodeRefusedError(f"{CODE_TRIES} wrong codes were entered.", remedy=_ASK_AGAIN)
    if now >= found.code_expires_at:
        return CodeRefusedError("The code has expired.", remedy=_ASK_AGAIN)
    if not is_code(found.id, code, found.code_hash):
        left = CODE_TRIES - found.wrong_codes - 1
        remedy = f"Type the six digits from the newest letter. Tries left: {left}." if left else _ASK_AGAIN
        return CodeRefusedError("The code is wrong.", remedy=remedy)
    return None


def _confirmed(work: Connection, found: Invitation, now: datetime) -> str:
    device = new_token()
    repository.change_invitation(
        work,
        found.id,
        now,
        state=after(found.state, Act.OPEN).value,
        opened_at=found.opened_at or now,
        code_hash=None,
        code_expires_at=None,
        wrong_codes=0,
        device_hash=hash_of_token(device),
        device_expires_at=now + DEVICE_HOLDS,
    )
    session = sessions.session_of(work, found.id)
    if session is not None:
        sessions.add_event(work, found.organisation, session.id, _line(now, SessionEventKind.DEVICE_CONFIRMED))
    return device


def _line(now: datetime, kind: SessionEventKind) -> SessionEvent:
    return SessionEvent(now, kind, None, {})
