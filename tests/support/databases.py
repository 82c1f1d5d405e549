"""Databases to test with: one embedded server for the whole run, and a fresh database for whoever asks."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from shipworthy.store.embedded import embedded_url

PLACE = Path(
    os.environ.get("SHIPWORTHY_TEST_DATABASES", Path(tempfile.gettempdir()) / f"shipworthy-tests-{os.getuid()}")
)


@contextmanager
def fresh_url(template: str | None = None) -> Iterator[str]:
    """Make a database that nobody else uses, owned by an ordinary user, and drop it in the end.

    With `template` it begins as a copy of that database.
    """
    server = make_url(embedded_url(PLACE)).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"t_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(4242)"))
        if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = 'tester'")):
            connection.execute(text("CREATE ROLE tester LOGIN CREATEROLE"))
        connection.execute(text(f"CREATE DATABASE {name} OWNER tester" + (f" TEMPLATE {template}" if template else "")))
        connection.execute(text("SELECT pg_advisory_unlock(4242)"))
        try:
            yield server.set(drivername="postgresql", database=name, username="tester").render_as_string()
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
