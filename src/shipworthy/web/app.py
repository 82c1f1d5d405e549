"""Puts the pages of all audiences together behind the guards that hold for every request."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from shipworthy import __version__
from shipworthy.bootstrap import House
from shipworthy.web import assets, errors, style_page
from shipworthy.web.bodies import BodyLimit
from shipworthy.web.security import Guard, expect_own_page

BY_COOKIE = ("sign_in", "employer", "candidate", "compliance", "webhooks")
"""Audiences of people: every request that changes something has to come from one of our own pages."""
BY_TOKEN = ("api", "operation")
"""Audiences of programs: no cookie counts for them."""


def make_app(house: House, *, audiences: Sequence[str] = (*BY_COOKIE, *BY_TOKEN), shows_style: bool = False) -> FastAPI:
    """Return the app with the pages of these audiences; `shows_style` adds `/style`, all parts of the look."""
    app = FastAPI(title="Shipworthy", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = house
    app.state.served = frozenset[str]()
    app.add_middleware(errors.Catcher)
    app.add_middleware(BodyLimit)
    app.add_middleware(Guard, web_url=house.settings.web_url)
    errors.install(app)
    app.include_router(assets.router)
    if shows_style:
        app.include_router(style_page.router, dependencies=[Depends(expect_own_page)])
    for name in audiences:
        _include(app, name)
    return app


def _include(app: FastAPI, name: str) -> None:
    """Include an audience; one with a function `prepare(app)` beside its router may add what it needs to the app."""
    if find_spec(f"shipworthy.web.{name}") is None or find_spec(f"shipworthy.web.{name}.routes") is None:
        return
    routes = import_module(f"shipworthy.web.{name}.routes")
    router: APIRouter = routes.router
    app.include_router(router, dependencies=[Depends(expect_own_page)] if name in BY_COOKIE else [])
    app.state.served |= {route.path for route in routes_of(router)}
    prepare = getattr(routes, "prepare", None)
    if prepare is not None:
        prepare(app)


def routes_of(router: APIRouter) -> Iterator[APIRoute]:
    """Yield every route of a router and of the routers that it includes."""
    for route in router.routes:
        included = getattr(route, "original_router", None)
        if isinstance(included, APIRouter):
            yield from routes_of(included)
        elif isinstance(route, APIRoute):
            yield route
