"""A letter and where it stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class LetterState(StrEnum):
    """Where a letter stands: to be sent, sent, kept because no mail server is configured, or given up."""

    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True)
class Letter:
    """One letter to one address, in plain text.

    `about` says what it belongs to, such as `invitation:<uuid>`. `secret` is a part of `body`, such as the token of a
    link, that is taken out once the letter is on its way. `next_at` is when sending is tried next.
    """

    id: UUID
    organisation: UUID
    recipient: str
    title: str
    body: str
    about: str
    state: LetterState
    attempts: int
    fault: str
    secret: str
    created_at: datetime
    next_at: datetime | None
    sent_at: datetime | None
