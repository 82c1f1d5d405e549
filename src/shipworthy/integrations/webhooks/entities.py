"""A webhook, and one thing that it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shipworthy.audit.tags import Tag

OFFERED = (
    Tag.RECRUITER_CANDIDATE_INVITED,
    Tag.RECRUITER_INVITATION_EXTENDED,
    Tag.RECRUITER_INVITATION_CANCELLED,
    Tag.RECRUITER_INVITATION_RESTORED,
    Tag.HOUSE_INVITATION_ENDED,
    Tag.CANDIDATE_SESSION_STARTED,
    Tag.CANDIDATE_SUBMISSION_HANDED_IN,
    Tag.CANDIDATE_SESSION_WITHDRAWN,
    Tag.HOUSE_TASK_CLOSED,
    Tag.WORKER_GRADING_DONE,
    Tag.WORKER_GRADING_STOPPED,
)
"""The events of the audit log that programs may be told. What is between a candidate and those who help is not one."""


class DeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Webhook:
    """An address that is told events; `told_to` is the number of the last event that was looked at for it."""

    id: UUID
    organisation: UUID
    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...]
    told_to: int
    created_by: UUID
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True)
class Delivery:
    """One event for one webhook: what is sent, and what came of it."""

    id: UUID
    organisation: UUID
    webhook: UUID
    event_number: int
    event: str
    payload: Mapping[str, Any]
    state: DeliveryState
    attempts: int
    status: int | None
    fault: str
    created_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None
