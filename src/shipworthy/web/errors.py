"""Turns what went wrong into answers that say what happened and what to do; the only place of the web that does."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shipworthy.core.errors import BadInputError, ShipworthyError
from shipworthy.core.logs import log
from shipworthy.store.errors import StoreError
from shipworthy.web import pages
from shipworthy.web.security import ForeignPageError
from shipworthy.web.who import AccessNeededError, SignInNeededError

API = "/api/"
SIGN_IN_PAGE = "/sign-in"

STATUSES: dict[type[ShipworthyError], int] = {
    SignInNeededError: 401,
    AccessNeededError: 403,
    ForeignPageError: 403,
    BadInputError: 422,
    StoreError: 503,
}
ENDINGS = {"_unknown": 404, "_refused": 403, "_conflict": 409, "_closed": 409, "_throttled": 429}
"""What the end of an error's code means where its family has no status of its own."""

WORDS = {
    400: ("What was sent cannot be read.", "Go back, load the page again and send it once more."),
    404: ("There is no such page.", "Check the address, or start from the home page."),
    405: ("This address does not do that.", "Go back and use the buttons of the page."),
    408: ("What was sent came too slowly.", "Check the connection and send it again. Nothing was changed."),
    413: ("What was sent is too large.", "Send a smaller file. Nothing was changed."),
    422: ("What was sent cannot be used.", "Go back, check the fields and send them again."),
    429: ("That was tried too often.", "Wait a few minutes and try again."),
    503: ("The database does not answer at the moment.", "Wait a minute and load the page again."),
}
OURS = "Shipworthy met a fault of its own."


def mean(status: int, *kinds: type[ShipworthyError]) -> None:
    """Say with which HTTP status errors of these families are answered."""
    STATUSES.update(dict.fromkeys(kinds, status))


def status_of(error: ShipworthyError) -> int:
    """Return the HTTP status of an error: its nearest family's, else what its code ends with, else 400."""
    for kind in type(error).__mro__:
        if kind in STATUSES and not (kind is BadInputError and _by_ending(error)):
            return STATUSES[kind]
    return _by_ending(error) or 400


def _by_ending(error: ShipworthyError) -> int:
    return next((status for ending, status in ENDINGS.items() if error.code.endswith(ending)), 0)


def answer(request: Request, status: int, what: str, remedy: str, *, code: str = "", reference: str = "") -> Response:
    """Tell what happened and what to do, as whoever asks can use it: a page, a piece of a page, or JSON."""
    if request.url.path.startswith(API):
        return problem(status, what, remedy, code=code, instance=reference)
    template = "pieces/fault.html" if "hx-request" in request.headers else "error.html"
    return pages.render(request, template, status=status, what=what, remedy=remedy, reference=reference)


def problem(status: int, what: str, remedy: str = "", *, code: str = "", instance: str = "") -> JSONResponse:
    """Return problem details as RFC 9457 spells them, with the remedy and our own code."""
    told: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": what}
    extra = {"remedy": remedy, "code": code, "instance": instance}
    told |= {name: value for name, value in extra.items() if value}
    return JSONResponse(told, status, media_type="application/problem+json")


async def on_own_error(request: Request, error: Exception) -> Response:
    """Answer what we raised on purpose."""
    if isinstance(error, SignInNeededError) and not request.url.path.startswith(API):
        return _to_sign_in(request)
    if not isinstance(error, ShipworthyError):
        raise error
    status = status_of(error)
    if status >= 500:
        log.error("web.fault", kind=error.code)
    response = answer(request, status, error.what, error.remedy, code=error.code)
    response.headers.update(getattr(error, "headers", {}))
    return response


def _to_sign_in(request: Request) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = f"{SIGN_IN_PAGE}?next={quote(back, safe='')}" if request.method == "GET" and back != "/" else SIGN_IN_PAGE
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": SIGN_IN_PAGE})
    return RedirectResponse(address, 303)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework or a guard raised."""
    if not isinstance(error, HTTPException):
        raise error
    what, remedy = WORDS.get(error.status_code, (OURS, "Try again."))
    own_words = error.detail if error.status_code in {408, 413} else what
    response = answer(request, error.status_code, own_words, remedy)
    response.headers.update(error.headers or {})
    if error.status_code in {408, 413}:
        response.headers["Connection"] = "close"
    return response


async def on_bad_fields(request: Request, error: Exception) -> Response:
    """Answer fields that do not have the form that a route takes."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    if any(fault.get("loc", ("",))[0] == "path" for fault in faults):
        return answer(request, 404, *WORDS[404])
    names = sorted({str(fault["loc"][-1]).replace("_", " ") for fault in faults})
    what = f"What was sent cannot be used: {', '.join(names)}." if names else WORDS[422][0]
    return answer(request, 422, what, WORDS[422][1], code="web_fields")


async def on_lost_database(request: Request, error: Exception) -> Response:
    """Answer while the database cannot be reached."""
    log.error("web.database_lost", exc_info=error)
    return answer(request, 503, *WORDS[503])


async def on_unkeepable_value(request: Request, _error: Exception) -> Response:
    """Answer a value that no database keeps, such as a text with a character zero."""
    return answer(request, 422, *WORDS[422], code="web_fields")


class Catcher:
    """Answers every other fault with a page, and logs it under the reference that the page shows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = False

        async def watched(message: Message) -> None:
            nonlocal began
            began = began or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            reference = uuid4().hex[:12]
            log.error("web.fault", trace=reference, exc_info=error)
            if began or scope["type"] != "http":
                raise
            response = self._told(Request(scope, receive), error, reference)
            await response(scope, receive, send)

    def _told(self, request: Request, error: Exception, reference: str) -> Response:
        if isinstance(error, HTTPException):
            return answer(request, error.status_code, *WORDS.get(error.status_code, (OURS, "Try again.")))
        remedy = "Try again. If it happens once more, tell whoever runs this site the reference below."
        return answer(request, 500, OURS, remedy, reference=reference)


def install(app: FastAPI) -> None:
    """Have an app answer all faults here."""
    app.add_exception_handler(ShipworthyError, on_own_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_bad_fields)
    for kind in (OperationalError, NoConnectionFreeError):
        app.add_exception_handler(kind, on_lost_database)
    app.add_exception_handler(DataError, on_unkeepable_value)
