"""The one router that all parts of the interface add their routes to."""

from fastapi import APIRouter

from shipworthy.web.api.description import RESPONSES

PREFIX = "/api/v1"

router = APIRouter(prefix=PREFIX, responses=RESPONSES)
