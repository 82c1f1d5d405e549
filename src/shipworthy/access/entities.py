"""Organisations, people, what they may do, and what proves who they are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Access(StrEnum):
    """What a person may see and do in an organisation; one person may have several."""

    OWNER = "owner"
    HIRING_MANAGER = "hiring_manager"
    RECRUITER = "recruiter"
    REVIEWER = "reviewer"
    COMPLIANCE = "compliance"

    @property
    def words(self) -> str:
        """The access in words, such as `Hiring manager`."""
        return self.value.replace("_", " ").capitalize()

    @property
    def meaning(self) -> str:
        """What somebody with this access may do."""
        return _ACCESSES[self]


_ACCESSES = {
    Access.OWNER: "Adds and removes people, sets accesses and tokens, reads the outbox.",
    Access.HIRING_MANAGER: "Scopes roles, makes assessments, reads and compares scorecards.",
    Access.RECRUITER: "Invites candidates, reminds them, extends and cancels, grants accommodations.",
    Access.REVIEWER: "Rates submissions without seeing whose they are.",
    Access.COMPLIANCE: "Reads, verifies and exports the audit log.",
}


class Scope(StrEnum):
    """What a program with a token may do."""

    ROLES_READ = "roles:read"
    ROLES_WRITE = "roles:write"
    INVITATIONS_READ = "invitations:read"
    INVITATIONS_WRITE = "invitations:write"
    SCORECARDS_READ = "scorecards:read"

    @property
    def meaning(self) -> str:
        """What a program with this scope may do."""
        return _SCOPES[self]


_SCOPES = {
    Scope.ROLES_READ: "Read roles and assessments.",
    Scope.ROLES_WRITE: "Make and change roles.",
    Scope.INVITATIONS_READ: "Read candidates, invitations and their states.",
    Scope.INVITATIONS_WRITE: "Invite candidates, remind them, extend and cancel.",
    Scope.SCORECARDS_READ: "Read scorecards.",
}


class LinkPurpose(StrEnum):
    """What a link, which works once, lets a person do."""

    WELCOME = "welcome"
    RESET = "reset"
    CHOICE = "choice"


@dataclass(frozen=True)
class IdentityProvider:
    """Where people of an organisation may sign in with OpenID Connect.

    `trust_addresses` is for providers that give no `email_verified` and let nobody choose an address.
    """

    issuer: str
    client_id: str
    client_secret: str = ""
    trust_addresses: bool = False


@dataclass(frozen=True)
class Organisation:
    """A tenant. `slug` names it in addresses."""

    id: UUID
    name: str
    slug: str
    provider: IdentityProvider | None
    created_at: datetime


@dataclass(frozen=True)
class Person:
    """Somebody of an organisation, with what they may do there. `left_at` is set for who was removed."""

    id: UUID
    organisation: UUID
    name: str
    email: str
    accesses: frozenset[Access]
    time_zone: str
    left_at: datetime | None = None

    @property
    def actor(self) -> str:
        """How the audit log names this person."""
        return f"person:{self.id}"

    @property
    def accesses_in_words(self) -> str:
        """What the person may do, such as `Owner, recruiter`."""
        words = ", ".join(access.words.lower() for access in Access if access in self.accesses)
        return words[:1].upper() + words[1:]

    def may(self, *wanted: Access) -> bool:
        """Tell whether the person has any of these accesses."""
        return bool(self.accesses.intersection(wanted))


@dataclass(frozen=True)
class Standing:
    """How a person stands: whether there is a password or an account at the provider, and what happened last."""

    person: Person
    has_password: bool
    has_account: bool
    locked_until: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True)
class SignIn:
    """One signed-in browser. `current` marks the one that asks."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool = False


@dataclass(frozen=True)
class SignedIn:
    """What a sign-in gives: who it is, and the token that proves it, which is kept nowhere."""

    person: Person
    token: str


@dataclass(frozen=True)
class Choice:
    """One of several organisations in which address and password are right; `token` takes it, once."""

    organisation: str
    token: str


@dataclass(frozen=True)
class PersonLink:
    """A link that works once: whose, what for, until when."""

    id: UUID
    organisation: UUID
    person: UUID
    purpose: LinkPurpose
    expires_at: datetime


@dataclass(frozen=True)
class Trip:
    """A sign-in that begins at an identity provider: where to, and what this browser must bring back."""

    address: str
    browser: str


@dataclass(frozen=True)
class ProviderTrip:
    """What is kept of a trip until the browser comes back."""

    organisation: UUID
    nonce: str
    verifier: str
    expires_at: datetime


@dataclass(frozen=True)
class ApiToken:
    """What a program may do for an organisation."""

    id: UUID
    organisation: UUID
    name: str
    scopes: frozenset[Scope]
    created_by: UUID
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def actor(self) -> str:
        """How the audit log names this token."""
        return f"token:{self.id}"
