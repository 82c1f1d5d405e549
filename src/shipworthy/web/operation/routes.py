"""`/health`, `/ready` and `/metrics`."""

import hmac

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shipworthy.bootstrap import House
from shipworthy.core.errors import ShipworthyError
from shipworthy.web.errors import mean
from shipworthy.web.operation.metrics import HouseCollector
from shipworthy.web.operation.readiness import Looker
from shipworthy.web.operation.watching import Figures, Watch
from shipworthy.web.security import LOOPBACK

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
router = APIRouter(include_in_schema=False)


class MetricsRefusedError(ShipworthyError):
    """Metrics are for whoever has their token."""

    code = "web_metrics_refused"


mean(403, MetricsRefusedError)


def prepare(app: FastAPI) -> None:
    """Watch all requests of the app, and look at what its house shares with other processes."""
    house: House = app.state.house
    figures = Figures()
    figures.registry.register(HouseCollector(house))
    app.state.figures = figures
    app.state.looker = Looker(house)
    app.add_middleware(Watch, figures=figures)


@router.get("/health")
async def health() -> PlainTextResponse:
    """Say that this process answers. Whoever starts it may end it when this fails."""
    return PlainTextResponse("ok\n")


@router.get("/ready")
def ready(request: Request) -> JSONResponse:
    """Say whether pages can be served, with the state of each part."""
    looker: Looker = request.app.state.looker
    found = looker.look()
    return JSONResponse({"ready": found.ready, **found.parts}, 200 if found.ready else 503)


def expect_metrics_reader(request: Request) -> None:
    """Let a request through that has the token or, where none is set, that comes from this machine itself.

    Behind a reverse proxy on this machine everything comes from here, so a request that was passed on needs the token.
    """
    token = str(request.app.state.house.settings.metrics_token)
    if token:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        allowed = scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
    else:
        here = request.client is not None and request.client.host in LOOPBACK
        allowed = here and not any(name in request.headers for name in FORWARDED)
    if not allowed:
        raise MetricsRefusedError(
            remedy="Set SHIPWORTHY_METRICS_TOKEN and send it as a bearer token, or ask from the machine itself."
        )


@router.get("/metrics", dependencies=[Depends(expect_metrics_reader)])
def metrics(request: Request) -> Response:
    """Give the metrics in Prometheus's format."""
    figures: Figures = request.app.state.figures
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
