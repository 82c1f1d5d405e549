"""An assessment, what somebody wishes of one, and how far its candidates are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shipworthy.delivery.entities import AssessmentTask, InvitationState

DEFAULT_VALID_DAYS = 14
MOST_VALID_DAYS = 180
LONGEST_TITLE = 200
LONGEST_CONTACT = 300


@dataclass(frozen=True)
class Wish:
    """What an assessment shall be: for which version of a role, within how many minutes, and who decides.

    `minutes` None is the limit of the profile; `pinned` and `excluded` are ids of tasks wanted in and wanted out.
    `contact` is what candidates read for questions: an address or a sentence. An invitation holds `valid_days`.
    """

    role: UUID
    version: int
    decider: UUID
    minutes: int | None = None
    title: str = ""
    contact: str = ""
    valid_days: int = DEFAULT_VALID_DAYS
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """What a role asks candidates for. It never changes, except that it is closed and opened again."""

    id: UUID
    organisation: UUID
    role: UUID
    role_version: int
    title: str
    tasks: tuple[AssessmentTask, ...]
    limit_minutes: int
    contact: str
    decider: UUID
    valid_days: int
    created_by: UUID
    created_at: datetime
    closed_at: datetime | None = None

    @property
    def minutes(self) -> float:
        """The minutes of all tasks together, without accommodations."""
        return sum(task.minutes for task in self.tasks)


@dataclass(frozen=True)
class Counts:
    """How many invitations are in each state."""

    by_state: Mapping[InvitationState, int]

    @property
    def candidates(self) -> int:
        """How many were invited."""
        return sum(self.by_state.values())

    def of(self, *states: InvitationState) -> int:
        """Return how many are in one of these states."""
        return sum(self.by_state.get(state, 0) for state in states)
