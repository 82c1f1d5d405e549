"""Watches every request: an id, how long it took, how it ended."""

from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shipworthy.core import clock
from shipworthy.core.logs import about, log
from shipworthy.core.traces import span

REQUEST_ID = "x-request-id"
UNMATCHED = "/unmatched"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0)
QUIET = frozenset({"/health", "/ready", "/metrics", "/static/{digest}/{name}"})
"""Routes that are asked for all the time: they are counted, and not logged while all is well."""
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Figures:
    """What one process of the web has counted since it began."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "shipworthy_request_seconds",
            "How long requests took, by the template of their route. Streams of events are not in it.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.faults = Counter(
            "shipworthy_web_faults",
            "Requests that ended in a fault of Shipworthy's own, by its kind.",
            ("kind",),
            registry=self.registry,
        )


class Watch:
    """Gives each request an id, which its answer, its log lines and its trace share, and measures it."""

    def __init__(self, app: ASGIApp, *, figures: Figures) -> None:
        self.app = app
        self.figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, began = uuid4(), clock.monotonic()
        answered = _Answer(send, str(request))
        with about(request=request), span("request", request=request) as traced:
            try:
                await self.app(scope, receive, answered)
            except Exception as fault:
                self.figures.faults.labels(type(fault).__name__).inc()
                raise
            finally:
                method, route = _method(scope), route_of(scope)
                seconds = clock.monotonic() - began
                traced |= {"name": f"{method} {route}", "method": method, "route": route, "status": answered.status}
                self._count(method, route, answered, seconds)

    def _count(self, method: str, route: str, answered: "_Answer", seconds: float) -> None:
        status = answered.status
        if not answered.streams:
            self.figures.seconds.labels(method, route, f"{status // 100}xx").observe(seconds)
        if status >= 500:
            log.error("request.failed", method=method, route=route, status=status, seconds=seconds)
        elif route not in QUIET:
            log.info("request.done", method=method, route=route, status=status, seconds=seconds)


class _Answer:
    """Sends an answer on, with the request's id, and remembers how it began."""

    def __init__(self, send: Send, request: str) -> None:
        self._send = send
        self._request = request
        self.status = 500
        self.streams = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID] = self._request
            self.status = int(message["status"])
            self.streams = headers.get("content-type", "").startswith("text/event-stream")
        await self._send(message)


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered, such as `/roles/{role}`: never what a visitor wrote."""
    route = scope.get("route")
    return str(getattr(route, "path_format", "") or getattr(route, "path", "") or UNMATCHED)


def _method(scope: Scope) -> str:
    return str(scope["method"]) if scope["method"] in KNOWN_METHODS else "OTHER"
