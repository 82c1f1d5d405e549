"""Write an event, look for events, prove the chain."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import islice
from uuid import UUID

from sqlalchemy import Connection

from shipworthy.audit import repository
from shipworthy.audit.entities import ChainReport, Event
from shipworthy.audit.repository import Search
from shipworthy.audit.rules import check_chain, sealed
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.core.canonical import JSONValue, canonical_bytes

_NOTHING: Mapping[str, JSONValue] = {}


def record(
    work: Connection,
    organisation: UUID,
    tag: Tag,
    *,
    actor: str,
    subject: str,
    details: Mapping[str, JSONValue] = _NOTHING,
) -> Event:
    """Append an event in the transaction of the change that it tells: both are there, or neither.

    Other transactions of the organisation that append wait for this one to end, so do this last.
    """
    repository.wait_for_turn(work, organisation)
    number, previous = repository.head(work, organisation)
    event = sealed(
        Event(
            organisation=organisation,
            number=number + 1,
            at=clock.now(),
            tag=tag.value,
            actor=actor,
            subject=subject,
            details=dict(details),
            previous=previous,
            hash="",
        )
    )
    repository.append(work, event)
    return event


def verify(work: Connection, organisation: UUID) -> ChainReport:
    """Say whether the organisation's chain holds."""
    return check_chain(repository.chain(work, organisation))


def verify_all(work: Connection) -> dict[UUID, ChainReport]:
    """Say for every organisation whether its chain holds; for the house, which sees all of them."""
    return {organisation: verify(work, organisation) for organisation in repository.organisations(work)}


def verify_on(work: Connection, organisation: UUID, sofar: ChainReport, *, most: int) -> ChainReport:
    """Go on with a verification for at most so many events, as one that began with no events would have."""
    events = islice(repository.chain(work, organisation, sofar.events), most)
    return check_chain(events, sofar.events, sofar.head)


def length(work: Connection, organisation: UUID) -> int:
    """Return how many events the organisation's log has."""
    return repository.head(work, organisation)[0]


def place_of(work: Connection, organisation: UUID, head: str) -> int | None:
    """Return the number of the event with a hash that somebody kept; None means that the log was cut or rewritten."""
    return repository.number_of(work, organisation, head)


def search(work: Connection, wanted: Search, *, limit: int = 100) -> list[Event]:
    """Return the newest events that fit."""
    return repository.find(work, wanted, limit=limit)


def after(work: Connection, organisation: UUID, number: int, *, limit: int) -> list[Event]:
    """Return the events that follow the one of this number, the next one first."""
    return repository.following(work, organisation, number, limit=limit)


def export(work: Connection, organisation: UUID) -> Iterator[bytes]:
    """Give the whole log as JSON lines, the first event first; with it anybody can work the hashes out again."""
    for event in repository.chain(work, organisation):
        yield (
            canonical_bytes(
                {
                    "organisation": str(event.organisation),
                    "number": event.number,
                    "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
                    "tag": event.tag,
                    "actor": event.actor,
                    "subject": event.subject,
                    "details": dict(event.details),
                    "previous": event.previous,
                    "hash": event.hash,
                }
            )
            + b"\n"
        )
