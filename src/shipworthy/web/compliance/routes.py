"""The audit log: look, verify, export, and what events mean."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from shipworthy.access.entities import Access, Person
from shipworthy.access.operations import people
from shipworthy.audit import operations as audit
from shipworthy.audit.entities import ChainReport
from shipworthy.audit.tags import Tag
from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.web import pages
from shipworthy.web.compliance.asking import Asked
from shipworthy.web.compliance.telling import families, names_of, tell
from shipworthy.web.who import HouseHere, needs

router = APIRouter(include_in_schema=False)
OFFICER = needs(Access.COMPLIANCE)
Officer = Annotated[Person, OFFICER]

PAGE = 50
STEP = 20_000
"""Events that one step of a verification looks at, so that it can be told how far it is."""


@router.get("/compliance/log")
def log(request: Request, officer: Officer, house: HouseHere, asked: Annotated[Asked, Depends()]) -> HTMLResponse:
    """Show the newest events that fit."""
    with house.database.unit_of_work(officer.organisation) as work:
        everybody = people(work, with_left=True)
        found = audit.search(work, asked.search(officer.time_zone), limit=PAGE + 1)
    shown = tell(found[:PAGE], names_of(everybody))
    older = asked.address(before=str(found[PAGE - 1].number)) if len(found) > PAGE else ""
    return pages.render(
        request,
        "compliance/log.html",
        status=422 if asked.faults else 200,
        asked=asked,
        events=shown,
        older=older,
        people=everybody,
        families=families(),
    )


@router.get("/compliance/events", dependencies=[OFFICER])
def events(request: Request) -> HTMLResponse:
    """Explain what every event means."""
    return pages.render(request, "compliance/events.html", families=families())


@router.get("/compliance/verification", dependencies=[OFFICER])
def verification(request: Request) -> HTMLResponse:
    """Offer to verify the log."""
    return pages.render(request, "compliance/verification.html", report=None, total=0, kept="", kept_at=None)


@router.post("/compliance/verification")
def verify(request: Request, officer: Officer, house: HouseHere, kept: Annotated[str, Form()] = "") -> HTMLResponse:
    """Verify the whole log at once; for browsers without scripts."""
    with house.database.unit_of_work(officer.organisation) as work:
        report = audit.verify(work, officer.organisation)
        kept_at = audit.place_of(work, officer.organisation, tidy(kept))
    return pages.render(
        request,
        "compliance/verification.html",
        report=report,
        total=report.events,
        kept=tidy(kept),
        kept_at=kept_at,
    )


@router.post("/compliance/verification/step")
def verify_step(
    request: Request,
    officer: Officer,
    house: HouseHere,
    *,
    kept: Annotated[str, Form()] = "",
    events: Annotated[int, Form(ge=0)] = 0,
    head: Annotated[str, Form(max_length=64)] = "",
    total: Annotated[int, Form(ge=0)] = 0,
) -> HTMLResponse:
    """Verify the next part of the log; what is there when it begins is what is verified."""
    with house.database.unit_of_work(officer.organisation) as work:
        goal = total or audit.length(work, officer.organisation)
        most = min(STEP, max(goal - events, 0))
        report = audit.verify_on(work, officer.organisation, ChainReport(events, head), most=most)
        kept_at = audit.place_of(work, officer.organisation, tidy(kept))
    is_done = not report.holds or report.events >= goal or report.events == events
    return pages.render(
        request,
        "compliance/verification.html",
        block="outcome" if is_done else "progress",
        report=report,
        total=goal,
        kept=tidy(kept),
        kept_at=kept_at,
    )


@router.post("/compliance/export")
def export(officer: Officer, house: HouseHere) -> Response:
    """Give the whole log as JSON lines. The export is an event of the log itself, and the last line of the file."""
    with house.database.unit_of_work(officer.organisation) as work:
        subject = f"organisation:{officer.organisation}"
        audit.record(work, officer.organisation, Tag.COMPLIANCE_LOG_EXPORTED, actor=officer.actor, subject=subject)
    name = f"audit-log-{clock.now():%Y-%m-%d}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_lines(house, officer.organisation), media_type="application/x-ndjson", headers=headers)


def _lines(house: House, organisation: UUID) -> Iterator[bytes]:
    with house.database.unit_of_work(organisation) as work:
        yield from audit.export(work, organisation)


def tidy(text: str) -> str:
    """Return a hash as it is kept: what people paste has blanks and capitals."""
    return "".join(text.split()).lower()[:64]
