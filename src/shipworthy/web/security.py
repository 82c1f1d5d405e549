"""What every request is held to: the host it names, the page it comes from, and the headers of its answer."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import Request, Response
from markupsafe import Markup
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shipworthy.core.errors import ShipworthyError

A_WORKING_DAY = 12 * 3600
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PROBES = ("/health", "/ready", "/metrics")
FIELD, HEADER = "csrf", "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SIGN_IN, DEVICE, VISIT = "sign-in", "device", "visit"
"""The cookies that stand for somebody: a person's sign-in, a candidate's device, a visitor who is neither yet."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


class ForeignPageError(ShipworthyError):
    """This page was not sent by us, or is too old."""

    code = "web_foreign_page"
    exit_code = 2


def cookie_name(web_url: str, purpose: str) -> str:
    """Return the name of a cookie; except over http to this machine, browsers tie it to this host and to https."""
    return f"__Host-shipworthy-{purpose}" if urlsplit(web_url).scheme == "https" else f"shipworthy-{purpose}"


def cookie_of(request: Request, purpose: str) -> str:
    """Return what a cookie holds, nothing where it is missing."""
    return request.cookies.get(cookie_name(_web_url(request), purpose), "")


def remember(request: Request, response: Response, purpose: str, token: str, *, seconds: int = A_WORKING_DAY) -> None:
    """Have the browser keep a token in a cookie; what it kept as a visitor's is forgotten with it."""
    response.set_cookie(
        cookie_name(_web_url(request), purpose),
        token,
        max_age=seconds,
        path="/",
        secure=_web_url(request).startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    if purpose in (SIGN_IN, DEVICE):
        forget(request, response, VISIT)


def forget(request: Request, response: Response, purpose: str) -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(
        cookie_name(_web_url(request), purpose),
        path="/",
        secure=_web_url(request).startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def csrf_token(request: Request) -> str:
    """Return what a page must send back: it can be told only by who knows the cookie, which no other site does."""
    for purpose in (SIGN_IN, DEVICE, VISIT):
        kept = cookie_of(request, purpose)
        if kept:
            return _bound_to(kept)
    if not getattr(request.state, "fresh_visit", ""):
        request.state.fresh_visit = secrets.token_urlsafe(32)
    return _bound_to(request.state.fresh_visit)


def csrf_field(request: Request) -> Markup:
    """Return the hidden field for a page's `<form>`."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token(request))


async def expect_own_page(request: Request) -> None:
    """Let a request through that changes nothing, or that one of our own pages sent.

    Raises `ForeignPageError`: the token has to come with the page and fit one of the cookies that the browser sends
    along, and where the browser names the site that asks, that has to be ours.
    """
    if request.method in SAFE:
        return
    origin = request.headers.get("origin")
    sent = request.headers.get(HEADER) or await _sent_field(request)
    kept = [cookie for purpose in (SIGN_IN, DEVICE, VISIT) if (cookie := cookie_of(request, purpose))]
    fits = [hmac.compare_digest(sent.encode(), _bound_to(cookie).encode()) for cookie in kept]
    if not any(fits) or (origin is not None and not _is_own_origin(origin, request)):
        raise ForeignPageError(remedy="Go back, load the page again and send it once more. Nothing was changed.")


async def _sent_field(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return ""
    sent = (await request.form()).get(FIELD)
    return sent if isinstance(sent, str) else ""


def _is_own_origin(origin: str, request: Request) -> bool:
    scheme, _, host = origin.partition("://")
    return scheme == urlsplit(_web_url(request)).scheme and is_own_host(host, _web_url(request))


def _bound_to(cookie: str) -> str:
    return hmac.new(cookie.encode(), b"shipworthy pages", hashlib.sha256).hexdigest()


def is_own_host(host: str, web_url: str) -> bool:
    """Say whether a Host header names the public address; on this machine any of its own names and any port."""
    own, asked = _place(urlsplit(web_url).netloc, web_url), _place(host, web_url)
    if asked is None or own is None:
        return False
    return asked[0] in LOOPBACK if own[0] in LOOPBACK else asked == own


def _place(host: str, web_url: str) -> tuple[str, int] | None:
    """Return name and port of a host as it is written in a header, None where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname or "", parts.port or (443 if web_url.startswith("https:") else 80))
    except ValueError:
        return None


def _web_url(request: Request) -> str:
    return str(request.app.state.house.settings.web_url)


class Guard:
    """Refuses requests that name another host, and puts the guarding headers on every answer."""

    def __init__(self, app: ASGIApp, *, web_url: str) -> None:
        self.app = app
        self.web_url = web_url
        secure = {"Strict-Transport-Security": "max-age=31536000"} if web_url.startswith("https:") else {}
        self.headers = HEADERS | secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(MutableHeaders(scope=message))
            await send(message)

        if scope["path"] in PROBES or is_own_host(Headers(scope=scope).get("host", ""), self.web_url):
            await self.app(scope, receive, guarded)
        else:
            refusal = PlainTextResponse(f"Nothing is served under this name. Use {self.web_url}.\n", 421)
            await refusal(scope, receive, guarded)

    def _dress(self, headers: MutableHeaders) -> None:
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
