"""An event and what a chain of events proves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shipworthy.core.canonical import JSONValue


@dataclass(frozen=True)
class Event:
    """One thing that happened, in its place of the organisation's chain.

    `number` counts from 1 without a gap; `actor` and `subject` are kinds with ids, such as `person:<uuid>`; `previous`
    is the hash of the event before, empty for the first; `hash` covers everything else.
    """

    organisation: UUID
    number: int
    at: datetime
    tag: str
    actor: str
    subject: str
    details: Mapping[str, JSONValue]
    previous: str
    hash: str


@dataclass(frozen=True)
class ChainReport:
    """Whether a chain holds: how many events were looked at, and where it breaks first, in words, if it does."""

    events: int
    head: str
    breaks_at: int | None = None
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, removed, put between or reordered."""
        return self.breaks_at is None
