"""The catalogue that every feature's tables are declared in, with the columns that all of them share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
TABLES = MetaData(naming_convention=NAMES)


def key() -> Column[UUID]:
    """Return a table's own key, a UUID."""
    return Column("id", Uuid, primary_key=True)


def belongs_to_organisation() -> Column[UUID]:
    """Return the column by which the database keeps organisations apart; every table of tenants has it."""
    return Column("organisation_id", Uuid, nullable=False)


def moment(name: str, *, optional: bool = False) -> Column[datetime]:
    """Return a column for a point in time, kept in UTC."""
    return Column(name, DateTime(timezone=True), nullable=optional)


def document(name: str, *, optional: bool = False) -> Column[Any]:
    """Return a column for a JSON value."""
    return Column(name, JSONB, nullable=optional)


def tenants(tables: MetaData = TABLES) -> Sequence[str]:
    """Name the tables whose rows belong to organisations."""
    return [table.name for table in tables.sorted_tables if "organisation_id" in table.columns]
