"""The pages of assessments: the blueprint with its time, making one, the list, and what is in one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response

from shipworthy.access.entities import Access
from shipworthy.access.operations import people, person
from shipworthy.core.errors import BadInputError
from shipworthy.delivery.assessments import operations
from shipworthy.delivery.assessments.entities import DEFAULT_VALID_DAYS, MOST_VALID_DAYS, Wish
from shipworthy.reports.pages import shared_values
from shipworthy.reports.roles import blueprint_values
from shipworthy.roles.blueprint.entities import Blueprint
from shipworthy.roles.drawing import can_be_drawn
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.kept import operations as kept
from shipworthy.roles.kept.entities import Place
from shipworthy.roles.shelf import Shelf
from shipworthy.web import pages
from shipworthy.web.employer.desk import Reader, Scoper, ShelfHere, author, place_of, spelled
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere

router = APIRouter()

SHORTEST = 15
STEP = 5
Ids = Annotated[list[str] | None, Query()]


@router.get("/roles/{role_id}/blueprint")
def blueprint_page(
    request: Request,
    role_id: UUID,
    *,
    someone: Reader,
    house: HouseHere,
    shelf: ShelfHere,
    minutes: str = "",
    pin: Ids = None,
    without: Ids = None,
) -> Response:
    """Show which tasks a candidate gets within a time; asked by a piece of the page, only that piece."""
    with house.database.unit_of_work(someone.organisation) as work:
        role = kept.role(work, role_id)
        version = kept.version(work, role_id, None, house.framework)
        deciders = [each for each in people(work) if each.may(Access.HIRING_MANAGER)]
    profile = version.profile
    wished = _minutes(minutes, profile)
    drawn, fault = _drawn(shelf, profile, wished, pin or [], without or [])
    values: dict[str, Any] = {
        "role": role,
        "version": version,
        "limit": profile.minutes,
        "wished": wished,
        "shortest": min(SHORTEST, profile.minutes),
        "step": STEP,
        "pinned": pin or [],
        "without": without or [],
        "left_out": [task for task in drawn.left_out if task.task_id in (without or [])] if drawn else [],
        "fault": fault,
        "deciders": deciders,
        "me_first": someone.id,
        "default_days": DEFAULT_VALID_DAYS,
        "most_days": MOST_VALID_DAYS,
        "contact": someone.email,
        "tab": "blueprint",
        **shared_values(house.framework),
        **blueprint_values(drawn),
    }
    block = "plan" if request.headers.get("hx-target") == "plan" else ""
    return pages.render(request, "employer/blueprint.html", block=block, **values)


def _minutes(written: str, profile: RoleProfile) -> int:
    """Return the minutes that were asked for, brought into the profile's limit; the limit where they are none."""
    asked = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else profile.minutes
    return max(1, min(asked, profile.minutes))


def _drawn(
    shelf: Shelf, profile: RoleProfile, minutes: int, pinned: list[str], excluded: list[str]
) -> tuple[Blueprint | None, BadInputError | None]:
    if not can_be_drawn(profile):
        return None, BadInputError(
            "This does not read like an AI engineering role, so there is nothing to assess.",
            remedy="If it is one, set its role context on the profile.",
        )
    try:
        return shelf.blueprint(profile, minutes=minutes, pinned=pinned, excluded=excluded), None
    except BadInputError as fault:
        return None, fault


@router.post("/roles/{role_id}/assessments")
def make_assessment(
    request: Request,
    role_id: UUID,
    *,
    someone: Scoper,
    house: HouseHere,
    shelf: ShelfHere,
    version: Annotated[int, Form()],
    minutes: Annotated[int, Form()],
    decider: Annotated[UUID, Form()],
    title: Annotated[str, Form()] = "",
    contact: Annotated[str, Form()] = "",
    valid_days: Annotated[int, Form()] = DEFAULT_VALID_DAYS,
    pin: Annotated[list[str] | None, Form()] = None,
    without: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make an assessment of the blueprint that was shown."""
    wish = Wish(
        role=role_id,
        version=version,
        decider=decider,
        minutes=minutes,
        title=title,
        contact=contact,
        valid_days=valid_days,
        pinned=tuple(pin or ()),
        excluded=tuple(without or ()),
    )
    with house.database.unit_of_work(someone.organisation) as work:
        person(work, decider)
        made = operations.make_assessment(work, wish, shelf, by=author(someone))
    return go(request, f"/assessments/{made.id}", "The assessment is ready. Invite candidates next.")


@router.get("/assessments")
def assessments_page(request: Request, someone: Reader, house: HouseHere, after: str = "") -> Response:
    """Show all assessments of the organisation, the newest first."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = operations.assessments(work, after=place_of(after), limit=operations.PAGE + 1)
        shown = found[: operations.PAGE]
        counts = operations.counts_of(work, [one.id for one in shown])
        titles = kept.titles(work, [one.role for one in shown])
    last = shown[-1] if len(found) > operations.PAGE else None
    return pages.render(
        request,
        "employer/assessments.html",
        assessments=shown,
        counts=counts,
        titles=titles,
        after=after,
        following=spelled(Place(last.created_at, last.id)) if last else "",
    )


@router.get("/assessments/{assessment_id}/tasks")
def tasks_page(request: Request, assessment_id: UUID, someone: Reader, house: HouseHere, shelf: ShelfHere) -> Response:
    """Show what is in an assessment, for which version of the role, who decides and until when invitations hold."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = operations.assessment(work, assessment_id)
        counts = operations.counts_of(work, [assessment_id])[assessment_id]
        role = kept.role(work, found.role)
        decider = person(work, found.decider)
        maker = person(work, found.created_by)
    offers = {offer.task_id: offer for offer in shelf.offers().offers}
    return pages.render(
        request,
        "employer/assessment_tasks.html",
        assessment=found,
        counts=counts,
        role=role,
        decider=decider,
        maker=maker,
        offers=offers,
        tab="tasks",
        methods={method.id: method.title for method in house.framework.methods},
    )


@router.post("/assessments/{assessment_id}/close")
def close(request: Request, assessment_id: UUID, someone: Scoper, house: HouseHere) -> Response:
    """Take in no new candidates."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = operations.close_assessment(work, assessment_id, by=author(someone))
    words = f"“{found.title}” takes in no new candidates; those who were invited go on."
    return go(request, f"/assessments/{assessment_id}", words, undo=f"/assessments/{assessment_id}/reopen")


@router.post("/assessments/{assessment_id}/reopen")
def reopen(request: Request, assessment_id: UUID, someone: Scoper, house: HouseHere) -> Response:
    """Take in new candidates again."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = operations.reopen_assessment(work, assessment_id, by=author(someone))
    return go(request, f"/assessments/{assessment_id}", f"“{found.title}” takes in candidates again.")
