"""Candidates, invitations, sessions and what is worked on in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class InvitationState(StrEnum):
    """How far an invitation has come."""

    INVITED = "invited"
    OPENED = "opened"
    STARTED = "started"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class TaskState(StrEnum):
    """How far a candidate has come with one task.

    `closed` means that time ran out; what was saved last was then handed in, if anything was.
    """

    WAITING = "waiting"
    RUNNING = "running"
    HANDED_IN = "handed_in"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class HandedInBy(StrEnum):
    """Who handed a submission in: the candidate, or the house when time ran out."""

    CANDIDATE = "candidate"
    HOUSE = "house"


class SessionEventKind(StrEnum):
    """What the timeline of a session tells."""

    SESSION_STARTED = "session_started"
    DEVICE_CONFIRMED = "device_confirmed"
    TASK_STARTED = "task_started"
    OPENED = "opened"
    SAVED = "saved"
    UPLOADED = "uploaded"
    UPLOAD_UNDONE = "upload_undone"
    WORKSPACE_FETCHED = "workspace_fetched"
    CHECKED = "checked"
    RELOADED = "reloaded"
    SECOND_TAB = "second_tab"
    CONFLICT = "conflict"
    RECONNECTED = "reconnected"
    HANDED_IN = "handed_in"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Guest:
    """Somebody to invite, as a line of a list named them. `line` counts from 1."""

    line: int
    name: str
    email: str


@dataclass(frozen=True)
class LineFault:
    """A line of a list that names nobody who can be invited: its number, what it says, and why not."""

    line: int
    text: str
    fault: str


@dataclass(frozen=True)
class GuestList:
    """A pasted list, read: whom it names, and which lines it could not be understood in."""

    guests: tuple[Guest, ...]
    faults: tuple[LineFault, ...]


@dataclass(frozen=True)
class Candidate:
    """Somebody who was invited, once per organisation and address."""

    id: UUID
    organisation: UUID
    name: str
    email: str
    time_zone: str


@dataclass(frozen=True)
class AssessmentTask:
    """One task of an assessment, pinned to the very bytes of its package; `minutes` without accommodations."""

    task_id: str
    version: str
    package_digest: str
    minutes: float


@dataclass(frozen=True)
class AssessmentFacts:
    """What a candidate may know of an assessment."""

    id: UUID
    title: str
    organisation_name: str
    tasks: tuple[AssessmentTask, ...]
    contact: str
    decider_name: str
    valid_days: int
    closed_at: datetime | None

    @property
    def minutes(self) -> float:
        """All minutes together, without accommodations."""
        return sum(task.minutes for task in self.tasks)


@dataclass(frozen=True)
class Invitation:
    """One candidate's invitation to one assessment; secrets are kept as hashes only."""

    id: UUID
    organisation: UUID
    assessment: UUID
    candidate: UUID
    state: InvitationState
    cancelled_from: InvitationState | None
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    reminded_at: datetime | None
    reminders: int
    code_hash: str | None
    code_expires_at: datetime | None
    wrong_codes: int
    device_hash: str | None
    device_expires_at: datetime | None


@dataclass(frozen=True)
class Accommodation:
    """Other conditions for one candidate. The note says why; reviewers and deciders never see it."""

    invitation: UUID
    time_factor: float
    note: str
    granted_by: UUID
    granted_at: datetime


@dataclass(frozen=True)
class Session:
    """One candidate's sitting; `notice` is the text that was agreed to, with its SHA-256."""

    id: UUID
    organisation: UUID
    invitation: UUID
    candidate: UUID
    consented_at: datetime
    notice: str
    notice_digest: str
    time_zone: str
    finished_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class SessionTask:
    """One task in a session: which variant, and how far it has come. A practice task has no clock and no score."""

    id: UUID
    organisation: UUID
    session: UUID
    position: int
    task_id: str
    task_version: str
    package_digest: str
    seed: int
    minutes: float
    practice: bool
    state: TaskState
    started_at: datetime | None
    deadline_at: datetime | None
    ended_at: datetime | None
    workspace: str | None


@dataclass(frozen=True)
class Draft:
    """The files of a task as they were saved last; every save makes the next revision, the starter is revision 0."""

    session_task: UUID
    revision: int
    files: Mapping[str, bytes]
    saved_at: datetime
    saved_by: str
    can_undo_upload: bool


@dataclass(frozen=True)
class SubmissionFacts:
    """That something was handed in: which files, packed under `blob`, when and by whom."""

    id: UUID
    session_task: UUID
    blob: str
    files: int
    bytes: int
    handed_in_by: HandedInBy
    handed_in_at: datetime


@dataclass(frozen=True)
class SessionEvent:
    """One line of a session's timeline."""

    at: datetime
    kind: SessionEventKind
    session_task: UUID | None
    details: Mapping[str, object]


@dataclass(frozen=True)
class Visit:
    """All that a candidate's page starts from."""

    candidate: Candidate
    invitation: Invitation
    assessment: AssessmentFacts
    session: Session | None
    time_factor: float

    @property
    def organisation(self) -> UUID:
        """The organisation that invited."""
        return self.invitation.organisation

    @property
    def time_zone(self) -> str:
        """The candidate's zone, as far as it is known."""
        return self.session.time_zone if self.session else self.candidate.time_zone


@dataclass(frozen=True)
class Invited:
    """What came of a list: who is invited now, and who had been invited to this assessment before."""

    invitations: tuple[UUID, ...]
    already: tuple[Guest, ...]
