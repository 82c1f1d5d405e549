"""A page that shows every part of the look, for whoever changes it and for its tests."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from shipworthy.web import pages
from shipworthy.web.notices import go

PROGRAM = '''import json


class Scorer:
    """Counts words."""

    def score(self, text: str) -> int:
        return len(text.split())  # not yet tuned
'''

router = APIRouter(include_in_schema=False)


@router.get("/style")
def style(request: Request) -> HTMLResponse:
    """Show all parts."""
    return pages.render(request, "style.html", program=PROGRAM, hostile="<script>alert(1)</script>\u202egnp.exe")


@router.post("/style/done")
def done(request: Request) -> Response:
    """Do nothing, and say so with a way back."""
    return go(request, "/style", "Three invitations were cancelled.", undo="/style/undone")


@router.post("/style/undone")
def undone(request: Request) -> Response:
    """Take it back."""
    return go(request, "/style", "The three invitations are open again.")
