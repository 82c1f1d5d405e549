"""The SQL of the list of an assessment's candidates: searched, filtered, sorted, page by page."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, column, func, literal, or_, select, table, tuple_
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from shipworthy.delivery.entities import InvitationState
from shipworthy.delivery.invitation_repository import INVITATIONS
from shipworthy.delivery.session_repository import SESSIONS, TASKS
from shipworthy.grading.jobs.repository import JOBS

FEW = 1000
"""How many found people are looked up one by one; of more, the list is gone through in its own order."""
SMALL = 5000
"""How many candidates an assessment may have for everybody in it to be looked at."""
LONGEST_SEARCH = 100

_PEOPLE = table("candidate", *(column(name) for name in ("id", "name", "email", "search", "sort_name")))
"""Candidates with what the database works out for lists: their words in lower case, and the name that sorts them."""


class Order(StrEnum):
    """How a list is sorted."""

    NEWEST = "newest"
    NAME = "name"
    ACTIVE = "active"


@dataclass(frozen=True)
class ListEnd:
    """Where a page of the list ends: what it is sorted by, as text, and the invitation's id."""

    value: str
    id: UUID


@dataclass(frozen=True)
class CandidatesWanted:
    """Which candidates of an assessment a list shows: all that fit every word of `text`, in one of `states` if any."""

    assessment: UUID
    text: str = ""
    states: tuple[InvitationState, ...] = ()
    order: Order = Order.NEWEST
    after: ListEnd | None = None


@dataclass(frozen=True)
class CandidateLine:
    """One line of the list."""

    invitation: UUID
    candidate: UUID
    name: str
    email: str
    state: InvitationState
    invited_at: datetime
    expires_at: datetime
    changed_at: datetime
    reminded_at: datetime | None
    reminders: int

    def end(self, order: Order) -> ListEnd:
        """Return where a page ends that this is the last line of."""
        values = {
            Order.NEWEST: self.invited_at.isoformat(),
            Order.ACTIVE: self.changed_at.isoformat(),
            Order.NAME: self.name.lower(),
        }
        return ListEnd(values[order], self.invitation)


@dataclass(frozen=True)
class Progress:
    """How far a candidate is with the tasks that count: how many there are, are handed in, graded and stopped."""

    tasks: int = 0
    handed_in: int = 0
    graded: int = 0
    stopped: int = 0


def find(work: Connection, wanted: CandidatesWanted, *, limit: int) -> list[CandidateLine]:
    """Return a page of the list."""
    words = wanted.text[:LONGEST_SEARCH].lower().split()
    found = _few(work, wanted.assessment, words) if words else None
    conditions = _conditions(wanted)
    if found is not None:
        conditions.append(INVITATIONS.c.candidate_id.in_(found))
    elif words:
        conditions.append(_fitting(words))
    by_people = wanted.order is Order.NAME or (bool(words) and found is None)
    query = (_page if by_people else _page_alone)(wanted.order, conditions, limit)
    return [_line(row) for row in work.execute(query)]


def lines_of(work: Connection, invitations: Collection[UUID]) -> dict[UUID, CandidateLine]:
    """Return lines by the ids of invitations, of any assessment."""
    joined = select(*_shown(INVITATIONS.c)).join_from(INVITATIONS, _PEOPLE, _PEOPLE.c.id == INVITATIONS.c.candidate_id)
    rows = work.execute(joined.where(INVITATIONS.c.id.in_(invitations)))
    return {row[0]: _line(row) for row in rows}


def _page(order: Order, conditions: Sequence[ColumnElement[bool]], limit: int) -> Select[Any]:
    """Return the query for a page that candidates themselves decide on, by their names or words."""
    joined = select(*_shown(INVITATIONS.c)).join_from(INVITATIONS, _PEOPLE, _PEOPLE.c.id == INVITATIONS.c.candidate_id)
    return _sorted(joined.where(*conditions), order).limit(limit)


def _page_alone(order: Order, conditions: Sequence[ColumnElement[bool]], limit: int) -> Select[Any]:
    """Return the query for a page that invitations alone decide on: names are looked up for its lines only."""
    lines = _sorted(select(INVITATIONS).where(*conditions), order).limit(limit).subquery("line")
    joined = select(*_shown(lines.c)).join_from(lines, _PEOPLE, _PEOPLE.c.id == lines.c.candidate_id)
    sorted_by = lines.c.invited_at if order is Order.NEWEST else lines.c.changed_at
    return joined.order_by(sorted_by.desc(), lines.c.id)


def _shown(of: ReadOnlyColumnCollection[str, Any]) -> list[ColumnElement[Any]]:
    own = ("state", "invited_at", "expires_at", "changed_at", "reminded_at", "reminders")
    return [of.id, of.candidate_id, _PEOPLE.c.name, _PEOPLE.c.email, *(of[name] for name in own)]


def _conditions(wanted: CandidatesWanted) -> list[ColumnElement[bool]]:
    conditions = [INVITATIONS.c.assessment_id == wanted.assessment]
    if wanted.states:
        conditions.append(INVITATIONS.c.state.in_([state.value for state in wanted.states]))
    if wanted.after:
        conditions.append(_beyond(wanted.order, wanted.after))
    return conditions


def _key(order: Order) -> ColumnElement[Any]:
    return {
        Order.NEWEST: INVITATIONS.c.invited_at,
        Order.ACTIVE: INVITATIONS.c.changed_at,
        Order.NAME: _PEOPLE.c.sort_name,
    }[order]


def _sorted(query: Select[Any], order: Order) -> Select[Any]:
    key = _key(order)
    if order is Order.NAME:
        return query.order_by(key, _PEOPLE.c.id)
    return query.order_by(key.desc(), INVITATIONS.c.id)


def _beyond(order: Order, end: ListEnd) -> ColumnElement[bool]:
    """Say what comes after the end of a page; times go down and ids up, so that one comparison does not do."""
    key = _key(order)
    if order is Order.NAME:
        last = select(INVITATIONS.c.candidate_id).where(INVITATIONS.c.id == end.id).scalar_subquery()
        return tuple_(key, _PEOPLE.c.id) > tuple_(literal(end.value), last)
    moment = datetime.fromisoformat(end.value)
    return and_(key <= moment, or_(key < moment, INVITATIONS.c.id > end.id))


def _few(work: Connection, assessment: UUID, words: Collection[str]) -> Sequence[UUID] | None:
    """Return who is found by words in a large assessment, where they are few; else None.

    Row-level security lets no index help with a search inside of texts, so that which is faster, to look people up or
    to go through the list in its order, depends on how many are found; the planner cannot know.
    """
    beyond = select(INVITATIONS.c.id).where(INVITATIONS.c.assessment_id == assessment).offset(SMALL).limit(1)
    if work.execute(beyond).first() is None:
        return None
    found = work.scalars(select(_PEOPLE.c.id).where(_fitting(words)).limit(FEW + 1)).all()
    return found if len(found) <= FEW else None


def _fitting(words: Collection[str]) -> ColumnElement[bool]:
    return and_(*(_PEOPLE.c.search.like(f"%{_escaped(word)}%", escape="\\") for word in words))


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def progress_of(work: Connection, invitations: Collection[UUID]) -> dict[UUID, Progress]:
    """Return how far candidates are, by invitation; who has not begun is left out."""
    graded = and_(JOBS.c.session_task_id == TASKS.c.id, JOBS.c.kind == "grading")
    query = (
        select(
            SESSIONS.c.invitation_id,
            func.count(),
            func.count().filter(TASKS.c.state.in_(["handed_in", "closed"])),
            func.count().filter(JOBS.c.state == "done"),
            func.count().filter(JOBS.c.state == "stopped"),
        )
        .join_from(SESSIONS, TASKS, TASKS.c.session_id == SESSIONS.c.id)
        .outerjoin(JOBS, graded)
        .where(SESSIONS.c.invitation_id.in_(invitations), TASKS.c.practice.is_(False))
        .group_by(SESSIONS.c.invitation_id)
    )
    return {row[0]: Progress(*row[1:]) for row in work.execute(query)}


def _line(row: Row[*tuple[Any, ...]]) -> CandidateLine:
    return CandidateLine(row[0], row[1], row[2], row[3], InvitationState(row[4]), *row[5:])
