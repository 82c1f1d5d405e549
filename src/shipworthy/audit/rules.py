"""How events are chained, and how a chain is checked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC

from shipworthy.audit.entities import ChainReport, Event
from shipworthy.core.canonical import canonical_bytes, digest


def hash_of(event: Event) -> str:
    """Return the SHA-256 of everything in an event but its own hash."""
    return digest(
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
            }
        )
    )


def sealed(event: Event) -> Event:
    """Return the event with its hash."""
    return replace(event, hash=hash_of(event))


def check_chain(events: Iterable[Event], count: int = 0, head: str = "") -> ChainReport:
    """Look at every event of one organisation, the first one first; stop at the first that does not fit.

    With `count` and `head` of a report it goes on where that one ended.
    """
    for event in events:
        fault = _fault(event, count + 1, head)
        if fault:
            return ChainReport(count, head, breaks_at=event.number, fault=fault)
        count, head = count + 1, event.hash
    return ChainReport(count, head)


def _fault(event: Event, number: int, head: str) -> str:
    if event.number != number:
        return f"Event {number} is missing; {event.number} comes in its place."
    if event.previous != head:
        return f"Event {number} does not follow the event before it."
    if hash_of(event) != event.hash:
        return f"Event {number} was changed after it was written."
    return ""
