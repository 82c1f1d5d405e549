from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.audit.entities import Event
from shipworthy.audit.rules import check_chain, hash_of, sealed

HOUSE = UUID(int=7)
START = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


def chain(length: int) -> list[Event]:
    events: list[Event] = []
    for number in range(1, length + 1):
        previous = events[-1].hash if events else ""
        event = Event(
            organisation=HOUSE,
            number=number,
            at=START + timedelta(minutes=number),
            tag="candidate:task:started",
            actor="candidate:c",
            subject=f"task:{number}",
            details={"minutes": number},
            previous=previous,
            hash="",
        )
        events.append(sealed(event))
    return events


def test_an_untouched_chain_holds() -> None:
    report = check_chain(chain(5))
    assert report.holds
    assert report.events == 5
    assert report.head == chain(5)[-1].hash
    assert check_chain([]).holds


@given(place=st.integers(0, 7), change=st.sampled_from(["at", "tag", "actor", "subject", "details", "organisation"]))
def test_any_change_is_found_where_it_was_made(place: int, change: str) -> None:
    events = chain(8)
    values: dict[str, Any] = {
        "at": START,
        "tag": "worker:grading:done",
        "actor": "candidate:d",
        "subject": "task:x",
        "details": {"minutes": 99},
        "organisation": UUID(int=8),
    }
    events[place] = replace(events[place], **{change: values[change]})
    report = check_chain(events)
    assert report.breaks_at == place + 1
    assert "was changed" in report.fault


@given(place=st.integers(0, 6))
def test_an_event_that_is_gone_is_missed(place: int) -> None:
    events = chain(8)
    del events[place]
    assert check_chain(events).fault == f"Event {place + 1} is missing; {place + 2} comes in its place."


def test_a_rewritten_past_does_not_fit_what_follows() -> None:
    events = chain(4)
    events[1] = sealed(replace(events[1], subject="task:other"))
    assert check_chain(events).fault == "Event 3 does not follow the event before it."


def test_the_zone_in_which_a_moment_is_told_changes_nothing() -> None:
    event = chain(1)[0]
    moved = replace(event, at=event.at.astimezone(timezone(timedelta(hours=5))))
    assert hash_of(moved) == event.hash
