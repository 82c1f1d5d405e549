from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import text

from shipworthy.access.throttling import allow, forget_old_counts
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


def test_old_counts_are_forgotten(database: Database, watch: Watch) -> None:
    allow(database, str(uuid4()), 5, 60)
    watch.turn(timedelta(days=3))
    forget_old_counts(database)
    with database.house_work() as work:
        assert work.scalar(text("SELECT count(*) FROM throttle")) == 0
