"""The people of an organisation, for its owners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from shipworthy.access import operations as access
from shipworthy.access.entities import Access, Person
from shipworthy.access.errors import BadPersonError, LastOwnerError, TooOftenError
from shipworthy.access.throttling import allow
from shipworthy.core import clock
from shipworthy.core.errors import ShipworthyError
from shipworthy.web import pages
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere, needs

router = APIRouter()
Text = Annotated[str, Form(max_length=2000)]
Chosen = Annotated[list[str], Form(max_length=20, default_factory=list)]
Owner = Annotated[Person, needs(Access.OWNER)]
AN_HOUR = 3600


@router.get("/people")
def people_page(request: Request, someone: Owner, house: HouseHere) -> Response:
    """Show who has access, and who had."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = access.standings(work)
        of = access.organisation(work, someone.organisation)
    return pages.render(
        request,
        "sign_in/people.html",
        present=[each for each in found if each.person.left_at is None],
        gone=[each for each in found if each.person.left_at is not None],
        organisation=of,
        now=clock.now(),
        someone=someone,
    )


@router.get("/people/new")
def new_person_page(request: Request, someone: Owner) -> Response:
    """Show the fields for a new person."""
    return _new(request, someone)


@router.post("/people/new")
def add_person(
    request: Request, someone: Owner, house: HouseHere, *, accesses: Chosen, name: Text = "", email: Text = ""
) -> Response:
    """Add a person and write them a letter."""
    try:
        with house.database.unit_of_work(someone.organisation) as work:
            added = access.add_person(
                work, someone.organisation, name=name, email=email, accesses=read(accesses), by=someone.actor
            )
            access.send_link(work, added, web_url=house.settings.web_url, by=someone.name)
    except BadPersonError as fault:
        return _new(request, someone, name=name, email=email, accesses=accesses, fault=fault, status=422)
    return go(request, "/people", f"{added.name} was added. {_where(house)}", undo=f"/people/{added.id}/remove")


@router.get("/people/{wanted}")
def person_page(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Show one person and what they may do."""
    return _one(request, someone, house, wanted)


@router.post("/people/{wanted}")
def change_accesses(request: Request, someone: Owner, house: HouseHere, wanted: UUID, accesses: Chosen) -> Response:
    """Change what a person may do."""
    try:
        with house.database.unit_of_work(someone.organisation) as work:
            changed = access.change_accesses(work, wanted, read(accesses), by=someone.actor)
    except (BadPersonError, LastOwnerError) as fault:
        return _one(request, someone, house, wanted, fault=fault, status=422)
    path = "/people" if changed.id != someone.id or changed.may(Access.OWNER) else "/"
    return go(request, path, f"What {changed.name} may do was changed.")


@router.post("/people/{wanted}/remove")
def remove_person(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Take all accesses of a person away."""
    try:
        with house.database.unit_of_work(someone.organisation) as work:
            gone = access.remove_person(work, wanted, by=someone.actor)
    except LastOwnerError as fault:
        return _one(request, someone, house, wanted, fault=fault, status=409)
    if gone.id == someone.id:
        return go(request, "/sign-in", "You took your own access away. Another owner can give it back.")
    return go(request, "/people", f"{gone.name} was removed and is signed out.", undo=f"/people/{gone.id}/back")


@router.post("/people/{wanted}/back")
def bring_back(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Take a removed person back."""
    with house.database.unit_of_work(someone.organisation) as work:
        back = access.bring_back(work, wanted, by=someone.actor)
    return go(request, "/people", f"{back.name} is back, with the accesses from before.")


@router.post("/people/{wanted}/link")
def send_link(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Write a person a letter with a new link for a password."""
    if not allow(house.database, f"link for {wanted}", 5, AN_HOUR):
        raise TooOftenError("This person got five links within an hour.", remedy="Look at the letters, or wait.")
    with house.database.unit_of_work(someone.organisation) as work:
        found = access.person(work, wanted)
        access.send_link(work, found, web_url=house.settings.web_url, by=someone.name)
    return go(request, f"/people/{wanted}", f"A link for {found.name} was written. {_where(house)}")


def read(accesses: list[str]) -> frozenset[Access]:
    """Return the accesses that were ticked; a page of ours sends no others."""
    try:
        return frozenset(Access(access) for access in accesses)
    except ValueError as fault:
        raise BadPersonError("There is no such access.", remedy="Choose from the list.", field="accesses") from fault


def _where(house: HouseHere) -> str:
    if house.settings.smtp_url:
        return "The letter is on its way."
    return "No mail server is set: hand the link over from the page Letters."


def _new(
    request: Request,
    someone: Person,
    *,
    name: str = "",
    email: str = "",
    accesses: list[str] | None = None,
    fault: BadPersonError | None = None,
    status: int = 200,
) -> Response:
    return pages.render(
        request,
        "sign_in/person_new.html",
        status=status,
        name=name,
        email=email,
        chosen=frozenset(accesses or ()),
        all_accesses=list(Access),
        fault=fault,
        someone=someone,
    )


def _one(
    request: Request,
    someone: Person,
    house: HouseHere,
    wanted: UUID,
    *,
    fault: ShipworthyError | None = None,
    status: int = 200,
) -> Response:
    with house.database.unit_of_work(someone.organisation) as work:
        access.person(work, wanted)
        standing = next(each for each in access.standings(work) if each.person.id == wanted)
    return pages.render(
        request,
        "sign_in/person.html",
        status=status,
        standing=standing,
        chosen=frozenset(access.value for access in standing.person.accesses),
        all_accesses=list(Access),
        fault=fault,
        someone=someone,
        now=clock.now(),
    )
