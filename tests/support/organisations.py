"""Organisations with people in a test's database, by plain SQL: for packages that stand below sign-in."""

from uuid import UUID, uuid4

from sqlalchemy import text

from shipworthy.roles.kept.entities import Author
from shipworthy.store.database import Database


def organisation_in(database: Database, name: str = "Northwind") -> UUID:
    """Add an organisation."""
    made = uuid4()
    with database.house_work() as work:
        statement = "INSERT INTO organisation (id, name, created_at) VALUES (:id, :name, now())"
        work.execute(text(statement), {"id": made, "name": name})
    return made


def author_in(database: Database, organisation: UUID, name: str = "Ada Byron") -> Author:
    """Add a person who may do everything."""
    made = uuid4()
    statement = (
        "INSERT INTO person (id, organisation_id, email, name, accesses, created_at) "
        "VALUES (:id, :of, :email, :name, '{owner}', now())"
    )
    with database.unit_of_work(organisation) as work:
        values = {"id": made, "of": organisation, "email": f"{made}@example.org", "name": name}
        work.execute(text(statement), values)
    return Author(made, name)
