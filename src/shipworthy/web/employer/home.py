"""The home page: what waits for whoever signed in."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shipworthy.access.entities import Access
from shipworthy.delivery.assessments import operations
from shipworthy.delivery.assessments.operations import assessments_per_role, ending_soon, finished_lately
from shipworthy.grading.jobs.operations import stopped
from shipworthy.roles.kept import operations as kept
from shipworthy.scoring.candidates import invitations_of
from shipworthy.web import pages
from shipworthy.web.employer.desk import HIRING
from shipworthy.web.who import HouseHere, SomeoneSignedIn

router = APIRouter()

FEW = 6


@router.get("/")
def home_page(request: Request, someone: SomeoneSignedIn, house: HouseHere) -> Response:
    """Show what waits; whoever has nothing to do with hiring is brought to their own pages."""
    if not someone.may(*HIRING):
        if someone.may(Access.COMPLIANCE):
            return RedirectResponse("/compliance/log", 303)
        return pages.render(request, "employer/home_of_others.html")
    with house.database.unit_of_work(someone.organisation) as work:
        roles = kept.roles(work, limit=FEW)
        numbers = assessments_per_role(work, [role.id for role in roles])
        assessments = operations.assessments(work, limit=FEW)
        counts = operations.counts_of(work, [one.id for one in assessments])
        stuck = stopped(work, limit=20)
        whose = invitations_of(work, [job.session_task for job in stuck])
        finished = finished_lately(work)
        ending = ending_soon(work)
    return pages.render(
        request,
        "employer/home.html",
        roles=roles,
        without_assessment=[role for role in roles if not numbers[role.id]],
        assessments=assessments,
        counts=counts,
        stuck=[(job, whose[job.session_task]) for job in stuck if job.session_task in whose],
        finished=finished,
        ending=ending,
        may_scope=someone.may(Access.HIRING_MANAGER),
    )
