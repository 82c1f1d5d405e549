"""The SQL of kept roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Integer, Row, Table, Text, Uuid, insert, select, tuple_, update

from shipworthy.framework import Framework
from shipworthy.roles.documents import Document
from shipworthy.roles.kept.entities import KeptRole, Place, RoleVersion, Stamp
from shipworthy.roles.profile_file import parse_profile, profile_digest, profile_text
from shipworthy.store.tables import TABLES, belongs_to_organisation, key, moment

ROLES = Table(
    "role",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("title", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_by", Uuid, nullable=False),
    moment("created_at"),
    moment("archived_at", optional=True),
)
VERSIONS = Table(
    "role_version",
    TABLES,
    belongs_to_organisation(),
    Column("role_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("profile", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("posting", Text, nullable=False),
    Column("created_by", Uuid, nullable=False),
    moment("created_at"),
)


@dataclass(frozen=True)
class RolesWanted:
    """Which roles a list shows, the newest first, beginning after a place."""

    archived: bool = False
    after: Place | None = None


def add_role(work: Connection, role: KeptRole) -> None:
    """Write a new role."""
    values = dict(vars(role))
    values["organisation_id"] = values.pop("organisation")
    work.execute(insert(ROLES).values(values))


def add_version(work: Connection, organisation: UUID, version: RoleVersion) -> None:
    """Write a version; versions are only ever added."""
    work.execute(
        insert(VERSIONS).values(
            organisation_id=organisation,
            role_id=version.role,
            number=version.number,
            profile=profile_text(version.profile),
            digest=profile_digest(version.profile),
            posting=version.posting.text,
            created_by=version.stamp.created_by,
            created_at=version.stamp.created_at,
        )
    )


def change_role(work: Connection, role_id: UUID, **values: object) -> None:
    """Change columns of a role."""
    work.execute(update(ROLES).where(ROLES.c.id == role_id).values(**values))


def find_role(work: Connection, role_id: UUID, *, hold: bool = False) -> KeptRole | None:
    """Return a role; with `hold` others who want to change it wait until this transaction ends."""
    query = select(ROLES).where(ROLES.c.id == role_id)
    row = work.execute(query.with_for_update() if hold else query).first()
    return _role(row) if row else None


def find_roles(work: Connection, wanted: RolesWanted, *, limit: int) -> list[KeptRole]:
    """Return a page of roles."""
    query = select(ROLES).order_by(ROLES.c.created_at.desc(), ROLES.c.id.desc()).limit(limit)
    query = query.where(ROLES.c.archived_at.is_not(None) if wanted.archived else ROLES.c.archived_at.is_(None))
    if wanted.after:
        query = query.where(tuple_(ROLES.c.created_at, ROLES.c.id) < (wanted.after.at, wanted.after.id))
    return [_role(row) for row in work.execute(query)]


def titles_of(work: Connection, role_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the titles of roles by their ids."""
    rows = work.execute(select(ROLES.c.id, ROLES.c.title).where(ROLES.c.id.in_(set(role_ids))))
    return {row.id: row.title for row in rows}


def find_version(work: Connection, role_id: UUID, number: int, framework: Framework) -> RoleVersion | None:
    """Return one version of a role."""
    row = work.execute(select(VERSIONS).where(VERSIONS.c.role_id == role_id, VERSIONS.c.number == number)).first()
    if row is None:
        return None
    profile = parse_profile(row.profile.encode(), f"version {number}", framework)
    source = profile.source
    posting = Document(source.name, source.format, row.posting, source.digest)
    stamp = Stamp(row.number, row.created_by, row.created_at)
    return RoleVersion(role_id, stamp, profile, row.digest, posting)


def stamps_of(work: Connection, role_id: UUID) -> list[Stamp]:
    """Return when each version of a role came to be, the newest first."""
    wanted = select(VERSIONS.c.number, VERSIONS.c.created_by, VERSIONS.c.created_at)
    rows = work.execute(wanted.where(VERSIONS.c.role_id == role_id).order_by(VERSIONS.c.number.desc()))
    return [Stamp(row.number, row.created_by, row.created_at) for row in rows]


def _role(row: Row[*tuple[Any, ...]]) -> KeptRole:
    values = dict(row._mapping)
    values["organisation"] = values.pop("organisation_id")
    return KeptRole(**values)
