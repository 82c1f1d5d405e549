"""Brings a database's schema up to date."""

from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from shipworthy.store.errors import NewerSchemaError, UnsuitableDatabaseError

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_305_114_302
"""A number that no other program is likely to lock: all processes that start at once take it in turn."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade to a revision, in one transaction, while every other start waits.

    Raises `NewerSchemaError` where the database knows revisions that this version does not, and
    `UnsuitableDatabaseError` where the user may not make roles or tables.
    """
    with engine.begin() as connection:
        take_turn(connection)
        migrate_within(connection, revision)


def take_turn(connection: Connection) -> None:
    """Wait until no other process changes the schema, and keep others waiting until this transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def migrate_within(connection: Connection, revision: str = "head") -> None:
    """Upgrade to a revision within a transaction that has its turn. Raises as `migrate` does."""
    _expect_known(connection)
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    try:
        upgrade(configuration, revision)
    except ProgrammingError as fault:
        if getattr(fault.orig, "sqlstate", "") != "42501":
            raise
        reason = str(fault.orig).strip().splitlines()[0]
        raise UnsuitableDatabaseError(
            f"The database's user may not set up the schema: {reason}.",
            remedy="Make the user the owner of the database and give it CREATEROLE.",
        ) from fault


def revisions() -> list[str]:
    """Return all revisions, the first one first."""
    script = ScriptDirectory.from_config(_configuration())
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def _expect_known(connection: Connection) -> None:
    present = MigrationContext.configure(connection).get_current_heads()
    unknown = sorted(set(present) - set(revisions()))
    if unknown:
        raise NewerSchemaError(
            f"The database's schema ({unknown[0]}) is newer than this version of Shipworthy knows.",
            remedy="Run the newer version, or restore a backup from before the upgrade.",
        )


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    return configuration
