"""Public checks: start them, and see what they say while they run."""

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.delivery.entities import SessionTask
from shipworthy.delivery.operations import run_checks
from shipworthy.grading.jobs.entities import GradingJob, JobState
from shipworthy.grading.jobs.operations import latest_check
from shipworthy.web import pages
from shipworthy.web.candidate.visits import TaskHere, VisitHere
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere

router = APIRouter()
LOOK_SECONDS = 0.5
LONGEST_SECONDS = 15 * 60.0


@router.post("/session/tasks/{task}/checks")
def run(request: Request, visit: VisitHere, task: TaskHere, house: HouseHere) -> Response:
    """Run the public checks on what was saved last."""
    with house.database.unit_of_work(visit.organisation) as work:
        run_checks(work, house.blobs, visit, task.id)
    if "x-csrf-token" in request.headers:
        return Response(status_code=202)
    return go(request, f"/session/tasks/{task.id}#checks", "The checks are running. Load this page again to see more.")


@router.get("/session/tasks/{task}/checks")
def looked_at(request: Request, visit: VisitHere, task: TaskHere, house: HouseHere) -> Response:
    """Show what the last run of checks has said so far."""
    return pages.render(request, "candidate/checks.html", zone=visit.time_zone, check=_latest(house, task))


@router.get("/session/tasks/{task}/checks/live")
def live(request: Request, task: TaskHere, house: HouseHere) -> Response:
    """Tell line by line what the checks say, as server-sent events, until they have ended."""
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request, task, house), media_type="text/event-stream", headers=headers)


async def _events(request: Request, task: SessionTask, house: House) -> AsyncIterator[str]:
    """Give `line` for each new line, `state` when that changes, and `end` at last; look twice a second."""
    told, state, until = 0, "", clock.monotonic() + LONGEST_SECONDS
    while clock.monotonic() < until and not await request.is_disconnected():
        check = await run_in_threadpool(_latest, house, task)
        if check is None:
            break
        for line in check.lines[told:]:
            yield _event("line", dict(line))
        told = len(check.lines)
        if check.state != state:
            state = check.state
            yield _event("state", {"state": state})
        if check.ended:
            break
        await asyncio.sleep(LOOK_SECONDS)
    yield _event("end", {})


def _event(kind: str, content: dict[str, object]) -> str:
    return f"event: {kind}\ndata: {json.dumps(content)}\n\n"


def _latest(house: House, task: SessionTask) -> GradingJob | None:
    with house.database.unit_of_work(task.organisation) as work:
        return latest_check(work, task.id)


def is_under_way(check: GradingJob | None) -> bool:
    """Say whether checks wait or run."""
    return check is not None and check.state in {JobState.WAITING, JobState.RUNNING}
