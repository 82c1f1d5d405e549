"""Ask for a new password, and choose one by a link."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from shipworthy.access import operations as access
from shipworthy.access.entities import LinkPurpose
from shipworthy.access.errors import BadLinkError, BadPasswordError
from shipworthy.access.rules import SHORTEST_PASSWORD, expect_twice
from shipworthy.core.errors import ShipworthyError
from shipworthy.web import pages
from shipworthy.web.notices import go
from shipworthy.web.security import SIGN_IN, forget
from shipworthy.web.sign_in.limits import limit
from shipworthy.web.who import HouseHere

router = APIRouter()
Text = Annotated[str, Form(max_length=2000)]
PURPOSES = {"welcome": LinkPurpose.WELCOME, "reset": LinkPurpose.RESET}


@router.get("/forgotten")
def forgotten_page(request: Request) -> Response:
    """Show the page that asks for an address."""
    return pages.render(request, "sign_in/forgotten.html", asked=False, email="")


@router.post("/forgotten")
def ask_for_new_password(request: Request, house: HouseHere, email: Text = "") -> Response:
    """Write a letter to whoever has the address, and say the same whether there is one."""
    limit(request, "reset", 10)
    access.ask_for_reset(house.database, email, web_url=house.settings.web_url)
    return pages.render(request, "sign_in/forgotten.html", asked=True, email=email[:254])


@router.get("/welcome/{token}")
def welcome_page(request: Request, house: HouseHere, token: str) -> Response:
    """Show the page on which somebody who was added chooses a password. The link stays usable."""
    limit(request, "link", 60)
    return _show(request, house, "welcome", token)


@router.get("/reset/{token}")
def reset_page(request: Request, house: HouseHere, token: str) -> Response:
    """Show the page on which somebody chooses a new password. The link stays usable."""
    limit(request, "link", 60)
    return _show(request, house, "reset", token)


@router.post("/welcome/{token}")
def choose_first(request: Request, house: HouseHere, token: str, password: Text = "", again: Text = "") -> Response:
    """Set the first password."""
    return _chosen(request, house, "welcome", token, password=password, again=again)


@router.post("/reset/{token}")
def choose_new(request: Request, house: HouseHere, token: str, password: Text = "", again: Text = "") -> Response:
    """Set a new password."""
    return _chosen(request, house, "reset", token, password=password, again=again)


def _chosen(request: Request, house: HouseHere, kind: str, token: str, *, password: str, again: str) -> Response:
    limit(request, "link", 60)
    try:
        expect_twice(password, again)
        access.set_password(house.database, token, password)
    except BadLinkError as fault:
        return _broken(request, fault)
    except BadPasswordError as fault:
        return _show(request, house, kind, token, fault=fault, status=422)
    response = go(request, "/sign-in", "Your password is set. Sign in with it.")
    forget(request, response, SIGN_IN)
    return response


def _show(
    request: Request,
    house: HouseHere,
    kind: str,
    token: str,
    *,
    fault: ShipworthyError | None = None,
    status: int = 200,
) -> Response:
    try:
        link, person, of = access.whose_link(house.database, token)
    except BadLinkError as broken:
        return _broken(request, broken)
    if link.purpose is not PURPOSES[kind]:
        return _broken(request, BadLinkError("This link does not work.", remedy="Open it as it stands in the letter."))
    return pages.render(
        request,
        "sign_in/password.html",
        status=status,
        kind=kind,
        token=token,
        someone=person,
        organisation=of,
        fault=fault,
        shortest=SHORTEST_PASSWORD,
    )


def _broken(request: Request, fault: BadLinkError) -> Response:
    return pages.render(request, "sign_in/bad_link.html", status=404, fault=fault)
