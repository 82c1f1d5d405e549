"""Puts a backup back: all of it, or nothing."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import Cursor, sql
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from shipworthy.core.canonical import digest
from shipworthy.store.backing_up import (
    CONTENTS,
    FORM,
    IDENTIFIER,
    BackupContents,
    Say,
    TableContents,
    columns_of,
    driver_cursor,
)
from shipworthy.store.blobs import Blobs
from shipworthy.store.database import connect
from shipworthy.store.errors import BackupFileError, NewerSchemaError, NotEmptyError, UnreachableDatabaseError
from shipworthy.store.migrating import migrate_within, revisions, take_turn
from shipworthy.store.tenancy import work_for_the_house

CHUNK = 1024 * 1024
WAIT = "20s"

EMPTY_THE_SCHEMA = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', each.name); END LOOP;
    FOR each IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', each.name); END LOOP;
    FOR each IN SELECT t.oid::regtype AS name FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typnamespace = 'public'::regnamespace AND (t.typtype IN ('e', 'd') OR c.relkind = 'c')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', each.name); END LOOP;
END $$
"""


def read_contents(path: Path) -> BackupContents:
    """Say what a backup holds, after looking at every byte of it.

    Raises `BackupFileError` for a file that is no backup, is cut off or was changed, `NewerSchemaError` for one that a
    newer version made.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            contents = _contents(json.loads(bundle.read(CONTENTS)))
            _expect_whole(bundle, contents)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as fault:
        raise BackupFileError(
            f"{path} is no backup, or it is damaged.", remedy="Restore another backup; this one cannot be trusted."
        ) from fault
    if contents.schema not in revisions():
        raise NewerSchemaError(
            f"The backup's schema ({contents.schema}) is newer than this version of Shipworthy knows.",
            remedy=f"Restore it with version {contents.product_version} or later.",
        )
    return contents


def restore(url: str | None, data_folder: Path, blobs: Blobs, path: Path, *, replace: bool, say: Say) -> BackupContents:
    """Put a backup into the database at `url`, or the embedded one, and its blobs to the others.

    An older schema is brought up to date. Raises `NotEmptyError` where the database holds organisations and `replace`
    is not given, `BackupFileError` or `NewerSchemaError` for a file that cannot be used; then nothing was changed.
    """
    contents = read_contents(path)
    engine = connect(url, data_folder)
    try:
        with zipfile.ZipFile(path) as bundle, engine.connect() as looked:
            _expect_room(looked, replace=replace)
            say(f"{len(contents.blobs)} blobs")
            for name in contents.blobs:
                blobs.put(bundle.read(f"blobs/{name}"))
            _load(engine, bundle, contents, replace, say)
    finally:
        engine.dispose()
    return contents


def _load(engine: Engine, bundle: zipfile.ZipFile, contents: BackupContents, replace: bool, say: Say) -> None:  # noqa: FBT001
    try:
        with engine.begin() as connection:
            take_turn(connection)
            connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}'"))
            _expect_room(connection, replace=replace)
            connection.execute(text(EMPTY_THE_SCHEMA))
            migrate_within(connection, contents.schema)
            for table in contents.tables:
                say(table.name)
                _copy_in(connection, bundle, table)
            _count_on(connection)
            _wake_workers(connection)
            migrate_within(connection)
            connection.execute(text("ANALYZE"))  # without figures of what came, the first queries take bad plans
    except OperationalError as fault:
        if not isinstance(fault.orig, LockNotAvailable):
            raise
        raise UnreachableDatabaseError(
            "Other programs are at work on the database.", remedy="Stop the web and all workers, then restore again."
        ) from fault


def _contents(spelled: Any) -> BackupContents:
    if spelled["form"] != FORM:
        raise ValueError(spelled["form"])
    tables = tuple(
        TableContents(
            _name(table["name"]), tuple(_name(column) for column in table["columns"]), table["rows"], table["digest"]
        )
        for table in spelled["tables"]
    )
    return BackupContents(
        made_at=datetime.fromisoformat(spelled["made_at"]),
        product_version=str(spelled["product_version"]),
        schema=str(spelled["schema"]),
        tables=tables,
        blobs=tuple(str(name) for name in spelled["blobs"]),
        missing=tuple(str(name) for name in spelled["missing"]),
    )


def _name(spelled: Any) -> str:
    if not isinstance(spelled, str) or not IDENTIFIER.fullmatch(spelled):
        raise ValueError(spelled)
    return spelled


def _expect_whole(bundle: zipfile.ZipFile, contents: BackupContents) -> None:
    for table in contents.tables:
        running = hashlib.sha256()
        with bundle.open(f"tables/{table.name}") as member:
            while block := member.read(CHUNK):
                running.update(block)
        if running.hexdigest() != table.digest:
            raise ValueError(table.name)
    for name in contents.blobs:
        if digest(bundle.read(f"blobs/{name}")) != name:
            raise ValueError(name)


def _expect_room(connection: Connection, *, replace: bool) -> None:
    """Raise `NotEmptyError` where something would be lost that nobody said may be."""
    tables = connection.scalars(
        text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")
    ).all()
    if not tables:
        return
    if not {"alembic_version", "organisation"} <= set(tables):
        raise NotEmptyError(
            "The database holds another program's tables.", remedy="Make a database for Shipworthy alone, and name it."
        )
    with connection.begin_nested() as looked:
        work_for_the_house(connection)
        organisations = connection.scalar(text("SELECT count(*) FROM organisation")) or 0
        looked.rollback()
    if organisations and not replace:
        raise NotEmptyError(
            f"The database holds {organisations} organisation{'s' * (organisations != 1)}.",
            remedy="Restore into an empty database, or lose what is there now with --replace.",
        )


def _copy_in(connection: Connection, bundle: zipfile.ZipFile, table: TableContents) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    with bundle.open(f"tables/{table.name}") as member, _open_to_its_owner(connection, table.name) as cursor:
        with cursor.copy(statement) as rows:
            while block := member.read(CHUNK):
                rows.write(block)
        if cursor.rowcount != table.rows:
            raise BackupFileError(f"{table.name} should have {table.rows} rows and has {cursor.rowcount}.")


@contextmanager
def _open_to_its_owner(connection: Connection, table: str) -> Iterator[Cursor]:
    """Lift row-level security from the table's owner alone, since COPY does not go through it."""
    secured = connection.scalar(
        text("SELECT relforcerowsecurity FROM pg_class WHERE oid = to_regclass(:table)"), {"table": table}
    )
    change = sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY")
    with driver_cursor(connection) as cursor:
        if secured:
            cursor.execute(change.format(sql.Identifier(table), sql.SQL("NO FORCE")))
        yield cursor
        if secured:
            cursor.execute(change.format(sql.Identifier(table), sql.SQL("FORCE")))


def _count_on(connection: Connection) -> None:
    """Let every counter of a table go on after the highest number that was restored."""
    query = """
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(:tables)
    """
    for table, column in connection.execute(text(query), {"tables": list(columns_of(connection))}).all():
        with connection.begin_nested():
            highest = text(f"SELECT max({column}) FROM {table}")  # noqa: S608 - names from the database's own catalogue
            work_for_the_house(connection)
            last = connection.scalar(highest)
            connection.execute(text("RESET ROLE"))
            if last is not None:
                counter = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
                connection.execute(counter, {"table": table, "column": column, "last": last})


def _wake_workers(connection: Connection) -> None:
    """Put gradings that wait into the queue again; one that was running is found by its silence and taken over."""
    work_for_the_house(connection)
    query = "SELECT shipworthy_wake_a_worker(due_at) FROM grading_job WHERE state = 'waiting'"
    connection.execute(text(query))
    connection.execute(text("RESET ROLE"))
