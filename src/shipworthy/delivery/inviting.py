"""What recruiters do with invitations. Every verb takes the caller's transaction and writes its event last."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.access.rules import hash_of_token
from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.core.canonical import JSONValue
from shipworthy.delivery import invitation_repository as repository
from shipworthy.delivery import session_repository as sessions
from shipworthy.delivery import wording
from shipworthy.delivery.entities import (
    Accommodation,
    AssessmentFacts,
    Candidate,
    Guest,
    Invitation,
    InvitationState,
    Invited,
    TaskState,
)
from shipworthy.delivery.errors import (
    AssessmentClosedError,
    DeliveryError,
    NoSuchInvitationError,
    TooOftenError,
)
from shipworthy.delivery.rules import (
    LONGEST_EXTENSION,
    TIME_FACTORS,
    Act,
    after,
    deadline,
    is_time_factor,
    may_remind,
    restored,
    state_when_extended,
)
from shipworthy.delivery.secrets_of_candidates import new_token
from shipworthy.letters import operations as letters

LONGEST_NOTE = 2000
_Letter = Callable[..., wording.LetterText]


def link_to(web_url: str, token: str) -> str:
    """Return the address that a candidate's link has."""
    return f"{web_url.rstrip('/')}/c/{token}"


def invite(
    work: Connection,
    organisation: UUID,
    *,
    assessment: UUID,
    guests: Sequence[Guest],
    actor: str,
    web_url: str,
    expires_at: datetime | None = None,
) -> Invited:
    """Invite people to an assessment, each with a letter; whoever was invited to it before is named, not invited again.

    Raises `AssessmentClosedError`, and `DeliveryError` for an end that has passed.
    """
    facts = open_assessment(work, assessment)
    now = clock.now()
    end = expires_at or now + timedelta(days=facts.valid_days)
    _expect_end(end, now)
    people = repository.candidates_of(work, organisation, guests, [uuid4() for _ in guests], now)
    rows = {
        guest.email: _new_invitation(assessment, people[guest.email], actor=actor, now=now, end=end) for guest in guests
    }
    added = repository.add_invitations(work, list(rows.values()))
    fresh = [guest for guest in guests if rows[guest.email]["id"] in added]
    tokens = {guest.email: new_token() for guest in fresh}
    ids = {guest.email: _uuid(rows[guest.email]["id"]) for guest in fresh}
    repository.add_links(work, [_new_link(organisation, ids[email], token, now) for email, token in tokens.items()])
    for email, token in tokens.items():
        link = link_to(web_url, token)
        text = wording.invitation(facts, people[email], expires_at=end, link=link)
        _send(work, ids[email], people[email], text, token)
    details: dict[str, JSONValue] = {"assessment": str(assessment), "expires_at": end.isoformat()}
    for email in tokens:
        told = {**details, "invitation": str(ids[email])}
        subject = f"candidate:{people[email].id}"
        record(work, organisation, Tag.RECRUITER_CANDIDATE_INVITED, actor=actor, subject=subject, details=told)
    already = tuple(guest for guest in guests if guest.email not in tokens)
    return Invited(tuple(ids.values()), already)


def open_assessment(work: Connection, assessment: UUID) -> AssessmentFacts:
    """Return an assessment that people can be invited to. Raises `AssessmentClosedError`."""
    facts = repository.assessment_facts(work, assessment)
    if facts is None:
        raise AssessmentClosedError("There is no such assessment.", remedy="Choose one from the list.")
    if facts.closed_at is not None:
        raise AssessmentClosedError(
            "The assessment is closed; nobody can be invited to it.", remedy="Make a new one for the role."
        )
    return facts


def remind(work: Connection, invitation: UUID, *, actor: str, web_url: str) -> None:
    """Send a reminder with another link. Raises `InvitationStateError` or `TooOftenError`."""
    found = held(work, invitation)
    now = clock.now()
    after(found.state, Act.REMIND)
    if now > found.expires_at:
        raise DeliveryError("The invitation has passed its end.", remedy="Extend it; the candidate gets a letter.")
    if not may_remind(found, now):
        raise TooOftenError("The last reminder went out less than an hour ago.", remedy="Wait a little.")
    repository.change_invitation(work, invitation, now, reminded_at=now, reminders=found.reminders + 1)
    _write_with_link(work, found, wording.reminder, web_url, found.expires_at)
    _tell(work, found, Tag.RECRUITER_CANDIDATE_REMINDED, actor)


def extend(work: Connection, invitation: UUID, *, expires_at: datetime, actor: str, web_url: str) -> Invitation:
    """Give an invitation a later end, and tell the candidate; one that expired lives again.

    Raises `InvitationStateError`, or `DeliveryError` for an end that is not later or has passed.
    """
    found = held(work, invitation)
    now = clock.now()
    _expect_end(expires_at, now)
    if expires_at <= found.expires_at:
        raise DeliveryError("The new end is not later than the present one.", remedy="Choose a later moment.")
    state = state_when_extended(found, started=sessions.session_of(work, invitation) is not None)
    repository.change_invitation(work, invitation, now, state=state.value, expires_at=expires_at)
    _write_with_link(work, found, wording.extension, web_url, expires_at)
    _tell(work, found, Tag.RECRUITER_INVITATION_EXTENDED, actor, {"expires_at": expires_at.isoformat()})
    return held(work, invitation)


def cancel(work: Connection, invitation: UUID, *, actor: str) -> None:
    """Take an invitation back and tell the candidate. Raises `InvitationStateError`."""
    found = held(work, invitation)
    state = after(found.state, Act.CANCEL)
    repository.change_invitation(
        work, invitation, clock.now(), state=state.value, cancelled_from=found.state.value, device_hash=None
    )
    facts, candidate = _facts(work, found)
    _send(work, found.id, candidate, wording.cancellation(facts, candidate))
    _tell(work, found, Tag.RECRUITER_INVITATION_CANCELLED, actor, {"was": found.state.value})


def undo_cancel(work: Connection, invitation: UUID, *, actor: str, web_url: str) -> None:
    """Give a cancelled invitation back what it was, and tell the candidate. Raises `InvitationStateError`."""
    found = held(work, invitation)
    state = restored(found.cancelled_from, found.state)
    repository.change_invitation(work, invitation, clock.now(), state=state.value, cancelled_from=None)
    _write_with_link(work, found, wording.restoration, web_url, found.expires_at)
    _tell(work, found, Tag.RECRUITER_INVITATION_RESTORED, actor, {"state": state.value})


def accommodate(work: Connection, invitation: UUID, *, time_factor: float, note: str, person: UUID) -> Accommodation:
    """Grant other conditions in place of those before; a task that runs gets its later end at once.

    The note is for those who granted it; the log holds the factor only. Raises `DeliveryError`.
    """
    found = held(work, invitation)
    if not is_time_factor(time_factor):
        low, high = TIME_FACTORS
        raise DeliveryError(
            f"The time can be {low:g} to {high:g} times the usual.", remedy="Choose a number between these."
        )
    if len(note) > LONGEST_NOTE:
        raise DeliveryError(f"The note is longer than {LONGEST_NOTE:,} characters.", remedy="Shorten it.")
    kept = Accommodation(invitation, round(time_factor, 4), note.strip(), person, clock.now())
    repository.keep_accommodation(work, found.organisation, kept)
    _move_deadlines(work, invitation, kept.time_factor)
    _tell(
        work,
        found,
        Tag.RECRUITER_ACCOMMODATION_GRANTED,
        f"person:{person}",
        {"invitation": str(invitation), "time_factor": kept.time_factor},
    )
    return kept


def accommodation(work: Connection, invitation: UUID) -> Accommodation | None:
    """Return other conditions of a candidate with the note: for those who grant them, never for reviewers."""
    return repository.accommodation(work, invitation)


def invitation(work: Connection, wanted: UUID) -> Invitation:
    """Return an invitation. Raises `NoSuchInvitationError`."""
    found = repository.invitation(work, wanted)
    if found is None:
        raise NoSuchInvitationError(remedy="Go back to the list.")
    return found


def invitation_counts(work: Connection, assessment: UUID) -> dict[InvitationState, int]:
    """Count an assessment's invitations by state."""
    return repository.count_invitations(work, assessment)


def held(work: Connection, wanted: UUID) -> Invitation:
    """Return an invitation that nobody else changes until this transaction ends."""
    found = repository.invitation(work, wanted, hold=True)
    if found is None:
        raise NoSuchInvitationError(remedy="Go back to the list.")
    return found


def _move_deadlines(work: Connection, invitation: UUID, factor: float) -> None:
    session = sessions.session_of(work, invitation)
    for task in sessions.tasks_of(work, session.id) if session else []:
        if task.state is TaskState.RUNNING and task.started_at and task.deadline_at:
            moved = max(task.deadline_at, deadline(task.started_at, task.minutes, factor))
            sessions.change_task(work, task.id, deadline_at=moved)


def _expect_end(end: datetime, now: datetime) -> None:
    if end <= now:
        raise DeliveryError("The end has passed already.", remedy="Choose a moment that is to come.")
    if end - now > LONGEST_EXTENSION:
        raise DeliveryError("The end is more than a year away.", remedy="Choose an earlier one.")


def _new_invitation(
    assessment: UUID, candidate: Candidate, *, actor: str, now: datetime, end: datetime
) -> dict[str, object]:
    return {
        "id": uuid4(),
        "organisation_id": candidate.organisation,
        "assessment_id": assessment,
        "candidate_id": candidate.id,
        "state": InvitationState.INVITED.value,
        "wrong_codes": 0,
        "invited_by": actor,
        "invited_at": now,
        "expires_at": end,
        "reminders": 0,
        "changed_at": now,
    }


def _new_link(organisation: UUID, invitation: UUID, token: str, now: datetime) -> dict[str, object]:
    return {
        "token_hash": hash_of_token(token),
        "organisation_id": organisation,
        "invitation_id": invitation,
        "made_at": now,
    }


def _write_with_link(work: Connection, found: Invitation, letter: _Letter, web_url: str, end: datetime) -> None:
    token = new_token()
    repository.add_links(work, [_new_link(found.organisation, found.id, token, clock.now())])
    facts, candidate = _facts(work, found)
    text = letter(facts, candidate, expires_at=end, link=link_to(web_url, token))
    _send(work, found.id, candidate, text, token)


def _facts(work: Connection, found: Invitation) -> tuple[AssessmentFacts, Candidate]:
    facts = repository.assessment_facts(work, found.assessment)
    if facts is None:
        raise AssessmentClosedError("There is no such assessment.", remedy="Choose one from the list.")
    return facts, repository.candidate(work, found.candidate)


def _send(work: Connection, invitation: UUID, candidate: Candidate, text: wording.LetterText, secret: str = "") -> None:
    letters.write(
        work,
        candidate.organisation,
        recipient=candidate.email,
        title=text.title,
        body=text.body,
        about=f"invitation:{invitation}",
        secret=secret,
    )


def _tell(
    work: Connection, found: Invitation, tag: Tag, actor: str, details: dict[str, JSONValue] | None = None
) -> None:
    told: dict[str, JSONValue] = {"invitation": str(found.id), **(details or {})}
    record(work, found.organisation, tag, actor=actor, subject=f"candidate:{found.candidate}", details=told)


def _uuid(value: object) -> UUID:
    if not isinstance(value, UUID):
        raise TypeError(value)
    return value
