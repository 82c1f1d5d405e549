"""A kept role, and one version of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shipworthy.roles.documents import Document
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.operations import ScopedRole


@dataclass(frozen=True)
class Author:
    """Who does something: a person's id, and the name that stands beside a change.

    `token` names the token of a program that acts for the person, as the audit log does.
    """

    id: UUID
    name: str
    token: str = ""

    @property
    def actor(self) -> str:
        """How the audit log names who it was."""
        return self.token or f"person:{self.id}"


@dataclass(frozen=True)
class KeptRole:
    """A role of an organisation; `version` is the newest one, `archived_at` is set while it is put away."""

    id: UUID
    organisation: UUID
    title: str
    version: int
    created_by: UUID
    created_at: datetime
    archived_at: datetime | None = None


@dataclass(frozen=True)
class Stamp:
    """When a version came to be, and by whom."""

    number: int
    created_by: UUID
    created_at: datetime


@dataclass(frozen=True)
class RoleVersion:
    """One version of a role: its profile with the profile's digest, and the job description that it was drawn from."""

    role: UUID
    stamp: Stamp
    profile: RoleProfile
    digest: str
    posting: Document

    @property
    def number(self) -> int:
        """Which version it is, counted from 1."""
        return self.stamp.number


@dataclass(frozen=True)
class ReadVersion:
    """A version beside everything that is found in its job description today: what a page of the role shows."""

    version: RoleVersion
    scoped: ScopedRole


@dataclass(frozen=True)
class Place:
    """Where a page of a list ends: the next one begins after this."""

    at: datetime
    id: UUID
