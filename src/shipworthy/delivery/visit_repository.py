"""The SQL of a visit: all that a candidate's page starts from, in one query, since every save asks for it."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, FromClause, Row, select

from shipworthy.delivery.entities import Visit
from shipworthy.delivery.invitation_repository import (
    ACCOMMODATIONS,
    ASSESSMENT,
    CANDIDATES,
    INVITATIONS,
    ORGANISATION,
    PERSON,
    candidate_of,
    facts_of,
    invitation_of,
)
from shipworthy.delivery.session_repository import SESSIONS, session_row

_QUERY = (
    select(
        INVITATIONS,
        CANDIDATES,
        ASSESSMENT,
        SESSIONS,
        ORGANISATION.c.name.label("organisation_name"),
        PERSON.c.name.label("decider_name"),
        ACCOMMODATIONS.c.time_factor,
    )
    .join_from(INVITATIONS, CANDIDATES, CANDIDATES.c.id == INVITATIONS.c.candidate_id)
    .join(ASSESSMENT, ASSESSMENT.c.id == INVITATIONS.c.assessment_id)
    .join(ORGANISATION, ORGANISATION.c.id == INVITATIONS.c.organisation_id)
    .join(PERSON, PERSON.c.id == ASSESSMENT.c.decider_id)
    .outerjoin(SESSIONS, SESSIONS.c.invitation_id == INVITATIONS.c.id)
    .outerjoin(ACCOMMODATIONS, ACCOMMODATIONS.c.invitation_id == INVITATIONS.c.id)
)


def visit(work: Connection, invitation: UUID) -> Visit | None:
    """Return everything about an invitation that its candidate may know."""
    row = work.execute(_QUERY.where(INVITATIONS.c.id == invitation)).first()
    if row is None:
        return None
    session = _part(row, SESSIONS)
    return Visit(
        candidate=candidate_of(_part(row, CANDIDATES)),
        invitation=invitation_of(_part(row, INVITATIONS)),
        assessment=facts_of(_part(row, ASSESSMENT), row.organisation_name, row.decider_name),
        session=session_row(session) if session.id else None,
        time_factor=1.0 if row.time_factor is None else float(row.time_factor),
    )


def _part(row: Row[Any], of: FromClause) -> SimpleNamespace:
    return SimpleNamespace(**{column.name: row._mapping[column] for column in of.c})
