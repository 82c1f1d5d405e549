"""The audit log's SQL."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Row, Table, Text, insert, select, text

from shipworthy.audit.entities import Event
from shipworthy.store.tables import TABLES, belongs_to_organisation, document, moment

EVENTS = Table(
    "audit_event",
    TABLES,
    belongs_to_organisation(),
    Column("number", BigInteger, primary_key=True),
    moment("at"),
    Column("tag", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("subject", Text, nullable=False),
    document("details"),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
BATCH = 1000


@dataclass(frozen=True)
class Search:
    """Which events are wanted: all that fit everything that is given.

    `tag`, `actor` and `subject` may end with a colon for a whole family, such as `worker:`.
    """

    tag: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def wait_for_turn(work: Connection, organisation: UUID) -> None:
    """Wait until no other transaction appends to this organisation's chain, and keep others waiting until this ends."""
    key = int.from_bytes(organisation.bytes[:8], "big", signed=True)
    work.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def head(work: Connection, organisation: UUID) -> tuple[int, str]:
    """Return number and hash of the last event, zero and nothing where there is none."""
    query = select(EVENTS.c.number, EVENTS.c.hash).where(EVENTS.c.organisation_id == organisation)
    last = work.execute(query.order_by(EVENTS.c.number.desc()).limit(1)).first()
    return (last.number, last.hash) if last else (0, "")


def append(work: Connection, event: Event) -> None:
    """Write an event."""
    values = asdict(event)
    values["organisation_id"] = values.pop("organisation")
    work.execute(insert(EVENTS).values(values))


def number_of(work: Connection, organisation: UUID, wanted: str) -> int | None:
    """Return the number of the event with this hash, None where there is none."""
    query = select(EVENTS.c.number).where(EVENTS.c.organisation_id == organisation, EVENTS.c.hash == wanted)
    return work.scalar(query)


def chain(work: Connection, organisation: UUID, after: int = 0) -> Iterator[Event]:
    """Read all events after a number, the first one first, in batches."""
    number = after
    while True:
        events = following(work, organisation, number, limit=BATCH)
        yield from events
        if len(events) < BATCH:
            return
        number = events[-1].number


def following(work: Connection, organisation: UUID, number: int, *, limit: int) -> list[Event]:
    """Read the events after a number, the next one first."""
    query = select(EVENTS).where(EVENTS.c.organisation_id == organisation, EVENTS.c.number > number)
    return [_event(row) for row in work.execute(query.order_by(EVENTS.c.number).limit(limit))]


def organisations(work: Connection) -> list[UUID]:
    """Return the organisations that have events."""
    query = select(EVENTS.c.organisation_id).distinct().order_by(EVENTS.c.organisation_id)
    return list(work.scalars(query))


def find(work: Connection, search: Search, *, limit: int) -> list[Event]:
    """Return the newest events that fit, at most `limit`."""
    query = select(EVENTS).order_by(EVENTS.c.number.desc()).limit(limit)
    for column, value in (
        (EVENTS.c.tag, search.tag),
        (EVENTS.c.actor, search.actor),
        (EVENTS.c.subject, search.subject),
    ):
        fits = column.startswith(value, autoescape=True) if value.endswith(":") else column == value
        query = query.where(fits) if value else query
    if search.since:
        query = query.where(EVENTS.c.at >= search.since)
    if search.until:
        query = query.where(EVENTS.c.at < search.until)
    if search.before is not None:
        query = query.where(EVENTS.c.number < search.before)
    return [_event(row) for row in work.execute(query)]


def _event(row: Row[tuple[object, ...]]) -> Event:
    values = dict(row._mapping)
    values["organisation"] = values.pop("organisation_id")
    return Event(**values)
