"""Connections and transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from shipworthy.core import clock
from shipworthy.store.embedded import embedded_url
from shipworthy.store.errors import UnreachableDatabaseError, UnsuitableDatabaseError
from shipworthy.store.migrating import LOCK, migrate
from shipworthy.store.tenancy import confine, work_for_the_house

DRIVER = "postgresql+psycopg"
NAME = "shipworthy"
OLDEST_SERVER = 16
IDLE_SECONDS = 1.0
"""A connection that was used so lately is taken to live."""


class Database:
    """One PostgreSQL database with Shipworthy's schema."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def url(self) -> str:
        """The database's address, without the driver: for tools that make connections of their own."""
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def unit_of_work(self, organisation: UUID) -> Iterator[Connection]:
        """Open a transaction for one organisation: all or nothing, and no row of another organisation is there."""
        with self.engine.begin() as connection:
            confine(connection, organisation)
            yield connection

    @contextmanager
    def house_work(self) -> Iterator[Connection]:
        """Open a transaction for work that belongs to no organisation, and sees all."""
        with self.engine.begin() as connection:
            work_for_the_house(connection)
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(*, url: str | None, data_folder: Path, pool_size: int = 10) -> Database:
    """Open the database at `url`, or the embedded one, and bring its schema up to date.

    Raises `UnreachableDatabaseError`, `UnsuitableDatabaseError` or `NewerSchemaError`.
    """
    engine = connect(url, data_folder, pool_size=pool_size)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def connect(url: str | None, data_folder: Path, *, pool_size: int = 10) -> Engine:
    """Reach the database at `url`, or the embedded one, whatever its schema is.

    Raises `UnreachableDatabaseError` or `UnsuitableDatabaseError`.
    """
    address = _address(url) if url else _own_database(embedded_url(data_folder))
    engine = create_engine(address, pool_size=pool_size, max_overflow=pool_size)
    _try_idle_connections(engine)
    try:
        _expect_suitable(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _try_idle_connections(engine: Engine) -> None:
    """Ask a connection that nobody used for a while whether it still lives, and replace all where it does not.

    Asking every time would cost as much as a statement of every transaction.
    """

    @event.listens_for(engine, "checkin")
    def left(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["left_at"] = clock.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: DBAPIConnection | None, record: ConnectionPoolEntry, _proxy: object) -> None:
        now = clock.monotonic()
        if connection is None or now - record.info.get("left_at", now) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as fault:
            raise InvalidatePoolError from fault


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as fault:
        raise UnreachableDatabaseError(
            "SHIPWORTHY_DATABASE_URL is no database address.",
            remedy="Write it as postgresql://user:password@host:5432/name.",
        ) from fault
    if address.get_backend_name() not in {"postgresql", "postgres"}:
        raise UnsuitableDatabaseError(
            f"SHIPWORTHY_DATABASE_URL names {address.get_backend_name()}; only PostgreSQL is supported.",
            remedy="Write it as postgresql://user:password@host:5432/name, or leave it out for the embedded server.",
        )
    return address.set(drivername=DRIVER)


def _own_database(server: str) -> URL:
    """Make the database on the embedded server, and the user who owns it, where they are missing.

    That user is no superuser: row-level security does not hold for those.
    """
    address = make_url(server).set(drivername=DRIVER)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": NAME}):
            connection.execute(text(f"CREATE ROLE {NAME} LOGIN CREATEROLE"))
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": NAME}):
            connection.execute(text(f"CREATE DATABASE {NAME} OWNER {NAME}"))
    engine.dispose()
    return address.set(database=NAME, username=NAME)


def _expect_suitable(engine: Engine) -> None:
    try:
        with engine.connect() as connection:
            version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    except OperationalError as fault:
        reason = str(fault.orig).strip().splitlines()[-1]
        raise UnreachableDatabaseError(
            f"The database does not answer: {reason}",
            remedy="Check that the server runs, and host, name, user and password in SHIPWORTHY_DATABASE_URL.",
        ) from fault
    if version < OLDEST_SERVER:
        raise UnsuitableDatabaseError(
            f"The server is PostgreSQL {version}.", remedy=f"Use PostgreSQL {OLDEST_SERVER} or later."
        )
