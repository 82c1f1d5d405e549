from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from shipworthy.access.entities import LinkPurpose
from shipworthy.access.operations import begin_sign_in, found_organisation, make_link
from shipworthy.access.throttling import allow, forget_old
from shipworthy.store.database import Database
from tests.unit.access.conftest import Watch

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


def test_a_limit_holds_and_ends(database: Database, watch: Watch) -> None:
    watch.at = START
    key = str(uuid4())
    assert [allow(database, key, 3, 60) for _ in range(5)] == [True, True, True, False, False]
    assert allow(database, str(uuid4()), 3, 60)
    watch.turn(timedelta(seconds=121))
    assert allow(database, key, 3, 60)


def test_the_window_before_counts_as_far_as_it_is_within_reach(database: Database, watch: Watch) -> None:
    watch.at = START + timedelta(seconds=59)
    key = str(uuid4())
    assert all(allow(database, key, 10, 60) for _ in range(10))
    watch.at = START + timedelta(seconds=61)
    assert not allow(database, key, 10, 60)
    watch.at = START + timedelta(seconds=90)
    assert allow(database, key, 10, 60)


def test_many_at_once_are_no_more_than_the_limit(database: Database, watch: Watch) -> None:
    watch.at = START
    key = str(uuid4())
    with ThreadPoolExecutor(8) as callers:
        assert sum(callers.map(lambda _: allow(database, key, 5, 60), range(24))) == 5


def test_keys_are_not_kept_as_they_are(database: Database) -> None:
    key = f"{uuid4()}@northwind.example"
    allow(database, key, 5, 60)
    with database.house_work() as work:
        assert key not in str(work.execute(text("SELECT key FROM throttle")).all())


def test_what_ended_long_ago_is_forgotten(database: Database, watch: Watch) -> None:
    allow(database, str(uuid4()), 5, 60)
    with database.house_work() as work:
        _, owner = found_organisation(work, name="Northwind", owner_email=f"{uuid4()}@northwind.example")
        begin_sign_in(work, owner)
        make_link(work, owner, LinkPurpose.WELCOME)
    watch.turn(timedelta(days=3))
    forget_old(database)
    assert rows(database, owner.id) == {"sign_in": 1, "person_link": 1}
    with database.house_work() as work:
        assert work.scalar(text("SELECT count(*) FROM throttle")) == 0
    watch.turn(timedelta(days=40))
    forget_old(database)
    assert rows(database, owner.id) == {"sign_in": 0, "person_link": 0}


def rows(database: Database, owner: UUID) -> dict[str, int]:
    """Count what is kept of somebody's sign-ins and links."""
    with database.house_work() as work:
        return {
            name: int(work.scalar(text(f"SELECT count(*) FROM {name} WHERE person_id = :id"), {"id": owner}) or 0)
            for name in ("sign_in", "person_link")
        }
