"""The SQL of assessments."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Integer, Row, Table, Text, Uuid, func, insert, select, tuple_, update

from shipworthy.delivery.assessments.entities import Assessment
from shipworthy.delivery.entities import AssessmentTask, InvitationState
from shipworthy.delivery.invitation_repository import INVITATIONS
from shipworthy.roles.kept.entities import Place
from shipworthy.store.tables import TABLES, belongs_to_organisation, document, key, moment

ASSESSMENTS = Table(
    "assessment",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("role_id", Uuid, nullable=False),
    Column("role_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    document("tasks"),
    Column("limit_minutes", Integer, nullable=False),
    Column("contact", Text, nullable=False),
    Column("decider_id", Uuid, nullable=False),
    Column("valid_days", Integer, nullable=False),
    Column("created_by", Uuid, nullable=False),
    moment("created_at"),
    moment("closed_at", optional=True),
)
_NAMES = {"organisation": "organisation_id", "role": "role_id", "decider": "decider_id"}


@dataclass(frozen=True)
class AssessmentsWanted:
    """Which assessments a list shows, the newest first: of one role or of all, beginning after a place."""

    role: UUID | None = None
    after: Place | None = None


def add(work: Connection, assessment: Assessment) -> None:
    """Write a new assessment."""
    values = asdict(assessment)
    values |= {column: values.pop(name) for name, column in _NAMES.items()}
    work.execute(insert(ASSESSMENTS).values(values | {"tasks": [asdict(task) for task in assessment.tasks]}))


def find(work: Connection, assessment_id: UUID, *, hold: bool = False) -> Assessment | None:
    """Return an assessment; with `hold` others who want to change it wait until this transaction ends."""
    query = select(ASSESSMENTS).where(ASSESSMENTS.c.id == assessment_id)
    row = work.execute(query.with_for_update() if hold else query).first()
    return _assessment(row) if row else None


def find_some(work: Connection, wanted: AssessmentsWanted, *, limit: int) -> list[Assessment]:
    """Return a page of assessments."""
    query = select(ASSESSMENTS).order_by(ASSESSMENTS.c.created_at.desc(), ASSESSMENTS.c.id.desc()).limit(limit)
    if wanted.role:
        query = query.where(ASSESSMENTS.c.role_id == wanted.role)
    if wanted.after:
        query = query.where(tuple_(ASSESSMENTS.c.created_at, ASSESSMENTS.c.id) < (wanted.after.at, wanted.after.id))
    return [_assessment(row) for row in work.execute(query)]


def change(work: Connection, assessment_id: UUID, **values: object) -> None:
    """Change columns of an assessment."""
    work.execute(update(ASSESSMENTS).where(ASSESSMENTS.c.id == assessment_id).values(**values))


def numbers_of_roles(work: Connection, role_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many assessments each role has; a role without any is left out."""
    rows = work.execute(
        select(ASSESSMENTS.c.role_id, func.count())
        .where(ASSESSMENTS.c.role_id.in_(role_ids))
        .group_by(ASSESSMENTS.c.role_id)
    )
    return {row[0]: row[1] for row in rows}


def counts(work: Connection, assessment_ids: Collection[UUID]) -> dict[UUID, dict[InvitationState, int]]:
    """Count the invitations of assessments by state."""
    query = (
        select(INVITATIONS.c.assessment_id, INVITATIONS.c.state, func.count())
        .where(INVITATIONS.c.assessment_id.in_(assessment_ids))
        .group_by(INVITATIONS.c.assessment_id, INVITATIONS.c.state)
    )
    found: dict[UUID, dict[InvitationState, int]] = {one: {} for one in assessment_ids}
    for row in work.execute(query):
        found[row[0]][InvitationState(row[1])] = row[2]
    return found


def candidates_of_roles(work: Connection, role_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many candidates were invited for each role; a role without any is left out."""
    query = (
        select(ASSESSMENTS.c.role_id, func.count())
        .join_from(ASSESSMENTS, INVITATIONS, INVITATIONS.c.assessment_id == ASSESSMENTS.c.id)
        .where(ASSESSMENTS.c.role_id.in_(role_ids))
        .group_by(ASSESSMENTS.c.role_id)
    )
    return {row[0]: row[1] for row in work.execute(query)}


def finished_lately(work: Connection, limit: int) -> list[tuple[UUID, UUID]]:
    """Return invitation and assessment of those who finished last, the newest first."""
    query = select(INVITATIONS.c.id, INVITATIONS.c.assessment_id).where(INVITATIONS.c.state == "finished")
    newest = query.order_by(INVITATIONS.c.changed_at.desc(), INVITATIONS.c.id).limit(limit)
    return [(row[0], row[1]) for row in work.execute(newest)]


def ending_soon(work: Connection, now: datetime, until: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Return invitation and assessment of open invitations that end between two moments, the next to end first."""
    is_open = INVITATIONS.c.state.in_(["invited", "opened", "started"])
    query = select(INVITATIONS.c.id, INVITATIONS.c.assessment_id).where(
        is_open, INVITATIONS.c.expires_at >= now, INVITATIONS.c.expires_at < until
    )
    return [(row[0], row[1]) for row in work.execute(query.order_by(INVITATIONS.c.expires_at).limit(limit))]


def _assessment(row: Row[*tuple[Any, ...]]) -> Assessment:
    values = dict(row._mapping)
    values |= {name: values.pop(column) for name, column in _NAMES.items()}
    values["tasks"] = tuple(AssessmentTask(**task) for task in values["tasks"])
    return Assessment(**values)
