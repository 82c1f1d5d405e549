import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from shipworthy.access import passwords, signing_in
from shipworthy.access.entities import LinkPurpose, Organisation, Person, SignedIn
from shipworthy.access.errors import BadLinkError, NotSignedInError
from shipworthy.access.operations import (
    begin_sign_in,
    choose,
    end_other_sign_ins,
    found_organisation,
    make_link,
    set_password,
    sign_in,
    sign_ins,
    sign_out,
    signed_in,
)
from shipworthy.audit.operations import search
from shipworthy.audit.repository import Search
from shipworthy.store.database import Database
from tests.unit.access.conftest import Watch

PASSWORD = "four unusual words here"


def somebody(database: Database, email: str = "", password: str = PASSWORD) -> tuple[Organisation, Person]:
    with database.house_work() as work:
        organisation, owner = found_organisation(
            work, name="Northwind", owner_email=email or f"{uuid4()}@northwind.example"
        )
        link = make_link(work, owner, LinkPurpose.WELCOME)
    set_password(database, link, password)
    return organisation, owner


def refused(database: Database, email: str, password: str) -> NotSignedInError:
    with pytest.raises(NotSignedInError) as refusal:
        sign_in(database, email=email, password=password)
    return refusal.value


def token_for(database: Database, person: Person) -> str:
    with database.unit_of_work(person.organisation) as work:
        return begin_sign_in(work, person)


@pytest.fixture(autouse=True)
def _hurried(hurried: None) -> None: ...


def test_the_right_password_signs_in_and_is_told(database: Database) -> None:
    organisation, owner = somebody(database)
    done = sign_in(database, email=owner.email.upper(), password=PASSWORD)
    assert isinstance(done, SignedIn)
    assert signed_in(database, done.token) == owner
    with database.unit_of_work(organisation.id) as work:
        assert search(work, Search(), limit=1)[0].tag == "person:sign_in:done"


def test_tokens_are_kept_as_hashes_only(database: Database) -> None:
    _, owner = somebody(database)
    token = token_for(database, owner)
    with database.house_work() as work:
        kept = work.execute(text("SELECT * FROM sign_in WHERE person_id = :id"), {"id": owner.id}).one()
        person = work.execute(text("SELECT * FROM person WHERE id = :id"), {"id": owner.id}).one()
    assert token not in str(kept)
    assert PASSWORD not in str(person)
    assert person.password_hash.startswith("$argon2id$")


def test_every_refusal_is_the_same(database: Database) -> None:
    _, owner = somebody(database)
    with database.house_work() as work:
        _, nobody = found_organisation(work, name="New", owner_email=f"{uuid4()}@northwind.example")
    told = {
        (refusal.what, refusal.remedy, type(refusal))
        for refusal in (
            refused(database, owner.email, "wrong"),
            refused(database, owner.email, ""),
            refused(database, "unknown@northwind.example", PASSWORD),
            refused(database, "no address", PASSWORD),
            refused(database, nobody.email, PASSWORD),
        )
    }
    assert len(told) == 1


def test_a_password_is_looked_at_whatever_the_address(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _, owner = somebody(database)
    looks: list[str | None] = []

    def counted(password: str, kept: str | None) -> bool:
        looks.append(kept)
        return passwords.is_right(password, kept)

    monkeypatch.setattr(signing_in, "is_right", counted)
    refused(database, owner.email, "wrong")
    refused(database, "unknown@northwind.example", "wrong")
    refused(database, "no address", "wrong")
    assert len(looks) == 3


def test_a_refusal_takes_its_time_whatever_was_wrong(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "REFUSED_AFTER", 0.5)
    _, owner = somebody(database)
    for email in (owner.email, "unknown@northwind.example"):
        begun = time.monotonic()
        refused(database, email, "wrong")
        assert time.monotonic() - begun >= 0.5


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(database: Database, watch: Watch) -> None:
    organisation, owner = somebody(database)
    told = [refused(database, owner.email, "wrong").what for _ in range(5)]
    told.append(refused(database, owner.email, PASSWORD).what)
    assert len(set(told)) == 1
    with database.unit_of_work(organisation.id) as work:
        events = search(work, Search(tag="person:sign_in:locked"))
    assert [event.subject for event in events] == [owner.actor]
    watch.turn(timedelta(minutes=14))
    refused(database, owner.email, PASSWORD)
    watch.turn(timedelta(minutes=2))
    assert isinstance(sign_in(database, email=owner.email, password=PASSWORD), SignedIn)


def test_the_right_password_forgets_the_wrong_ones(database: Database) -> None:
    _, owner = somebody(database)
    for _ in range(2):
        for _ in range(4):
            refused(database, owner.email, "wrong")
        assert isinstance(sign_in(database, email=owner.email, password=PASSWORD), SignedIn)


def test_wrong_passwords_of_last_week_do_not_count(database: Database, watch: Watch) -> None:
    _, owner = somebody(database)
    for _ in range(4):
        refused(database, owner.email, "wrong")
    watch.turn(timedelta(days=7))
    refused(database, owner.email, "wrong")
    assert isinstance(sign_in(database, email=owner.email, password=PASSWORD), SignedIn)


def test_many_tries_at_once_are_no_more_than_five(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _, owner = somebody(database)
    looked: list[str] = []

    def counted(password: str, kept: str | None) -> bool:
        if kept is not None:
            looked.append(password)
        return passwords.is_right(password, kept)

    monkeypatch.setattr(signing_in, "is_right", counted)
    with ThreadPoolExecutor(12) as guessers:
        list(guessers.map(lambda number: refused(database, owner.email, f"guess {number}"), range(12)))
    assert len(looked) == 5
    refused(database, owner.email, PASSWORD)


def test_a_new_password_by_link_lifts_the_lock_and_ends_sign_ins(database: Database) -> None:
    _, owner = somebody(database)
    token = token_for(database, owner)
    for _ in range(5):
        refused(database, owner.email, "wrong")
    with database.unit_of_work(owner.organisation) as work:
        link = make_link(work, owner, LinkPurpose.RESET)
    set_password(database, link, "another four words here")
    assert signed_in(database, token) is None
    refused(database, owner.email, PASSWORD)
    assert isinstance(sign_in(database, email=owner.email, password="another four words here"), SignedIn)


def test_several_organisations_with_one_address_give_a_choice_that_works_once(database: Database) -> None:
    email = f"{uuid4()}@northwind.example"
    people = [somebody(database, email)[1] for _ in range(2)]
    somebody(database, email, "a password of another place")
    choices = sign_in(database, email=email, password=PASSWORD)
    assert isinstance(choices, tuple)
    assert [choice.organisation for choice in choices] == ["Northwind", "Northwind"]
    done = choose(database, choices[1].token)
    assert done.person == people[1]
    assert signed_in(database, done.token) == people[1]
    with pytest.raises(BadLinkError):
        choose(database, choices[1].token)


def test_a_choice_is_soon_too_old(database: Database, watch: Watch) -> None:
    _, owner = somebody(database)
    with database.unit_of_work(owner.organisation) as work:
        token = make_link(work, owner, LinkPurpose.CHOICE)
    watch.turn(timedelta(minutes=6))
    with pytest.raises(BadLinkError):
        choose(database, token)


def test_a_link_for_a_password_is_no_choice(database: Database) -> None:
    _, owner = somebody(database)
    with database.unit_of_work(owner.organisation) as work:
        reset, choice = make_link(work, owner, LinkPurpose.RESET), make_link(work, owner, LinkPurpose.CHOICE)
    with pytest.raises(BadLinkError):
        choose(database, reset)
    with pytest.raises(BadLinkError):
        set_password(database, choice, "another four words here")


def test_a_sign_in_ends_when_it_idles(database: Database, watch: Watch) -> None:
    _, owner = somebody(database)
    token = token_for(database, owner)
    for _ in range(3):
        watch.turn(timedelta(hours=11))
        assert signed_in(database, token) == owner
    watch.turn(timedelta(hours=12))
    assert signed_in(database, token) is None


def test_a_sign_in_ends_after_a_week_however_busy(database: Database, watch: Watch) -> None:
    _, owner = somebody(database)
    token = token_for(database, owner)
    for _ in range(16):
        watch.turn(timedelta(hours=10))
        assert signed_in(database, token) == owner
    watch.turn(timedelta(hours=9))
    assert signed_in(database, token) is None


def test_signing_out_ends_one_and_the_others_can_be_ended(database: Database) -> None:
    _, owner = somebody(database)
    here, there, elsewhere = (token_for(database, owner) for _ in range(3))
    sign_out(database, elsewhere)
    assert signed_in(database, elsewhere) is None
    with database.unit_of_work(owner.organisation) as work:
        assert sorted(one.current for one in sign_ins(work, owner, here)) == [False, True]
        assert end_other_sign_ins(work, owner, here) == 1
    assert signed_in(database, here) == owner
    assert signed_in(database, there) is None


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "\udcff", "'; DROP TABLE sign_in; --"])
def test_what_is_no_token_signs_nobody_in(database: Database, token: str) -> None:
    assert signed_in(database, token) is None


def test_a_weaker_hash_is_made_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _, owner = somebody(database)
    monkeypatch.setattr(signing_in, "is_outdated", lambda kept: True)
    with database.house_work() as work:
        before = work.scalar(text("SELECT password_hash FROM person WHERE id = :id"), {"id": owner.id})
    sign_in(database, email=owner.email, password=PASSWORD)
    with database.house_work() as work:
        after = work.scalar(text("SELECT password_hash FROM person WHERE id = :id"), {"id": owner.id})
    assert before != after
    assert isinstance(sign_in(database, email=owner.email, password=PASSWORD), SignedIn)
