"""A person's own account: name, time zone, password, and where they are signed in."""

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Form, Request, Response

from shipworthy.access import operations as access
from shipworthy.access.entities import Person
from shipworthy.access.errors import BadPasswordError, BadPersonError, NotSignedInError
from shipworthy.access.rules import SHORTEST_PASSWORD, expect_twice
from shipworthy.core.errors import ShipworthyError
from shipworthy.web import pages
from shipworthy.web.notices import go
from shipworthy.web.security import SIGN_IN, cookie_of
from shipworthy.web.who import HouseHere, SomeoneSignedIn

router = APIRouter()
Text = Annotated[str, Form(max_length=2000)]


@router.get("/account")
def account_page(request: Request, someone: SomeoneSignedIn, house: HouseHere) -> Response:
    """Show the account."""
    return _page(request, someone, house)


@router.post("/account")
def change_account(
    request: Request, someone: SomeoneSignedIn, house: HouseHere, name: Text = "", time_zone: Text = ""
) -> Response:
    """Change name and time zone."""
    try:
        with house.database.unit_of_work(someone.organisation) as work:
            access.change_own(work, someone.id, name=name, time_zone=time_zone)
    except BadPersonError as fault:
        return _page(request, someone, house, about=fault, name=name, status=422)
    return go(request, "/account", "Your account is changed.")


@router.post("/account/password")
def change_password(
    request: Request,
    someone: SomeoneSignedIn,
    house: HouseHere,
    *,
    present: Text = "",
    password: Text = "",
    again: Text = "",
) -> Response:
    """Change the password."""
    try:
        expect_twice(password, again)
        token = cookie_of(request, SIGN_IN)
        access.change_password(house.database, someone, present=present, wanted=password, token=token)
    except (BadPasswordError, NotSignedInError) as fault:
        return _page(request, someone, house, secret=fault, status=422)
    return go(request, "/account", "Your password is changed. Everywhere else you are signed out.")


@router.post("/account/sign-ins/end")
def end_others(request: Request, someone: SomeoneSignedIn, house: HouseHere) -> Response:
    """End all sign-ins but this one."""
    with house.database.unit_of_work(someone.organisation) as work:
        count = access.end_other_sign_ins(work, someone, cookie_of(request, SIGN_IN))
    words = {0: "You were signed in nowhere else.", 1: "One other sign-in was ended."}
    return go(request, "/account", words.get(count, f"{count} other sign-ins were ended."))


def _page(
    request: Request,
    someone: Person,
    house: HouseHere,
    *,
    about: BadPersonError | None = None,
    secret: ShipworthyError | None = None,
    name: str | None = None,
    status: int = 200,
) -> Response:
    with house.database.unit_of_work(someone.organisation) as work:
        found = access.sign_ins(work, someone, cookie_of(request, SIGN_IN))
        of = access.organisation(work, someone.organisation)
    return pages.render(
        request,
        "sign_in/account.html",
        status=status,
        someone=someone,
        organisation=of,
        name=someone.name if name is None else name,
        sign_ins=found,
        zones=time_zones(),
        about=about,
        secret=secret,
        shortest=SHORTEST_PASSWORD,
    )


@cache
def time_zones() -> dict[str, list[str]]:
    """Return the names of time zones by region; those without one, such as UTC, come first."""
    found: dict[str, list[str]] = {"": ["UTC"]}
    for name in sorted(available_timezones()):
        region, _, place = name.partition("/")
        if place and region not in {"Etc", "SystemV", "US", "posix", "right"}:
            found.setdefault(region, []).append(name)
    return found
