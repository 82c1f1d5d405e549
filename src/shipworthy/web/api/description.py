"""The description of the interface, in OpenAPI."""

from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from shipworthy import __version__
from shipworthy.access.entities import Scope
from shipworthy.web.api.callers import NeedsScope

PROBLEM = "application/problem+json"
FAULTS = {
    400: "What was sent cannot be read.",
    401: "No token came with it, or none that holds.",
    403: "The token has not the scope for this.",
    404: "There is no such thing in your organisation.",
    409: "It is in a state in which this cannot be done.",
    413: "What was sent is too large.",
    422: "What was sent cannot be used, or an `Idempotency-Key` came with something else before.",
    429: "That were too many requests. `Retry-After` says how many seconds to wait.",
    503: "The database does not answer at the moment.",
}
WORDS = """Roles, invitations, states and scorecards, for programs such as an applicant tracking system.

Send a token of your organisation as a bearer token; each route says which scope it needs. Lists come in pages: ask
again with `cursor` set to what `next` said. Faults are problem details (RFC 9457) with a `code` that stays the same and
a `remedy`.
"""
TAGS = {
    "roles": "The roles that you hire for.",
    "assessments": "What candidates for a role are asked to do.",
    "invitations": "Who was invited, and how far they are.",
    "scorecards": "What the evidence says. A person decides, not this.",
}
SHAPE_OF_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "What happened and what to do, as RFC 9457 spells it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Not Found"]},
        "status": {"type": "integer", "examples": [404]},
        "detail": {"type": "string", "examples": ["There is no such invitation."]},
        "remedy": {"type": "string", "examples": ["Check the id."]},
        "code": {"type": "string", "examples": ["invitation_unknown"]},
        "instance": {"type": "string"},
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, words in FAULTS.items()
}


def scope_of(route: APIRoute) -> Scope:
    """Return the scope that a route needs; a route without one is a fault of ours."""
    return next(each.call.scope for each in route.dependant.dependencies if isinstance(each.call, NeedsScope))


def described(router: APIRouter) -> dict[str, Any]:
    """Return the description of all routes that are in it."""
    routes = [route for route in router.routes if isinstance(route, APIRoute) and route.include_in_schema]
    made = get_openapi(
        title="Shipworthy",
        version=__version__,
        description=WORDS,
        routes=routes,
        tags=[{"name": name, "description": words} for name, words in TAGS.items()],
    )
    schemas = made["components"]["schemas"]
    schemas["Problem"] = SHAPE_OF_PROBLEM
    for own in ("HTTPValidationError", "ValidationError"):
        schemas.pop(own, None)
    for route in routes:
        for method in route.methods or ():
            asked = made["paths"][route.path][method.lower()]
            asked["description"] += f"\n\nScope: `{scope_of(route).value}`."
            asked["responses"] = dict(sorted(asked["responses"].items()))
    return made
