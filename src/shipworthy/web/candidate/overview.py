"""Consent, the tasks with their states, withdrawal."""

import secrets
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request, Response

from shipworthy.bootstrap import House
from shipworthy.delivery.entities import Session, SessionTask, TaskState, Visit
from shipworthy.delivery.form_tasks import practice_task
from shipworthy.delivery.operations import close_if_overdue, consent, prepare, session_tasks, withdraw
from shipworthy.delivery.wording import NOT_RECORDED, RECORDED, known_zone, notice, zones
from shipworthy.web import pages
from shipworthy.web.candidate.visits import TaskWords, VisitHere, show, words_of, words_of_task
from shipworthy.web.notices import go
from shipworthy.web.security import DEVICE, forget
from shipworthy.web.who import HouseHere

router = APIRouter()
SEEDS = 2**31


@router.get("/session")
def home(request: Request, visit: VisitHere, house: HouseHere) -> Response:
    """Ask for consent first; afterwards show the tasks."""
    if visit.session is None:
        return _consent_page(request, visit, house)
    tasks = _tasks(visit, house)
    shown = [(task, words_of_task(house, task, _minutes(task, visit))) for task in tasks]
    running = next((task for task in tasks if task.state is TaskState.RUNNING and not task.practice), None)
    return show(request, visit, "overview.html", tasks=shown, running=running)


@router.post("/session/consent")
def agree(
    *,
    request: Request,
    visit: VisitHere,
    house: HouseHere,
    background: BackgroundTasks,
    agreed: Annotated[str, Form()] = "",
    time_zone: Annotated[str, Form()] = "",
) -> Response:
    """Begin the session; workspaces are made while the candidate reads on."""
    if agreed != "yes":
        return _consent_page(request, visit, house, unticked=True)
    text = _notice(visit, words_of(house, visit.assessment, visit.time_factor))
    with house.database.unit_of_work(visit.organisation) as work:
        session = consent(
            work,
            visit,
            notice=text,
            time_zone=time_zone,
            draw=lambda: secrets.randbelow(SEEDS),
            practice=practice_task(house.catalogue),
        )
    answer = go(request, "/session")
    background.add_task(_prepare_all, house, visit, session)
    answer.background = background
    return answer


@router.get("/session/withdraw")
def ask_to_withdraw(request: Request, visit: VisitHere) -> Response:
    """Ask once more before withdrawing."""
    return show(request, visit, "withdraw.html")


@router.post("/session/withdraw")
def withdraw_now(request: Request, visit: VisitHere, house: HouseHere) -> Response:
    """Withdraw."""
    with house.database.unit_of_work(visit.organisation) as work:
        withdraw(work, visit)
    answer = pages.render(request, "candidate/withdrawn.html", visit=visit)
    forget(request, answer, DEVICE)
    return answer


def _tasks(visit: Visit, house: House) -> list[SessionTask]:
    with house.database.unit_of_work(visit.organisation) as work:
        tasks = session_tasks(work, visit)
    closed = [close_if_overdue(house.database, house.blobs, task) for task in tasks]
    if any(closed):
        with house.database.unit_of_work(visit.organisation) as work:
            return session_tasks(work, visit)
    return tasks


def _minutes(task: SessionTask, visit: Visit) -> float:
    return task.minutes * visit.time_factor


def _consent_page(request: Request, visit: Visit, house: House, *, unticked: bool = False) -> Response:
    words = words_of(house, visit.assessment, visit.time_factor)
    return show(
        request,
        visit,
        "consent.html",
        status=422 if unticked else 200,
        tasks=words,
        recorded=RECORDED,
        not_recorded=NOT_RECORDED,
        unticked=unticked,
        chosen_zone="" if visit.candidate.time_zone == "UTC" else known_zone(visit.candidate.time_zone),
        zones=sorted(zone for zone in zones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))),
    )


def _notice(visit: Visit, tasks: list[TaskWords]) -> str:
    rules = [f"{task.title}: {task.ai_rule}" for task in tasks]
    return notice(visit.assessment, rules, time_factor=visit.time_factor)


def _prepare_all(house: House, visit: Visit, session: Session) -> None:
    """Make workspaces ahead, one after the other; what fails here is told when the task is started."""
    with house.database.unit_of_work(visit.organisation) as work:
        tasks = session_tasks(work, replace(visit, session=session))
    for task in tasks:
        prepare(house.database, house.catalogue, house.blobs, task)
