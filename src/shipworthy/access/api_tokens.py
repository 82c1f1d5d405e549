"""Tokens with which programs act for an organisation."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.access import repository
from shipworthy.access.entities import ApiToken, Person, Scope
from shipworthy.access.errors import BadTokenError
from shipworthy.access.rules import hash_of_token, tidy_name
from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.store.database import Database

PREFIX = "shipworthy_"
"""What every token begins with, so that scanners for leaked secrets can find it."""
SEEN_EVERY = timedelta(minutes=1)


def make_api_token(
    work: Connection, by: Person, *, name: str, scopes: Iterable[Scope], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is shown once and kept nowhere.

    Raises `BadTokenError` or `BadPersonError`.
    """
    chosen = frozenset(scopes)
    now = clock.now()
    if not chosen:
        raise BadTokenError("No scope is chosen.", remedy="Choose what the program may do.")
    if expires_at is not None and expires_at <= now:
        raise BadTokenError("The token would have ended already.", remedy="Choose a later day.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(uuid4(), by.organisation, tidy_name(name), chosen, by.id, now, expires_at, None, None)
    repository.add_api_token(work, token, hash_of_token(secret))
    scopes_told = sorted(scope.value for scope in chosen)
    _tell(work, Tag.OWNER_TOKEN_MADE, token.id, by, {"scopes": scopes_told})
    return token, secret


def token_of(database: Database, secret: str) -> ApiToken | None:
    """Return the token that a secret proves, nothing where there is none, or it has ended or was revoked."""
    if not secret.startswith(PREFIX):
        return None
    now = clock.now()
    with database.house_work() as work:
        token = repository.api_token_of(work, hash_of_token(secret))
        if token is None or token.revoked_at or (token.expires_at and token.expires_at <= now):
            return None
        if token.used_at is None or now - token.used_at > SEEN_EVERY:
            repository.see_api_token(work, token.id, now)
        return token


def api_tokens(work: Connection) -> list[ApiToken]:
    """Return the organisation's tokens, the newest first, also those that have ended."""
    return repository.api_tokens(work)


def revoke_api_token(work: Connection, wanted: UUID, *, by: Person) -> bool:
    """Revoke a token, for good; says whether there was one."""
    done = repository.revoke_api_token(work, wanted, clock.now())
    if done:
        _tell(work, Tag.OWNER_TOKEN_REVOKED, wanted, by, {})
    return done


def _tell(work: Connection, tag: Tag, token: UUID, by: Person, details: dict[str, list[str]]) -> None:
    record(work, by.organisation, tag, actor=by.actor, subject=f"token:{token}", details=details)
