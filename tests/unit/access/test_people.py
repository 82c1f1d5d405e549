from uuid import uuid4

import pytest

from shipworthy.access.entities import Access, IdentityProvider, Organisation, Person
from shipworthy.access.errors import BadPersonError, LastOwnerError, UnknownPersonError
from shipworthy.access.operations import (
    add_person,
    begin_sign_in,
    bring_back,
    change_accesses,
    change_own,
    found_organisation,
    organisation_of_slug,
    people,
    person,
    remove_person,
    set_identity_provider,
    signed_in,
)
from shipworthy.audit.operations import search, verify
from shipworthy.audit.repository import Search
from shipworthy.store.database import Database

RECRUITER = frozenset({Access.RECRUITER})


def founded(database: Database, name: str = "Northwind") -> tuple[Organisation, Person]:
    with database.house_work() as work:
        return found_organisation(work, name=name, owner_email=f"{uuid4()}@northwind.example")


def added(database: Database, to: Organisation, email: str = "", accesses: frozenset[Access] = RECRUITER) -> Person:
    with database.unit_of_work(to.id) as work:
        return add_person(work, to.id, name="Bob", email=email or f"{uuid4()}@northwind.example", accesses=accesses)


def test_an_organisation_begins_with_an_owner_who_can_do_everything_but_review_blindly(database: Database) -> None:
    organisation, owner = founded(database)
    with database.unit_of_work(organisation.id) as work:
        assert people(work) == [owner]
        assert verify(work, organisation.id).holds
    assert set(Access) - owner.accesses == {Access.REVIEWER}


def test_organisations_of_one_name_have_different_addresses(database: Database) -> None:
    slugs = {founded(database, "Zürich & Söhne")[0].slug for _ in range(3)}
    assert slugs == {"zurich-sohne", "zurich-sohne-2", "zurich-sohne-3"}
    with database.house_work() as work:
        found = organisation_of_slug(work, "zurich-sohne-2")
    assert found is not None
    assert found.slug == "zurich-sohne-2"


def test_people_of_another_organisation_are_not_there(database: Database) -> None:
    one, owner = founded(database)
    other, _ = founded(database)
    with database.unit_of_work(other.id) as work, pytest.raises(UnknownPersonError):
        person(work, owner.id)
    with database.unit_of_work(other.id) as work, pytest.raises(UnknownPersonError):
        change_accesses(work, owner.id, RECRUITER, by="house")
    with database.unit_of_work(one.id) as work:
        assert person(work, owner.id) == owner


def test_an_address_is_there_once_however_it_is_written(database: Database) -> None:
    organisation, _ = founded(database)
    added(database, organisation, "Bob@Northwind.example")
    with pytest.raises(BadPersonError, match="is there already"):
        added(database, organisation, " bob@northwind.EXAMPLE ")


@pytest.mark.parametrize("email", ["", "bob", "bob@", "a@b\r\nBcc: c@d", "bob@x y", "<bob@x>", f"{'b' * 300}@x.org"])
def test_what_is_no_address_is_refused(database: Database, email: str) -> None:
    organisation, _ = founded(database)
    with database.unit_of_work(organisation.id) as work, pytest.raises(BadPersonError):
        add_person(work, organisation.id, name="Bob", email=email, accesses=RECRUITER)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\u202eb", "x" * 121])
def test_what_is_no_name_is_refused(database: Database, name: str) -> None:
    organisation, _ = founded(database)
    with database.unit_of_work(organisation.id) as work, pytest.raises(BadPersonError):
        add_person(work, organisation.id, name=name, email="bob@northwind.example", accesses=RECRUITER)


def test_accesses_are_changed_and_told(database: Database) -> None:
    organisation, owner = founded(database)
    bob = added(database, organisation)
    with database.unit_of_work(organisation.id) as work:
        changed = change_accesses(work, bob.id, frozenset({Access.REVIEWER}), by=owner.actor)
        last = search(work, Search(), limit=1)[0]
    assert changed.may(Access.REVIEWER, Access.OWNER)
    assert not changed.may(Access.RECRUITER)
    assert (last.tag, last.actor, last.subject) == ("owner:access:changed", owner.actor, bob.actor)


def test_the_last_owner_stays(database: Database) -> None:
    organisation, owner = founded(database)
    with database.unit_of_work(organisation.id) as work, pytest.raises(LastOwnerError):
        remove_person(work, owner.id, by=owner.actor)
    with database.unit_of_work(organisation.id) as work, pytest.raises(LastOwnerError):
        change_accesses(work, owner.id, RECRUITER, by=owner.actor)
    second = added(database, organisation, accesses=frozenset({Access.OWNER}))
    with database.unit_of_work(organisation.id) as work:
        remove_person(work, owner.id, by=second.actor)
        assert people(work) == [second]


def test_who_is_removed_is_out_at_once_and_can_be_taken_back(database: Database) -> None:
    organisation, owner = founded(database)
    bob = added(database, organisation)
    with database.unit_of_work(organisation.id) as work:
        token = begin_sign_in(work, bob)
    assert signed_in(database, token) == bob
    with database.unit_of_work(organisation.id) as work:
        remove_person(work, bob.id, by=owner.actor)
    assert signed_in(database, token) is None
    with database.unit_of_work(organisation.id) as work:
        assert bob.id not in {each.id for each in people(work)}
        assert bob.id in {each.id for each in people(work, with_left=True)}
        assert bring_back(work, bob.id, by=owner.actor) == bob
    assert signed_in(database, token) is None


def test_who_was_removed_can_be_added_again(database: Database) -> None:
    organisation, owner = founded(database)
    bob = added(database, organisation, "bob@northwind.example")
    with database.unit_of_work(organisation.id) as work:
        remove_person(work, bob.id, by=owner.actor)
    again = added(database, organisation, "bob@northwind.example", frozenset({Access.COMPLIANCE}))
    assert again.id == bob.id
    assert again.accesses == {Access.COMPLIANCE}


def test_people_set_their_own_name_and_time_zone(database: Database) -> None:
    organisation, owner = founded(database)
    with database.unit_of_work(organisation.id) as work:
        changed = change_own(work, owner.id, name=" Ann  Lee ", time_zone="Europe/Berlin")
        assert (changed.name, changed.time_zone) == ("Ann Lee", "Europe/Berlin")
        assert person(work, owner.id) == changed
        with pytest.raises(BadPersonError):
            change_own(work, owner.id, name="Ann", time_zone="Mars/Olympus")


def test_an_identity_provider_is_kept(database: Database) -> None:
    organisation, _ = founded(database)
    provider = IdentityProvider("https://id.example", "shipworthy", "a secret")
    with database.unit_of_work(organisation.id) as work:
        set_identity_provider(work, organisation.id, provider)
    with database.house_work() as work:
        kept = organisation_of_slug(work, organisation.slug)
    assert kept is not None
    assert kept.provider == provider
