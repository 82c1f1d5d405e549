"""The page of the API names every route with its scope and its words, every status and every limit, and no other."""

import re

from fastapi.routing import APIRoute

from shipworthy.web.api.callers import REQUESTS_A_MINUTE, WRONG_TOKENS_A_MINUTE
from shipworthy.web.api.description import FAULTS, described, scope_of
from shipworthy.web.api.paging import MOST, USUAL
from shipworthy.web.api.routes import router
from tests.architecture.pages import DOCS, first_cells, sections, ticked

PAGE = DOCS / "reference" / "api.md"


def test_every_route_is_named_with_its_scope_and_what_it_does() -> None:
    paths = described(router)["paths"]
    expected = set()
    for route in (route for route in router.routes if isinstance(route, APIRoute) and route.include_in_schema):
        for method in route.methods or ():
            words = " ".join(paths[route.path][method.lower()]["description"].split("\n\n")[0].split())
            expected.add(f"| `{method} {route.path}` | `{scope_of(route).value}` | {words} |")
    text = PAGE.read_text(encoding="utf-8")
    assert {line for line in text.splitlines() if line.startswith("|") and "/api/v1/" in line} == expected


def test_every_status_is_named() -> None:
    assert ticked(first_cells(sections(PAGE)["Statuses"])) == [str(status) for status in FAULTS]


def test_the_limits_are_those_that_hold() -> None:
    numbers = [int(number) for number in re.findall(r"\b\d+\b", sections(PAGE)["Limits"])]
    assert numbers == [REQUESTS_A_MINUTE, WRONG_TOKENS_A_MINUTE, MOST, USUAL, 500, 1]
