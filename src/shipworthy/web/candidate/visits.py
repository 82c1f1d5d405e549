"""Who asks: the candidate of a confirmed device, and what the tasks of their assessment are called."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from shipworthy.bootstrap import House
from shipworthy.delivery.entities import AssessmentFacts, AssessmentTask, SessionTask, Visit
from shipworthy.delivery.errors import NoSuchTaskError, NotConfirmedError, PackageChangedError
from shipworthy.delivery.form_tasks import package_of
from shipworthy.delivery.operations import close_if_overdue, known_device, session_task
from shipworthy.tasks.brief import AI_RULES
from shipworthy.tasks.entities import AiUseRule, Task
from shipworthy.tasks.errors import UnknownTaskError, UnsoundPackageError
from shipworthy.web import pages
from shipworthy.web.security import DEVICE, cookie_of
from shipworthy.web.who import HouseHere


def visit(request: Request, house: HouseHere) -> Visit:
    """Return what the device that asks was confirmed for. Raises `NotConfirmedError`."""
    device = cookie_of(request, DEVICE)
    if not device:
        raise NotConfirmedError(
            "This device is not confirmed.",
            remedy="Open the link from your letter; a code by mail then confirms that it is you.",
        )
    return known_device(house.database, device)


VisitHere = Annotated[Visit, Depends(visit)]


def own_task(task: str, visit: VisitHere, house: HouseHere) -> SessionTask:
    """Return the task that an address names, closed if its time is over. Raises `NoSuchTaskError`."""
    try:
        wanted = UUID(task)
    except ValueError:
        raise NoSuchTaskError(remedy="Go back to the overview.") from None
    with house.database.unit_of_work(visit.organisation) as work:
        found = session_task(work, visit, wanted)
    if close_if_overdue(house.database, house.blobs, found):
        with house.database.unit_of_work(visit.organisation) as work:
            found = session_task(work, visit, wanted)
    return found


TaskHere = Annotated[SessionTask, Depends(own_task)]


@dataclass(frozen=True)
class TaskWords:
    """What a candidate reads of a task before it is started."""

    title: str
    summary: str
    minutes: float
    ai_rule: str
    ai_recorded: str
    ai_allowed: bool


def words_of(house: House, facts: AssessmentFacts, time_factor: float) -> list[TaskWords]:
    """Return what the tasks of an assessment are called and what holds for AI tools, in their order."""
    return [words_of_task(house, task, task.minutes * time_factor) for task in facts.tasks]


def words_of_task(house: House, task: SessionTask | AssessmentTask, minutes: float) -> TaskWords:
    """Return what a task is called; by its id alone where its package is not there as it was."""
    try:
        package = package_of(house.catalogue, task)
    except (PackageChangedError, UnknownTaskError, UnsoundPackageError):
        return TaskWords(task.task_id, "", minutes, "said in the brief", "", ai_allowed=True)
    return _words(package, minutes)


def _words(package: Task, minutes: float) -> TaskWords:
    manifest = package.manifest
    rule = manifest.ai_use.rule
    return TaskWords(
        manifest.title,
        manifest.summary,
        minutes,
        AI_RULES[rule],
        manifest.ai_use.recorded,
        ai_allowed=rule is not AiUseRule.NOT_ALLOWED,
    )


def show(request: Request, visit: Visit, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Answer with a page in the candidate's own time zone."""
    return pages.render(request, f"candidate/{template}", status=status, zone=visit.time_zone, visit=visit, **values)
