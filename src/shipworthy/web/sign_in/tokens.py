"""Tokens with which programs act for an organisation, for its owners."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from shipworthy.access import operations as access
from shipworthy.access.entities import Access, Person, Scope
from shipworthy.access.errors import BadPersonError, BadTokenError
from shipworthy.core import clock
from shipworthy.core.errors import ShipworthyError
from shipworthy.web import pages
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere, needs

router = APIRouter()
Text = Annotated[str, Form(max_length=2000)]
Chosen = Annotated[list[str], Form(max_length=20, default_factory=list)]
Owner = Annotated[Person, needs(Access.OWNER)]
LASTS = {"30": "30 days", "90": "90 days", "365": "A year", "": "Until it is revoked"}


@router.get("/tokens")
def tokens_page(request: Request, someone: Owner, house: HouseHere) -> Response:
    """Show all tokens, also those that have ended."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = access.api_tokens(work)
        names = {each.id: each.name for each in access.people(work, with_left=True)}
    return pages.render(request, "sign_in/tokens.html", tokens=found, names=names, now=clock.now())


@router.get("/tokens/new")
def new_token_page(request: Request, someone: Owner) -> Response:  # noqa: ARG001 - asked for its access
    """Show the fields for a new token."""
    return _new(request)


@router.post("/tokens/new")
def make_token(
    request: Request,
    someone: Owner,
    house: HouseHere,
    *,
    scopes: Chosen,
    name: Text = "",
    lasts: Text = "90",
) -> Response:
    """Make a token and show its secret, once."""
    try:
        with house.database.unit_of_work(someone.organisation) as work:
            token, secret = access.make_api_token(
                work, someone, name=name, scopes=_read(scopes), expires_at=_end(lasts)
            )
    except (BadTokenError, BadPersonError) as fault:
        return _new(request, name=name, scopes=scopes, lasts=lasts, fault=fault, status=422)
    return pages.render(request, "sign_in/token_made.html", status=201, token=token, secret=secret)


@router.post("/tokens/{wanted}/revoke")
def revoke(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Revoke a token, for good."""
    with house.database.unit_of_work(someone.organisation) as work:
        done = access.revoke_api_token(work, wanted, by=someone)
    return go(request, "/tokens", "The token was revoked." if done else "There is no such token to revoke.")


def _read(scopes: list[str]) -> frozenset[Scope]:
    try:
        return frozenset(Scope(scope) for scope in scopes)
    except ValueError as fault:
        raise BadTokenError("There is no such scope.", remedy="Choose from the list.") from fault


def _end(lasts: str) -> datetime | None:
    if lasts not in LASTS:
        raise BadTokenError("The token cannot last so long.", remedy="Choose from the list.")
    return clock.now() + timedelta(days=int(lasts)) if lasts else None


def _new(
    request: Request,
    *,
    name: str = "",
    scopes: list[str] | None = None,
    lasts: str = "90",
    fault: ShipworthyError | None = None,
    status: int = 200,
) -> Response:
    return pages.render(
        request,
        "sign_in/token_new.html",
        status=status,
        name=name,
        chosen=frozenset(scopes or ()),
        lasts=lasts,
        all_scopes=list(Scope),
        all_lasts=LASTS,
        fault=fault,
    )
