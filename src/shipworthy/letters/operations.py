"""Write a letter, send what is due, look at the outbox."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.core import clock
from shipworthy.letters import repository
from shipworthy.letters.entities import Letter, LetterState
from shipworthy.letters.errors import BadLetterError, LetterNotSentError
from shipworthy.letters.rules import expect_sendable, next_try, without_secret
from shipworthy.store.database import Database

MOST_COUNTED = 1000
LEASE = timedelta(minutes=10)
"""How long one sender has a letter for itself; after that it was killed, and another one tries."""


class Transport(Protocol):
    """A way to send a letter."""

    def send(self, letter: Letter) -> None:
        """Send it. Raises `LetterNotSentError`."""


def write(
    work: Connection, organisation: UUID, *, recipient: str, title: str, body: str, about: str, secret: str = ""
) -> UUID:
    """Write a letter in the transaction of what it tells; it goes out once that has ended.

    `secret` is a part of the text, such as a link's token or a code, that is taken out of it after sending.
    Raises `BadLetterError`.
    """
    expect_sendable(recipient, title)
    if secret and secret not in body:
        raise BadLetterError("The letter's secret is not in its text.")
    now = clock.now()
    letter = Letter(
        id=uuid4(),
        organisation=organisation,
        recipient=recipient,
        title=title,
        body=body,
        about=about,
        state=LetterState.WAITING,
        attempts=0,
        fault="",
        secret=secret,
        created_at=now,
        next_at=now,
        sent_at=None,
    )
    repository.add(work, [letter])
    return letter.id


def send_due(database: Database, transport: Transport | None, limit: int = 50) -> int:
    """Send the letters that are due, at most so many, and return how many were dealt with.

    Without a transport they are kept, to be read in the outbox. A letter whose sender was killed is tried again later.
    """
    for count in range(limit):
        now = clock.now()
        with database.house_work() as work:
            claimed = repository.claim(work, now=now, until=now + LEASE)
        if claimed is None:
            return count
        tried = _tried(claimed, transport)
        with database.unit_of_work(claimed.organisation) as work:
            repository.change(work, tried)
    return limit


def outbox(
    work: Connection,
    *,
    state: LetterState | None = None,
    about: str = "",
    kinds: Sequence[str] = (),
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Letter]:
    """Return the organisation's letters, the newest first, from a place on: moment and id of the last one seen.

    `kinds` are the kinds of things that letters are about, such as `invitation`; without any all are returned.
    """
    return repository.newest(work, state=state, about=about, kinds=kinds, before=before, limit=limit)


def letter(work: Connection, wanted: UUID) -> Letter | None:
    """Return one letter of the organisation."""
    return repository.one(work, wanted)


def letter_counts(work: Connection, *, kinds: Sequence[str] = ()) -> dict[LetterState, int]:
    """Return how many letters of the organisation, about these kinds of things, stand where.

    `MOST_COUNTED` and one more means: more than that.
    """
    return repository.counts(work, kinds=kinds, most=MOST_COUNTED)


def send_again(work: Connection, wanted: UUID) -> Letter:
    """Put a letter that was kept or given up back among those to be sent. Raises `BadLetterError`."""
    found = repository.one(work, wanted)
    if found is None or found.state not in {LetterState.KEPT, LetterState.FAILED}:
        raise BadLetterError(
            "This letter is not among those that can be sent again.",
            remedy="Letters that were sent are not sent twice.",
        )
    again = replace(found, state=LetterState.WAITING, attempts=0, fault="", next_at=clock.now())
    repository.change(work, again)
    return again


def _tried(letter: Letter, transport: Transport | None) -> Letter:
    if transport is None:
        return replace(letter, state=LetterState.KEPT, next_at=None)
    try:
        transport.send(letter)
    except LetterNotSentError as fault:
        return _after_failure(letter, fault)
    text = without_secret(letter.body, letter.secret)
    now = clock.now()
    attempts = letter.attempts + 1
    return replace(
        letter, state=LetterState.SENT, attempts=attempts, fault="", body=text, secret="", next_at=None, sent_at=now
    )


def _after_failure(letter: Letter, fault: LetterNotSentError) -> Letter:
    attempts = letter.attempts + 1
    again = None if fault.for_good else next_try(clock.now(), attempts)
    state = LetterState.WAITING if again else LetterState.FAILED
    return replace(letter, state=state, attempts=attempts, fault=fault.what, next_at=again)
