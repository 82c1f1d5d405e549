"""Who asks: the signed-in person of a request, and what that person may do."""

from typing import Annotated, Any

from fastapi import Depends, Request

from shipworthy.access.entities import Access, Person
from shipworthy.access.operations import signed_in
from shipworthy.bootstrap import House
from shipworthy.core.errors import ShipworthyError
from shipworthy.web.security import SIGN_IN, cookie_of


class SignInNeededError(ShipworthyError):
    """This page is for people who are signed in."""

    code = "web_sign_in_needed"
    exit_code = 2


class AccessNeededError(ShipworthyError):
    """This page is for other people of your organisation."""

    code = "web_access_needed"
    exit_code = 2


def house(request: Request) -> House:
    """Return the settings, the database and everything else that this process works with."""
    found: House = request.app.state.house
    return found


HouseHere = Annotated[House, Depends(house)]


def person(request: Request) -> Person:
    """Return who is signed in; raises `SignInNeededError`."""
    token = cookie_of(request, SIGN_IN)
    found = signed_in(house(request).database, token) if token else None
    if found is None:
        raise SignInNeededError(remedy="Sign in, and you will come back here.")
    request.state.person = found
    return found


SomeoneSignedIn = Annotated[Person, Depends(person)]


def needs(*accesses: Access) -> Any:
    """Return the dependency that gives the signed-in person if they have one of these accesses.

    Write it as `someone: Annotated[Person, needs(Access.RECRUITER, Access.HIRING_MANAGER)]`. It raises
    `SignInNeededError` or `AccessNeededError`.
    """
    wanted = frozenset(accesses)

    def permitted(found: SomeoneSignedIn) -> Person:
        if not found.accesses & wanted:
            names = " or ".join(sorted(access.value.replace("_", " ") for access in wanted))
            raise AccessNeededError(remedy=f"Ask an owner of your organisation for the access: {names}.")
        return found

    return Depends(permitted)


def known_person(request: Request) -> Person | None:
    """Return who is signed in as far as this request found out already; asks no database."""
    return getattr(request.state, "person", None)
