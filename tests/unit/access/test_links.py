import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from shipworthy.access import links
from shipworthy.access.entities import Access, LinkPurpose, Organisation, Person, SignedIn
from shipworthy.access.errors import BadLinkError, BadPasswordError
from shipworthy.access.operations import (
    add_person,
    ask_for_reset,
    found_organisation,
    make_link,
    remove_person,
    set_password,
    sign_in,
    welcome,
    whose_link,
)
from shipworthy.letters.operations import outbox
from shipworthy.store.database import Database
from tests.unit.access.conftest import Watch

WEB = "https://vetting.example"
PASSWORD = "four unusual words here"


@pytest.fixture(autouse=True)
def _hurried(hurried: None) -> None: ...


def founded(database: Database, email: str = "") -> tuple[Organisation, Person]:
    with database.house_work() as work:
        return found_organisation(work, name="Northwind", owner_email=email or f"{uuid4()}@northwind.example")


def link_for(database: Database, person: Person, purpose: LinkPurpose = LinkPurpose.RESET) -> str:
    with database.unit_of_work(person.organisation) as work:
        return make_link(work, person, purpose)


def links_in_letters(database: Database, organisation: Organisation, kind: str) -> list[str]:
    with database.unit_of_work(organisation.id) as work:
        bodies = [letter.body for letter in outbox(work)]
    return [found for body in bodies for found in re.findall(rf"{WEB}/{kind}/(\S+)", body)]


def test_a_welcome_letter_leads_to_a_password(database: Database) -> None:
    organisation, owner = founded(database)
    with database.unit_of_work(organisation.id) as work:
        address = welcome(work, owner, web_url=WEB + "/", by="Ann")
    (token,) = links_in_letters(database, organisation, "welcome")
    assert address == f"{WEB}/welcome/{token}"
    link, person, of = whose_link(database, token)
    assert (link.purpose, person, of.name) == (LinkPurpose.WELCOME, owner, "Northwind")
    set_password(database, token, PASSWORD)
    assert isinstance(sign_in(database, email=owner.email, password=PASSWORD), SignedIn)


def test_links_are_kept_as_hashes_only(database: Database) -> None:
    _, owner = founded(database)
    token = link_for(database, owner)
    with database.house_work() as work:
        kept = work.execute(text("SELECT * FROM person_link WHERE person_id = :id"), {"id": owner.id}).one()
    assert token not in str(kept)


def test_a_link_works_once_and_uses_up_the_others(database: Database) -> None:
    _, owner = founded(database)
    first, second = (link_for(database, owner) for _ in range(2))
    set_password(database, first, PASSWORD)
    for token in (first, second):
        with pytest.raises(BadLinkError):
            set_password(database, token, "another four words here")


def test_a_link_that_two_use_at_once_works_for_one(database: Database) -> None:
    _, owner = founded(database)
    token = link_for(database, owner)

    def tried(number: int) -> bool:
        try:
            set_password(database, token, f"{PASSWORD} {number}")
        except BadLinkError:
            return False
        return True

    with ThreadPoolExecutor(4) as users:
        assert sum(users.map(tried, range(4))) == 1


def test_looking_at_a_link_does_not_use_it(database: Database) -> None:
    _, owner = founded(database)
    token = link_for(database, owner)
    assert whose_link(database, token) == whose_link(database, token)


@pytest.mark.parametrize("password", ["", "short", "x" * 201, "northwind123", "aaaaaaaaaaaaaaaa", "1234567890123"])
def test_a_bad_password_is_refused_and_the_link_stays(database: Database, password: str) -> None:
    _, owner = founded(database)
    token = link_for(database, owner)
    with pytest.raises(BadPasswordError):
        set_password(database, token, password)
    set_password(database, token, PASSWORD)


@pytest.mark.parametrize(("purpose", "lasts"), [(LinkPurpose.WELCOME, 7 * 24), (LinkPurpose.RESET, 1)])
def test_a_link_ends(database: Database, watch: Watch, purpose: LinkPurpose, lasts: int) -> None:
    _, owner = founded(database)
    token = link_for(database, owner, purpose)
    watch.turn(timedelta(hours=lasts, minutes=-1))
    whose_link(database, token)
    watch.turn(timedelta(minutes=2))
    with pytest.raises(BadLinkError):
        whose_link(database, token)


def test_a_link_of_somebody_who_was_removed_does_not_work(database: Database) -> None:
    organisation, owner = founded(database)
    token = link_for(database, owner)
    with database.unit_of_work(organisation.id) as work:
        second = frozenset({Access.OWNER})
        add_person(work, organisation.id, name="Second", email=f"{uuid4()}@northwind.example", accesses=second)
        remove_person(work, owner.id, by="house")
    with pytest.raises(BadLinkError):
        set_password(database, token, PASSWORD)


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "\udcff"])
def test_what_is_no_link_is_refused(database: Database, token: str) -> None:
    with pytest.raises(BadLinkError):
        whose_link(database, token)


def test_a_reset_is_written_in_every_organisation_with_the_address(database: Database) -> None:
    email = f"{uuid4()}@northwind.example"
    organisations = [founded(database, email)[0] for _ in range(2)]
    ask_for_reset(database, email.upper(), web_url=WEB)
    assert [len(links_in_letters(database, each, "reset")) for each in organisations] == [1, 1]


def test_a_reset_for_an_address_that_nobody_has_says_nothing(database: Database) -> None:
    ask_for_reset(database, f"{uuid4()}@northwind.example", web_url=WEB)
    ask_for_reset(database, "no address", web_url=WEB)


def test_asking_takes_its_time_whoever_has_the_address(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "ANSWERED_AFTER", 0.5)
    _, owner = founded(database)
    for email in (owner.email, "unknown@northwind.example", "no address"):
        begun = time.monotonic()
        ask_for_reset(database, email, web_url=WEB)
        assert time.monotonic() - begun >= 0.5


def test_resets_do_not_flood_a_mailbox(database: Database) -> None:
    organisation, owner = founded(database)
    for _ in range(8):
        ask_for_reset(database, owner.email, web_url=WEB)
    assert len(links_in_letters(database, organisation, "reset")) == 3
