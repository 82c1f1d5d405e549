from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from shipworthy.access.entities import Person, Scope
from shipworthy.access.errors import BadPersonError, BadTokenError
from shipworthy.access.operations import (
    api_tokens,
    found_organisation,
    make_api_token,
    revoke_api_token,
    token_of,
)
from shipworthy.audit.operations import search
from shipworthy.audit.repository import Search
from shipworthy.core import clock
from shipworthy.store.database import Database
from tests.unit.access.conftest import Watch

READS = frozenset({Scope.ROLES_READ})


@pytest.fixture
def owner(database: Database) -> Person:
    with database.house_work() as work:
        return found_organisation(work, name="Northwind", owner_email=f"{uuid4()}@northwind.example")[1]


def test_a_token_says_who_asks_and_what_is_allowed(database: Database, owner: Person) -> None:
    with database.unit_of_work(owner.organisation) as work:
        made, secret = make_api_token(work, owner, name="ATS", scopes=READS)
        assert search(work, Search(), limit=1)[0].tag == "owner:token:made"
    found = token_of(database, secret)
    assert found is not None
    assert (found.id, found.organisation, found.scopes) == (made.id, owner.organisation, READS)


def test_the_secret_is_kept_nowhere(database: Database, owner: Person) -> None:
    with database.unit_of_work(owner.organisation) as work:
        _, secret = make_api_token(work, owner, name="ATS", scopes=READS)
        assert secret not in str(work.execute(text("SELECT * FROM api_token")).all())


def test_a_revoked_token_is_none_at_once(database: Database, owner: Person) -> None:
    with database.unit_of_work(owner.organisation) as work:
        made, secret = make_api_token(work, owner, name="ATS", scopes=READS)
        assert revoke_api_token(work, made.id, by=owner)
        assert not revoke_api_token(work, made.id, by=owner)
        assert api_tokens(work)[0].revoked_at is not None
    assert token_of(database, secret) is None


def test_another_organisation_can_neither_see_nor_revoke_a_token(database: Database, owner: Person) -> None:
    with database.unit_of_work(owner.organisation) as work:
        made, secret = make_api_token(work, owner, name="ATS", scopes=READS)
    with database.house_work() as work:
        stranger = found_organisation(work, name="Other", owner_email=f"{uuid4()}@other.example")[1]
    with database.unit_of_work(stranger.organisation) as work:
        assert api_tokens(work) == []
        assert not revoke_api_token(work, made.id, by=stranger)
    assert token_of(database, secret) is not None


def test_a_token_ends_when_it_was_said_to(database: Database, owner: Person, watch: Watch) -> None:
    ends = clock.now() + timedelta(days=1)
    with database.unit_of_work(owner.organisation) as work:
        _, secret = make_api_token(work, owner, name="ATS", scopes=READS, expires_at=ends)
    assert token_of(database, secret) is not None
    watch.turn(timedelta(days=1))
    assert token_of(database, secret) is None


def test_when_a_token_was_used_is_noted(database: Database, owner: Person) -> None:
    with database.unit_of_work(owner.organisation) as work:
        _, secret = make_api_token(work, owner, name="ATS", scopes=READS)
        assert api_tokens(work)[0].used_at is None
    token_of(database, secret)
    with database.unit_of_work(owner.organisation) as work:
        assert api_tokens(work)[0].used_at is not None


def test_a_token_needs_a_name_a_scope_and_a_future(database: Database, owner: Person) -> None:
    with database.unit_of_work(owner.organisation) as work:
        with pytest.raises(BadTokenError):
            make_api_token(work, owner, name="ATS", scopes=[])
        with pytest.raises(BadTokenError):
            make_api_token(work, owner, name="ATS", scopes=READS, expires_at=clock.now())
        with pytest.raises(BadPersonError):
            make_api_token(work, owner, name=" ", scopes=READS)


@pytest.mark.parametrize("secret", ["", "shipworthy_", "shipworthy_x", "x" * 5000, "shipworthy_\udcff"])
def test_what_is_no_token_is_none(database: Database, secret: str) -> None:
    assert token_of(database, secret) is None
