"""The SQL of requests that may be repeated."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Integer, Row, Table, Text, Uuid, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from shipworthy.store.tables import TABLES, belongs_to_organisation, document, moment

REQUESTS = Table(
    "idempotent_request",
    TABLES,
    belongs_to_organisation(),
    Column("token_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_digest", Text, nullable=False),
    Column("status", Integer),
    document("body", optional=True),
    moment("at"),
)


def begin(work: Connection, organisation: UUID, token: UUID, key: str, *, digest: str, at: datetime) -> bool:
    """Note a request, and say whether it is new. One that is under way elsewhere is waited for."""
    values = {
        "organisation_id": organisation,
        "token_id": token,
        "key": key,
        "request_digest": digest,
        "at": at,
    }
    added = insert(REQUESTS).values(values).on_conflict_do_nothing().returning(REQUESTS.c.key)
    return work.scalar(added) is not None


def find(work: Connection, token: UUID, key: str) -> Row[tuple[Any, ...]]:
    """Return what is kept of a request that is there."""
    return work.execute(select(REQUESTS).where(REQUESTS.c.token_id == token, REQUESTS.c.key == key)).one()


def end(work: Connection, token: UUID, key: str, status: int, body: object) -> None:
    """Keep the answer."""
    found = REQUESTS.c.token_id == token, REQUESTS.c.key == key
    work.execute(update(REQUESTS).where(*found).values(status=status, body=body))


def forget(work: Connection, before: datetime, *, token: UUID | None = None) -> None:
    """Remove what is older, of one token or of all."""
    older = delete(REQUESTS).where(REQUESTS.c.at < before)
    work.execute(older if token is None else older.where(REQUESTS.c.token_id == token))
