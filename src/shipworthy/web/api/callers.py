"""Which program asks, and what it may do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection

from shipworthy.access.api_tokens import token_of
from shipworthy.access.entities import ApiToken, Scope
from shipworthy.access.throttling import allow
from shipworthy.bootstrap import House
from shipworthy.core.errors import ShipworthyError
from shipworthy.roles.kept.entities import Author
from shipworthy.web.errors import mean

REQUESTS_A_MINUTE = 600
WRONG_TOKENS_A_MINUTE = 30
MINUTE = 60

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token that an owner makes on the page Tokens, sent as `Authorization: Bearer ...`.",
)


class TokenNeededError(ShipworthyError):
    """This needs a token that holds."""

    code = "api_token_needed"
    headers = {"WWW-Authenticate": 'Bearer realm="Shipworthy"'}  # noqa: RUF012 - every error of this kind has the same


class ScopeNeededError(ShipworthyError):
    """The token may not do this."""

    code = "api_scope_needed"


class TooManyRequestsError(ShipworthyError):
    """That were too many requests."""

    code = "api_throttled"
    headers = {"Retry-After": str(MINUTE)}  # noqa: RUF012 - every error of this kind has the same


mean(401, TokenNeededError)
mean(403, ScopeNeededError)
mean(429, TooManyRequestsError)


@dataclass(frozen=True)
class Caller:
    """A program that proved its token."""

    house: House
    token: ApiToken

    @property
    def author(self) -> Author:
        """Who the program acts for: the person who made its token."""
        return Author(self.token.created_by, f"the program {self.token.name}", token=self.token.actor)

    @contextmanager
    def work(self) -> Iterator[Connection]:
        """Open a transaction for the organisation of the token."""
        with self.house.database.unit_of_work(self.token.organisation) as work:
            yield work


def _caller(request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> Caller:
    house: House = request.app.state.house
    token = token_of(house.database, sent.credentials) if sent else None
    if token is None:
        address = request.client.host if request.client else ""
        if sent and not allow(house.database, f"wrong api token {address}", WRONG_TOKENS_A_MINUTE, MINUTE):
            raise TooManyRequestsError("Too many wrong tokens came from here.", remedy="Wait a minute.")
        raise TokenNeededError(remedy="Send one that has not ended as `Authorization: Bearer ...`.")
    if not allow(house.database, f"api token {token.id}", REQUESTS_A_MINUTE, MINUTE):
        raise TooManyRequestsError(
            f"The token may be used {REQUESTS_A_MINUTE} times a minute.",
            remedy="Wait a minute, then go on more slowly.",
        )
    return Caller(house, token)


class NeedsScope:
    """The dependency that lets tokens through which have a scope, and says which one that is."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(self, caller: Annotated[Caller, Depends(_caller)]) -> Caller:
        """Return the caller. Raises `ScopeNeededError`."""
        if self.scope not in caller.token.scopes:
            raise ScopeNeededError(
                f"The token has not the scope {self.scope.value}.",
                remedy="Make a token that has it on the page Tokens.",
            )
        return caller


def needs(scope: Scope) -> Any:
    """Return the dependency that gives the caller: `caller: Annotated[Caller, needs(Scope.ROLES_READ)]`."""
    return Depends(NeedsScope(scope))
