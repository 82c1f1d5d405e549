"""Sign in with address and password, stay signed in, sign out."""

import secrets
import time
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import Connection

from shipworthy.access import repository
from shipworthy.access.entities import Choice, LinkPurpose, Person, SignedIn, SignIn
from shipworthy.access.errors import BadLinkError, BadPersonError, NotSignedInError
from shipworthy.access.links import make_link
from shipworthy.access.passwords import hash_password, is_outdated, is_right
from shipworthy.access.rules import (
    SEEN_EVERY,
    SIGN_IN_IDLES,
    SIGN_IN_LASTS,
    WRONG_PASSWORDS,
    Lock,
    after_wrong,
    begin_try,
    hash_of_token,
    may_look,
    sign_in_is_alive,
    tidy_address,
)
from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.store.database import Database

REFUSED_AFTER = 0.4
"""Seconds that a refusal takes at least, whatever was wrong, so that time tells nothing about an address."""


def sign_in(database: Database, *, email: str, password: str) -> SignedIn | tuple[Choice, ...]:
    """Sign in whoever has this address and password, or give the choice where that is so in several organisations.

    Raises `NotSignedInError`, the same for an unknown address, a wrong password and a lock.
    """
    begun = clock.monotonic()
    fitting = _fitting(database, email, password)
    if not fitting:
        time.sleep(max(0.0, begun + REFUSED_AFTER - clock.monotonic()))
        raise _refusal()
    if len(fitting) == 1:
        person, _ = fitting[0]
        with database.unit_of_work(person.organisation) as work:
            return SignedIn(person, begin_sign_in(work, person))
    with database.house_work() as work:
        return tuple(Choice(of, make_link(work, person, LinkPurpose.CHOICE)) for person, of in fitting)


def choose(database: Database, token: str) -> SignedIn:
    """Sign in to the organisation that was chosen. Raises `BadLinkError`."""
    now = clock.now()
    with database.house_work() as work:
        link = repository.open_link(work, hash_of_token(token), [LinkPurpose.CHOICE], now)
        person = repository.person(work, link.person) if link else None
        if link is None or person is None or not repository.use_link(work, link.id, now):
            raise BadLinkError("The choice is too old.", remedy="Sign in again.")
        return SignedIn(person, begin_sign_in(work, person))


def begin_sign_in(work: Connection, person: Person, how: str = "password") -> str:
    """Sign a person in who proved who they are, and return the token, which is kept nowhere."""
    now = clock.now()
    token = secrets.token_urlsafe(32)
    repository.add_sign_in(work, person, SignIn(uuid4(), now, now, now + SIGN_IN_LASTS), hash_of_token(token))
    record(
        work,
        person.organisation,
        Tag.PERSON_SIGN_IN_DONE,
        actor=person.actor,
        subject=person.actor,
        details={"how": how},
    )
    return token


def signed_in(database: Database, token: str) -> Person | None:
    """Return who is signed in with a token, nobody if it is none, too old, idle for too long, or ended."""
    now = clock.now()
    with database.house_work() as work:
        found = repository.sign_in_of(work, hash_of_token(token))
        if found is None:
            return None
        one, ended_at, person = found
        if not sign_in_is_alive(now=now, seen_at=one.seen_at, expires_at=one.expires_at, ended_at=ended_at):
            return None
        if now - one.seen_at > SEEN_EVERY:
            repository.see(work, one.id, now)
        return person


def sign_out(database: Database, token: str) -> None:
    """End the sign-in of a token."""
    with database.house_work() as work:
        repository.end_sign_in(work, hash_of_token(token), clock.now())


def sign_ins(work: Connection, person: Person, token: str) -> list[SignIn]:
    """Return where a person is signed in, the one seen last first, the one with this token marked."""
    now = clock.now()
    current = hash_of_token(token)
    found = repository.sign_ins(work, person.id, alive_at=now, idle_since=now - SIGN_IN_IDLES)
    return [replace(one, current=kept == current) for one, kept in found]


def end_other_sign_ins(work: Connection, person: Person, token: str) -> int:
    """End all sign-ins of a person but the one with this token, and return how many."""
    return repository.end_sign_ins(work, person.id, clock.now(), but=hash_of_token(token))


def _fitting(database: Database, email: str, password: str) -> list[tuple[Person, str]]:
    """Return who has this address and password, with the organisation's name; at least one password is looked at."""
    tries = _begin_tries(database, email)
    right = [(person, of) for person, of, kept in tries if is_right(password, kept)]
    if not tries:
        is_right(password, None)
    names = {person.id for person, _ in right}
    for person, _, kept in tries:
        if person.id in names:
            _after_right(database, person, password, str(kept))
        elif kept is not None:
            _after_wrong(database, person)
    return right


def _begin_tries(database: Database, email: str) -> list[tuple[Person, str, str | None]]:
    """Count a try for everybody with the address, and return what is kept of each password that may be looked at."""
    try:
        address = tidy_address(email)
    except BadPersonError:
        return []
    now = clock.now()
    begun = []
    with database.house_work() as work:
        for person, of in repository.people_with_address(work, address):
            lock = begin_try(repository.lock_of(work, person.id), now)
            repository.set_lock(work, person.id, lock)
            begun.append((person, of, repository.password_of(work, person.id) if may_look(lock, now) else None))
    return begun


def _after_right(database: Database, person: Person, password: str, kept: str) -> None:
    with database.unit_of_work(person.organisation) as work:
        repository.set_lock(work, person.id, Lock())
    if is_outdated(kept):
        stronger = hash_password(password)
        with database.unit_of_work(person.organisation) as work:
            repository.set_password(work, person.id, stronger)


def _after_wrong(database: Database, person: Person) -> None:
    with database.unit_of_work(person.organisation) as work:
        before = repository.lock_of(work, person.id)
        after = after_wrong(before, clock.now())
        repository.set_lock(work, person.id, after)
        if after.until != before.until:
            record(
                work,
                person.organisation,
                Tag.PERSON_SIGN_IN_LOCKED,
                actor="house",
                subject=person.actor,
                details={"wrong_passwords": WRONG_PASSWORDS},
            )


def _refusal() -> NotSignedInError:
    return NotSignedInError(
        "Address and password do not fit.",
        remedy="Try again, or choose a new password. After five wrong ones, sign-in is locked for 15 minutes.",
    )
