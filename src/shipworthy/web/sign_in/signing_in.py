"""Sign in with a password or at an identity provider, choose the organisation, sign out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from shipworthy.access import operations as access
from shipworthy.access.entities import Choice, Organisation, SignedIn, Trip
from shipworthy.access.errors import BadLinkError, NotSignedInError, ProviderError
from shipworthy.access.rules import SIGN_IN_LASTS
from shipworthy.bootstrap import House
from shipworthy.core.errors import ShipworthyError
from shipworthy.web import pages
from shipworthy.web.notices import go, is_own_path
from shipworthy.web.security import SIGN_IN, cookie_of, forget, remember
from shipworthy.web.sign_in.limits import limit
from shipworthy.web.who import HouseHere, SignInNeededError, person

router = APIRouter()
TRIP = "trip"
TEN_MINUTES = 600
BACK = "/sign-in/provider/back"
Text = Annotated[str, Form(max_length=2000)]


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - what pages send
    """Show the page, or go on where somebody is signed in already."""
    try:
        person(request)
    except SignInNeededError:
        return _page(request, next)
    return RedirectResponse(_own(next), 303)


@router.post("/sign-in")
def sign_in(
    request: Request,
    house: HouseHere,
    *,
    email: Text = "",
    password: Text = "",
    next: Text = "/",  # noqa: A002 - what pages send
    organisation: Text = "",
) -> Response:
    """Sign in with a password, or show the choice of organisations."""
    limit(request, "sign-in", 30)
    try:
        done = access.sign_in(house.database, email=email, password=password)
    except NotSignedInError as fault:
        of = _organisation(house, organisation) if organisation else None
        return _page(request, next, email=email, fault=fault, organisation=of, status=401)
    if isinstance(done, SignedIn):
        return _welcomed(request, house, done, next)
    return _choice(request, done, next)


@router.post("/sign-in/choice")
def choose(request: Request, house: HouseHere, token: Text = "", next: Text = "/") -> Response:  # noqa: A002
    """Sign in to the organisation that was chosen."""
    try:
        return _welcomed(request, house, access.choose(house.database, token), next)
    except BadLinkError as fault:
        return _page(request, next, fault=fault, status=401)


@router.get("/sign-in/{slug}")
def organisation_page(request: Request, house: HouseHere, slug: str, next: str = "/") -> Response:  # noqa: A002
    """Show the page with the identity provider of an organisation, the plain page where there is none."""
    return _page(request, next, organisation=_organisation(house, slug))


@router.get("/sign-in/{slug}/provider")
def to_provider(request: Request, house: HouseHere, slug: str) -> Response:
    """Send the browser to the identity provider of an organisation."""
    limit(request, "provider", 30)
    of = _organisation(house, slug)
    try:
        trip = _begun(house, of)
    except ProviderError as fault:
        return _page(request, "/", fault=fault, organisation=of, status=403)
    response = RedirectResponse(trip.address, 303)
    remember(request, response, TRIP, trip.browser, seconds=TEN_MINUTES)
    return response


@router.get(BACK)
def from_provider(
    request: Request,
    house: HouseHere,
    *,
    state: str = "",
    code: str = "",
    iss: str = "",
    error: str = "",
) -> Response:
    """Sign in whoever comes back from an identity provider."""
    try:
        done = _ended(house, cookie_of(request, TRIP), state=state, code="" if error else code, issuer=iss)
    except ProviderError as fault:
        response = _page(request, "/", fault=fault, status=403)
    else:
        response = _welcomed(request, house, done, "/")
    forget(request, response, TRIP)
    return response


@router.post("/sign-out")
def sign_out(request: Request, house: HouseHere) -> Response:
    """End this sign-in."""
    access.sign_out(house.database, cookie_of(request, SIGN_IN))
    response = go(request, "/sign-in", "You are signed out.")
    forget(request, response, SIGN_IN)
    return response


def _page(
    request: Request,
    following: str,
    *,
    email: str = "",
    fault: ShipworthyError | None = None,
    organisation: Organisation | None = None,
    status: int = 200,
) -> Response:
    return pages.render(
        request,
        "sign_in/sign_in.html",
        status=status,
        next=_own(following),
        email=email[:254],
        fault=fault,
        organisation=organisation,
    )


def _choice(request: Request, choices: tuple[Choice, ...], following: str) -> Response:
    return pages.render(request, "sign_in/choice.html", choices=choices, next=_own(following))


def _welcomed(request: Request, house: HouseHere, done: SignedIn, following: str) -> Response:
    before = cookie_of(request, SIGN_IN)
    if before:
        access.sign_out(house.database, before)
    response = RedirectResponse(_own(following), 303)
    remember(request, response, SIGN_IN, done.token, seconds=int(SIGN_IN_LASTS.total_seconds()))
    return response


def _begun(house: House, of: Organisation | None) -> Trip:
    if of is None:
        raise ProviderError("There is no such organisation.", remedy="Check the address, or sign in here.")
    return access.begin_trip(house.database, of, back_to=house.settings.web_url + BACK)


def _ended(house: House, browser: str, *, state: str, code: str, issuer: str) -> SignedIn:
    if not code:
        raise ProviderError("The identity provider let nobody in.", remedy="Begin again, or use a password.")
    back_to = house.settings.web_url + BACK
    return access.end_trip(house.database, state=state, code=code, browser=browser, issuer=issuer, back_to=back_to)


def _own(path: str) -> str:
    return path if is_own_path(path) and not path.startswith(("/sign-in", "/sign-out")) else "/"


def _organisation(house: HouseHere, slug: str) -> Organisation | None:
    with house.database.house_work() as work:
        return access.organisation_of_slug(work, slug)
