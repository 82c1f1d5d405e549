"""The SQL of candidates, invitations, their links and accommodations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Numeric,
    Select,
    Table,
    Text,
    Uuid,
    column,
    func,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from shipworthy.delivery.entities import (
    Accommodation,
    AssessmentFacts,
    AssessmentTask,
    Candidate,
    Guest,
    Invitation,
    InvitationState,
)
from shipworthy.delivery.rules import OPEN
from shipworthy.store.tables import TABLES, belongs_to_organisation, key, moment

CANDIDATES = Table(
    "candidate",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    moment("created_at"),
)
INVITATIONS = Table(
    "invitation",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("assessment_id", Uuid, nullable=False),
    Column("candidate_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("cancelled_from", Text),
    Column("code_hash", Text),
    moment("code_expires_at", optional=True),
    Column("wrong_codes", Integer, nullable=False),
    Column("device_hash", Text),
    moment("device_expires_at", optional=True),
    Column("invited_by", Text, nullable=False),
    moment("invited_at"),
    moment("expires_at"),
    moment("opened_at", optional=True),
    moment("reminded_at", optional=True),
    Column("reminders", Integer, nullable=False),
    moment("changed_at"),
)
LINKS = Table(
    "invitation_link",
    TABLES,
    Column("token_hash", Text, primary_key=True),
    belongs_to_organisation(),
    Column("invitation_id", Uuid, nullable=False),
    moment("made_at"),
)
ACCOMMODATIONS = Table(
    "accommodation",
    TABLES,
    Column("invitation_id", Uuid, primary_key=True),
    belongs_to_organisation(),
    Column("time_factor", Numeric, nullable=False),
    Column("note", Text, nullable=False),
    Column("granted_by", Uuid, nullable=False),
    moment("granted_at"),
)
ASSESSMENT = table(
    "assessment",
    *(
        column(name)
        for name in ("id", "organisation_id", "title", "tasks", "contact", "decider_id", "valid_days", "closed_at")
    ),
)
ORGANISATION = table("organisation", column("id"), column("name"))
PERSON = table("person", column("id"), column("name"))


def assessment_facts(work: Connection, assessment: UUID) -> AssessmentFacts | None:
    """Read what candidates may know of an assessment."""
    query = (
        select(ASSESSMENT, ORGANISATION.c.name.label("organisation_name"), PERSON.c.name.label("decider_name"))
        .join_from(ASSESSMENT, ORGANISATION, ORGANISATION.c.id == ASSESSMENT.c.organisation_id)
        .join(PERSON, PERSON.c.id == ASSESSMENT.c.decider_id)
    )
    row = work.execute(query.where(ASSESSMENT.c.id == assessment)).first()
    return None if row is None else facts_of(row, row.organisation_name, row.decider_name)


def facts_of(row: Any, organisation_name: str, decider_name: str) -> AssessmentFacts:
    """Return the facts that a row of assessments holds."""
    return AssessmentFacts(
        id=row.id,
        title=row.title,
        organisation_name=organisation_name,
        tasks=tuple(_assessment_task(task) for task in row.tasks),
        contact=row.contact or f"{decider_name} at {organisation_name}",
        decider_name=decider_name,
        valid_days=row.valid_days,
        closed_at=row.closed_at,
    )


def _assessment_task(values: Mapping[str, Any]) -> AssessmentTask:
    return AssessmentTask(values["task_id"], values["version"], values["package_digest"], float(values["minutes"]))


def candidates_of(
    work: Connection, organisation: UUID, guests: Sequence[Guest], new_ids: Iterable[UUID], now: datetime
) -> dict[str, Candidate]:
    """Return the candidates of these addresses, by address; those who are not there yet are made."""
    rows = [
        {
            "id": new,
            "organisation_id": organisation,
            "name": guest.name,
            "email": guest.email,
            "time_zone": "UTC",
            "created_at": now,
        }
        for new, guest in zip(new_ids, guests, strict=True)
    ]
    if rows:
        work.execute(insert(CANDIDATES).on_conflict_do_nothing(), rows)
    query = select(CANDIDATES).where(CANDIDATES.c.email.in_([guest.email for guest in guests]))
    return {row.email: candidate_of(row) for row in work.execute(query)}


def candidate(work: Connection, wanted: UUID) -> Candidate:
    """Return a candidate who is known to be there."""
    return candidate_of(work.execute(select(CANDIDATES).where(CANDIDATES.c.id == wanted)).one())


def change_candidate(work: Connection, wanted: UUID, **values: object) -> None:
    """Change a candidate's columns."""
    work.execute(update(CANDIDATES).where(CANDIDATES.c.id == wanted).values(**values))


def add_invitations(work: Connection, rows: Sequence[Mapping[str, object]]) -> set[UUID]:
    """Add invitations; return the ids of those that were added, which leaves out who was invited before."""
    if not rows:
        return set()
    statement = insert(INVITATIONS).values(list(rows)).on_conflict_do_nothing()
    return set(work.scalars(statement.returning(INVITATIONS.c.id)))


def add_links(work: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Add links to invitations."""
    if rows:
        work.execute(insert(LINKS), list(rows))


def place_of_link(house: Connection, token_hash: str) -> tuple[UUID, UUID] | None:
    """Return organisation and invitation that a link leads to; in the house's work, since nobody is known yet."""
    row = house.execute(
        select(LINKS.c.organisation_id, LINKS.c.invitation_id).where(LINKS.c.token_hash == token_hash)
    ).first()
    return (row.organisation_id, row.invitation_id) if row else None


def place_of_device(house: Connection, device_hash: str) -> tuple[UUID, UUID] | None:
    """Return organisation and invitation that a device was confirmed for; in the house's work."""
    query = select(INVITATIONS.c.organisation_id, INVITATIONS.c.id).where(INVITATIONS.c.device_hash == device_hash)
    row = house.execute(query).first()
    return (row.organisation_id, row.id) if row else None


def invitation(work: Connection, wanted: UUID, *, hold: bool = False) -> Invitation | None:
    """Return an invitation; with `hold`, others who want to change it wait until this transaction ends."""
    query = select(INVITATIONS).where(INVITATIONS.c.id == wanted)
    row = work.execute(query.with_for_update() if hold else query).first()
    return invitation_of(row) if row else None


def change_invitation(work: Connection, wanted: UUID, now: datetime, **values: object) -> None:
    """Change an invitation's columns."""
    work.execute(update(INVITATIONS).where(INVITATIONS.c.id == wanted).values(changed_at=now, **values))


def past_invitations(house: Connection, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Return organisation and id of open invitations whose end has passed; in the house's work."""
    query = (
        select(INVITATIONS.c.organisation_id, INVITATIONS.c.id)
        .where(INVITATIONS.c.expires_at < now, INVITATIONS.c.state.in_(sorted(OPEN)))
        .order_by(INVITATIONS.c.expires_at)
        .limit(limit)
    )
    return [(row.organisation_id, row.id) for row in house.execute(query)]


def accommodation(work: Connection, invitation: UUID) -> Accommodation | None:
    """Return a candidate's accommodation, the note included."""
    row = work.execute(select(ACCOMMODATIONS).where(ACCOMMODATIONS.c.invitation_id == invitation)).first()
    if row is None:
        return None
    return Accommodation(row.invitation_id, float(row.time_factor), row.note, row.granted_by, row.granted_at)


def time_factor(work: Connection, invitation: UUID) -> float:
    """Return how many times the usual minutes a candidate has, without reading why."""
    found = work.scalar(select(ACCOMMODATIONS.c.time_factor).where(ACCOMMODATIONS.c.invitation_id == invitation))
    return 1.0 if found is None else float(found)


def keep_accommodation(work: Connection, organisation: UUID, kept: Accommodation) -> None:
    """Write an accommodation in place of the one before."""
    values = {
        "time_factor": kept.time_factor,
        "note": kept.note,
        "granted_by": kept.granted_by,
        "granted_at": kept.granted_at,
    }
    statement = insert(ACCOMMODATIONS).values(invitation_id=kept.invitation, organisation_id=organisation, **values)
    work.execute(statement.on_conflict_do_update(index_elements=["invitation_id"], set_=values))


def remove_accommodation(work: Connection, invitation: UUID) -> bool:
    """Remove an accommodation; say whether there was one."""
    return work.execute(ACCOMMODATIONS.delete().where(ACCOMMODATIONS.c.invitation_id == invitation)).rowcount > 0


def count_invitations(work: Connection, assessment: UUID) -> dict[InvitationState, int]:
    """Count an assessment's invitations by state."""
    query: Select[Any] = (
        select(INVITATIONS.c.state, func.count().label("count"))
        .where(INVITATIONS.c.assessment_id == assessment)
        .group_by(INVITATIONS.c.state)
    )
    return {InvitationState(row.state): row._mapping["count"] for row in work.execute(query)}


def candidate_of(row: Any) -> Candidate:
    """Return the candidate that a row holds."""
    return Candidate(row.id, row.organisation_id, row.name, row.email, row.time_zone)


def invitation_of(row: Any) -> Invitation:
    """Return the invitation that a row holds."""
    return Invitation(
        id=row.id,
        organisation=row.organisation_id,
        assessment=row.assessment_id,
        candidate=row.candidate_id,
        state=InvitationState(row.state),
        cancelled_from=InvitationState(row.cancelled_from) if row.cancelled_from else None,
        invited_by=row.invited_by,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        opened_at=row.opened_at,
        reminded_at=row.reminded_at,
        reminders=row.reminders,
        code_hash=row.code_hash,
        code_expires_at=row.code_expires_at,
        wrong_codes=row.wrong_codes,
        device_hash=row.device_hash,
        device_expires_at=row.device_expires_at,
    )
