"""A backup: the whole database as of one moment, and every blob that it names, in one zip file."""

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg import Cursor, sql
from sqlalchemy import Connection, text

from shipworthy.core import clock
from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.store.blobs import Blobs
from shipworthy.store.database import Database
from shipworthy.store.errors import BackupFileError, DamagedBlobError, MissingBlobError
from shipworthy.store.tenancy import work_for_the_house

FORM = 1
CONTENTS = "backup.json"
LEFT_OUT = frozenset({"alembic_version", "grading_worker", "sign_in", "throttle"})
"""What belongs to a place and a moment: who is signed in, what was tried too often, which workers live."""
QUEUE = "procrastinate_"
"""The queue's own tables begin so. A restored grading that waits is put into the queue again."""
NAMES_OF_BLOBS = ("blob", "bundle", "workspace")
"""A column of this name holds the digest of a blob."""
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")

Say = Callable[[str], None]


@dataclass(frozen=True)
class TableContents:
    """What a backup holds of a table: its columns in their order, how many rows, the SHA-256 of their spelling."""

    name: str
    columns: tuple[str, ...]
    rows: int
    digest: str


@dataclass(frozen=True)
class BackupContents:
    """What a backup holds, from when, and what it was made by. `missing` are blobs that were named
    and are not there, or not what they should be."""

    made_at: datetime
    product_version: str
    schema: str
    tables: tuple[TableContents, ...]
    blobs: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(table.rows for table in self.tables)


def back_up(database: Database, blobs: Blobs, path: Path, *, version: str, say: Say) -> BackupContents:
    """Write a backup while the product goes on; what commits after its first look is not in it.

    The file is for its owner's eyes and appears only once it is whole. Raises `BackupFileError` where there is one.
    """
    if path.exists():
        raise BackupFileError(f"{path} is there already.", remedy="Name a new file; a backup never replaces another.")
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with open(partial, "xb", opener=_for_the_owner) as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as bundle:
                contents = _write(database, blobs, bundle, version, say)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(partial, path)  # unlike a rename, this refuses where somebody was faster
    except FileExistsError as fault:
        raise BackupFileError(f"{path} is there already.", remedy="Name a new file.") from fault
    finally:
        partial.unlink(missing_ok=True)
    return contents


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(database: Database, blobs: Blobs, bundle: zipfile.ZipFile, version: str, say: Say) -> BackupContents:
    made_at = clock.now()
    snapshot = database.engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True, postgresql_deferrable=False
    )
    with snapshot as connection, connection.begin():
        schema = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        work_for_the_house(connection)
        found = columns_of(connection)
        tables = []
        for table in in_order(connection, list(found)):
            say(table)
            tables.append(_copy_out(connection, bundle, table, found[table]))
        named = _blobs_named(connection, found)
    say(f"{len(named)} blobs")
    missing = tuple(name for name in named if not _keep_blob(blobs, bundle, name))
    kept = tuple(name for name in named if name not in set(missing))
    contents = BackupContents(made_at, version, schema, tuple(tables), kept, missing)
    bundle.writestr(CONTENTS, canonical_bytes(_spelled(contents)))
    return contents


def columns_of(connection: Connection) -> Mapping[str, tuple[str, ...]]:
    """Return the tables that a backup holds, with their columns."""
    query = """
        SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY 1 ORDER BY 1
    """
    rows = connection.execute(text(query)).all()
    return {name: tuple(columns) for name, columns in rows if name not in LEFT_OUT and not name.startswith(QUEUE)}


def in_order(connection: Connection, tables: list[str]) -> list[str]:
    """Return the tables so that each comes after those that its rows point to."""
    query = """
        SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
        WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = 'public'::regnamespace
    """
    points = {(str(one), str(other)) for one, other in connection.execute(text(query))}
    ordered: list[str] = []
    while len(ordered) < len(tables):
        left = [table for table in tables if table not in ordered]
        free = [table for table in left if not any((table, other) in points for other in left)]
        ordered += free or left  # a circle: the database would refuse the rows, not this
    return ordered


def driver_cursor(connection: Connection) -> Cursor:
    """Return a cursor of the driver's own, within the connection's transaction: COPY needs one."""
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - an open connection has one
    return driver.cursor()  # type: ignore[no-any-return]


def _copy_out(connection: Connection, bundle: zipfile.ZipFile, table: str, columns: tuple[str, ...]) -> TableContents:
    running = hashlib.sha256()
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver_cursor(connection) as cursor, bundle.open(f"tables/{table}", "w", force_zip64=True) as member:
        with cursor.copy(statement) as rows:
            for block in rows:
                running.update(block)
                member.write(block)
        return TableContents(table, columns, cursor.rowcount, running.hexdigest())


def _blobs_named(connection: Connection, found: Mapping[str, tuple[str, ...]]) -> list[str]:
    places = [(table, column) for table, columns in found.items() for column in columns if column in NAMES_OF_BLOBS]
    named: set[str] = set()
    for table, column in places:
        # Both names come from the database's own catalogue.
        query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
        named.update(connection.scalars(text(query)))
    return sorted(named)


def _keep_blob(blobs: Blobs, bundle: zipfile.ZipFile, name: str) -> bool:
    try:
        bundle.writestr(f"blobs/{name}", blobs.get(name))
    except (MissingBlobError, DamagedBlobError):
        return False
    return True


def _spelled(contents: BackupContents) -> JSONValue:
    return {
        "form": FORM,
        "made_at": contents.made_at.isoformat(),
        "product_version": contents.product_version,
        "schema": contents.schema,
        "tables": [
            {"name": table.name, "columns": list(table.columns), "rows": table.rows, "digest": table.digest}
            for table in contents.tables
        ],
        "blobs": list(contents.blobs),
        "missing": list(contents.missing),
    }
