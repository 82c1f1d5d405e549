"""`/api/v1`: everything that its parts have added to the router, and its description."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from shipworthy.bootstrap import House
from shipworthy.scoring.candidates import Scorer
from shipworthy.web.api import invitations, roles
from shipworthy.web.api.description import described
from shipworthy.web.api.interface import router

__all__ = ["invitations", "prepare", "roles", "router"]


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> JSONResponse:
    """Describe the interface."""
    return JSONResponse(_description())


@cache
def _description() -> dict[str, Any]:
    return described(router)


def prepare(app: FastAPI) -> None:
    """Give the app what scores stored evidence."""
    house: House = app.state.house
    app.state.api_scorer = Scorer(house.blobs, house.catalogue, house.framework)
