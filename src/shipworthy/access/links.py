"""Links that work once: to set a first password, and a new one."""

import secrets
import time
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Connection

from shipworthy.access import repository
from shipworthy.access.entities import LinkPurpose, Organisation, Person, PersonLink
from shipworthy.access.errors import BadLinkError, BadPersonError, NotSignedInError, TooOftenError
from shipworthy.access.passwords import hash_password, is_right
from shipworthy.access.people import organisation
from shipworthy.access.rules import (
    CHOICE_LASTS,
    LOCKED_FOR,
    RESET_LASTS,
    WELCOME_LASTS,
    WRONG_PASSWORDS,
    Lock,
    expect_good_password,
    hash_of_token,
    tidy_address,
)
from shipworthy.access.throttling import allow
from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.letters.operations import write
from shipworthy.store.database import Database

LASTS = {
    LinkPurpose.WELCOME: WELCOME_LASTS,
    LinkPurpose.RESET: RESET_LASTS,
    LinkPurpose.CHOICE: CHOICE_LASTS,
}
FOR_PASSWORDS = (LinkPurpose.WELCOME, LinkPurpose.RESET)
RESETS_AN_HOUR = 3
ANSWERED_AFTER = 0.4
"""Seconds that asking for a reset takes at least, so that time tells nothing about an address."""

WELCOME = """Hello {name},

{by} gave you access to {organisation} in Shipworthy.

Open this address to choose a password. It works once, until {until}.

{link}

If you did not expect this, leave it: nothing happens without the password that you choose.
"""
RESET = """Hello {name},

somebody, probably you, asked for a new password for {organisation} in Shipworthy.

Open this address to choose one. It works once, for an hour.

{link}

If it was not you, leave it. Your password stays as it is.
"""


def make_link(work: Connection, person: Person, purpose: LinkPurpose) -> str:
    """Make a link for a person and return its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    link = PersonLink(uuid4(), person.organisation, person.id, purpose, clock.now() + LASTS[purpose])
    repository.add_link(work, link, hash_of_token(token))
    return token


def welcome(work: Connection, person: Person, *, web_url: str, by: str = "") -> str:
    """Write the letter with which a person who was added chooses a password; returns the address in it."""
    name = organisation(work, person.organisation).name
    token = make_link(work, person, LinkPurpose.WELCOME)
    until = f"{clock.now() + WELCOME_LASTS:%d %B %Y %H:%M} UTC".lstrip("0")
    address = f"{web_url.rstrip('/')}/welcome/{token}"
    write(
        work,
        person.organisation,
        recipient=person.email,
        title=f"Your access to {name} in Shipworthy",
        body=WELCOME.format(name=person.name, by=by or name, organisation=name, until=until, link=address),
        about=f"person:{person.id}",
        secret=token,
    )
    return address


def ask_for_reset(database: Database, email: str, *, web_url: str) -> None:
    """Write a letter with a reset link for every organisation in which somebody has this address.

    Says nothing about whether there is one, and takes the same time; more than three an hour write nothing.
    """
    begun = clock.monotonic()
    _write_resets(database, email, web_url)
    time.sleep(max(0.0, begun + ANSWERED_AFTER - clock.monotonic()))


def _write_resets(database: Database, email: str, web_url: str) -> None:
    try:
        address = tidy_address(email)
    except BadPersonError:
        return
    if not allow(database, f"reset:{address}", RESETS_AN_HOUR, int(timedelta(hours=1).total_seconds())):
        return
    with database.house_work() as work:
        for person, of in repository.people_with_address(work, address):
            _write_reset(work, person, of, web_url)


def _write_reset(work: Connection, person: Person, of: str, web_url: str) -> None:
    token = make_link(work, person, LinkPurpose.RESET)
    link = f"{web_url.rstrip('/')}/reset/{token}"
    write(
        work,
        person.organisation,
        recipient=person.email,
        title=f"A new password for {of} in Shipworthy",
        body=RESET.format(name=person.name, organisation=of, link=link),
        about=f"person:{person.id}",
        secret=token,
    )


def send_link(work: Connection, person: Person, *, web_url: str, by: str) -> None:
    """Write a person a letter with a new link for a password: a welcome where they have none yet."""
    if repository.password_of(work, person.id) is None:
        welcome(work, person, web_url=web_url, by=by)
    else:
        _write_reset(work, person, organisation(work, person.organisation).name, web_url)


def whose_link(database: Database, token: str) -> tuple[PersonLink, Person, Organisation]:
    """Return a link for a password that works now, whose it is, and of which organisation; it stays usable.

    Raises `BadLinkError`.
    """
    with database.house_work() as work:
        link = repository.open_link(work, hash_of_token(token), FOR_PASSWORDS, clock.now())
        person = repository.person(work, link.person) if link else None
        of = repository.organisation(work, link.organisation) if link else None
    if link is None or person is None or of is None:
        raise BadLinkError(
            "This link does not work.", remedy="It was used already, or its time is over. Ask for a new one."
        )
    return link, person, of


def set_password(database: Database, token: str, password: str) -> Person:
    """Set the password of whoever has the link, end their sign-ins, lift a lock and use all their links up.

    Raises `BadLinkError` or `BadPasswordError`, which leaves the link usable.
    """
    link, person, of = whose_link(database, token)
    expect_good_password(password, about=(person.name, person.email, of.name))
    kept = hash_password(password)
    with database.unit_of_work(link.organisation) as work:
        now = clock.now()
        if not repository.use_link(work, link.id, now):
            raise BadLinkError("This link was used already.", remedy="Sign in, or ask for a new one.")
        repository.use_up_links(work, person.id, now)
        repository.set_password(work, person.id, kept)
        repository.set_lock(work, person.id, Lock())
        repository.end_sign_ins(work, person.id, now)
        record(work, link.organisation, Tag.PERSON_PASSWORD_SET, actor=person.actor, subject=person.actor)
    return person


def change_password(database: Database, person: Person, *, present: str, wanted: str, token: str) -> None:
    """Change the password of who is signed in with `token` and knows the present one; all other sign-ins end.

    Raises `NotSignedInError` where the present one is wrong, `TooOftenError` or `BadPasswordError`.
    """
    if not allow(database, f"password:{person.id}", WRONG_PASSWORDS, int(LOCKED_FOR.total_seconds())):
        raise TooOftenError("That was tried too often.", remedy="Wait a quarter of an hour.")
    with database.unit_of_work(person.organisation) as work:
        kept, of = repository.password_of(work, person.id), organisation(work, person.organisation)
    if not is_right(present, kept):
        raise NotSignedInError("The present password is wrong.", remedy="Try again, or sign out and ask for a new one.")
    expect_good_password(wanted, about=(person.name, person.email, of.name))
    new = hash_password(wanted)
    with database.unit_of_work(person.organisation) as work:
        now = clock.now()
        repository.use_up_links(work, person.id, now)
        repository.set_password(work, person.id, new)
        repository.end_sign_ins(work, person.id, now, but=hash_of_token(token))
        record(work, person.organisation, Tag.PERSON_PASSWORD_SET, actor=person.actor, subject=person.actor)
