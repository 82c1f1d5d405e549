from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url, text

from shipworthy.store.database import open_database
from shipworthy.store.migrating import migrate, revisions
from tests.support.databases import fresh_url


def test_every_revision_can_be_upgraded_to_the_newest(tmp_path: Path) -> None:
    for revision in revisions():
        with fresh_url() as url:
            engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
            migrate(engine, revision)
            migrate(engine)
            with engine.connect() as connection:
                assert connection.scalar(text("SELECT version_num FROM alembic_version")) == revisions()[-1]
            engine.dispose()


def test_many_starts_at_once_migrate_once(tmp_path: Path) -> None:
    with fresh_url() as url, ThreadPoolExecutor(6) as starts:
        opened = list(starts.map(lambda _: open_database(url=url, data_folder=tmp_path, pool_size=1), range(6)))
        assert {inspect(database.engine).has_table("organisation") for database in opened} == {True}
        for database in opened:
            database.close()


def test_every_table_of_tenants_is_under_forced_row_level_security(tmp_path: Path) -> None:
    with fresh_url() as url:
        database = open_database(url=url, data_folder=tmp_path)
        tables = inspect(database.engine)
        owned = [
            name
            for name in tables.get_table_names()
            if name == "organisation" or any(column["name"] == "organisation_id" for column in tables.get_columns(name))
        ]
        with database.engine.connect() as connection:
            query = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
            secured = set(connection.scalars(text(query)))
        database.close()
    assert owned
    assert set(owned) <= secured
