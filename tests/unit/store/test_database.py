from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from shipworthy.store.database import Database, open_database
from shipworthy.store.errors import NewerSchemaError, UnreachableDatabaseError, UnsuitableDatabaseError
from tests.support.databases import fresh_url


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        opened = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield opened
        opened.close()


def organisation(database: Database, name: str = "Northwind") -> UUID:
    made = uuid4()
    with database.house_work() as work:
        work.execute(text("INSERT INTO organisation VALUES (:id, :name, now())"), {"id": made, "name": name})
    return made


def add_person(database: Database, of: UUID, by: UUID | None = None) -> None:
    statement = "INSERT INTO person VALUES (:id, :of, :email, 'Ann', '{owner}', now(), NULL)"
    with database.unit_of_work(by or of) as work:
        work.execute(text(statement), {"id": uuid4(), "of": of, "email": f"{uuid4()}@example.org"})


def test_an_organisation_sees_its_own_rows_only(database: Database) -> None:
    one, other = organisation(database), organisation(database)
    add_person(database, one)
    add_person(database, other)
    with database.unit_of_work(one) as work:
        assert work.scalars(text("SELECT DISTINCT organisation_id FROM person")).all() == [one]
        assert work.scalars(text("SELECT id FROM organisation")).all() == [one]


def test_an_organisation_cannot_write_change_or_remove_for_another(database: Database) -> None:
    one, other = organisation(database), organisation(database)
    add_person(database, other)
    with pytest.raises(ProgrammingError, match="row-level security"):
        add_person(database, other, by=one)
    with database.unit_of_work(one) as work:
        assert work.execute(text("UPDATE person SET name = 'x'")).rowcount == 0
        assert work.execute(text("DELETE FROM person")).rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT set_config('role', 'none', true)",
        "RESET ROLE",
        "SET LOCAL row_security = off",
    ],
)
def test_nothing_is_seen_without_taking_a_role(database: Database, statement: str) -> None:
    """A statement that was smuggled in may give the role back; security is forced on the owner of the tables too."""
    one = organisation(database)
    add_person(database, one)
    with database.unit_of_work(one) as work:
        try:
            work.exec_driver_sql(statement)
            assert work.scalar(text("SELECT count(*) FROM person")) == 0
        except DBAPIError:
            return
    with database.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person")) == 0


def test_a_unit_of_work_is_all_or_nothing(database: Database) -> None:
    one = organisation(database)
    with pytest.raises(DBAPIError, match="division by zero"), database.unit_of_work(one) as work:
        work.execute(text("WITH changed AS (UPDATE organisation SET name = 'x' RETURNING 1) SELECT 1 / 0 FROM changed"))
    with database.unit_of_work(one) as work:
        assert work.scalar(text("SELECT name FROM organisation")) == "Northwind"


def test_the_role_ends_with_its_transaction(database: Database) -> None:
    one = organisation(database)
    with database.unit_of_work(one):
        pass
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == "tester"


def test_what_is_no_address_of_postgresql_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsuitableDatabaseError, match="names sqlite"):
        open_database(url="sqlite:///x.db", data_folder=tmp_path)
    with pytest.raises(UnreachableDatabaseError, match="no database address"):
        open_database(url="nonsense", data_folder=tmp_path)
    with pytest.raises(UnreachableDatabaseError, match="does not answer"):
        open_database(url=f"postgresql://nobody@/x?host={tmp_path}", data_folder=tmp_path)


def test_a_newer_schema_is_not_touched(tmp_path: Path) -> None:
    with fresh_url() as url:
        opened = open_database(url=url, data_folder=tmp_path)
        with opened.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        opened.close()
        with pytest.raises(NewerSchemaError, match="9999"):
            open_database(url=url, data_folder=tmp_path)


def test_connections_that_the_server_ended_meanwhile_are_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shipworthy.store.database.IDLE_SECONDS", 0.0)
    one = organisation(database)
    with database.unit_of_work(one) as work, database.unit_of_work(one) as other:
        mine = [each.scalar(text("SELECT pg_backend_pid()")) for each in (work, other)]
    with database.engine.connect() as owner:
        kept = owner.scalar(text("SELECT pg_backend_pid()"))
        for process in (each for each in mine if each != kept):
            owner.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
    for _ in range(3):
        with database.unit_of_work(one) as work:
            assert work.scalars(text("SELECT id FROM organisation")).all() == [one]
