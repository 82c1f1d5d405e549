"""The pages of roles: the list, a new one, the profile with its sentences, changes, and what to do about a blend."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from shipworthy.access.operations import people
from shipworthy.delivery.assessments.operations import (
    assessments,
    assessments_per_role,
    candidates_per_role,
    counts_of,
)
from shipworthy.framework import RequirementLevel
from shipworthy.reports.pages import shared_values
from shipworthy.reports.postings import line_id
from shipworthy.reports.roles import role_values
from shipworthy.roles.changes import MOST_MINUTES, NEEDS, NONE
from shipworthy.roles.documents import Document, read_bytes, read_text
from shipworthy.roles.entities import DEFAULT_MINUTES, Seniority
from shipworthy.roles.errors import PostingError, ProfileError
from shipworthy.roles.kept import operations as kept
from shipworthy.roles.kept.entities import KeptRole, Place
from shipworthy.web import pages
from shipworthy.web.employer.desk import Reader, Scoper, ShelfHere, author, place_of, spelled
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere

router = APIRouter()

PASTED = "Pasted text"


@dataclass(frozen=True)
class RoleLine:
    """One role in the list, with how many assessments and candidates it has."""

    role: KeptRole
    assessments: int
    candidates: int


@router.get("/roles")
def roles_page(
    request: Request, *, someone: Reader, house: HouseHere, after: str = "", archived: bool = False
) -> Response:
    """Show the roles of the organisation, the newest first."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = kept.roles(work, archived=archived, after=place_of(after), limit=kept.PAGE + 1)
        shown = found[: kept.PAGE]
        ids = [role.id for role in shown]
        counts = assessments_per_role(work, ids)
        invited = candidates_per_role(work, ids)
    lines = [RoleLine(role, counts[role.id], invited[role.id]) for role in shown]
    last = shown[-1] if len(found) > kept.PAGE else None
    following = spelled(Place(last.created_at, last.id)) if last else ""
    return pages.render(
        request, "employer/roles.html", lines=lines, archived=archived, following=following, after=after
    )


@router.get("/roles/new")
def new_role_page(request: Request, _someone: Scoper) -> HTMLResponse:
    """Ask for a job description."""
    return _new_role(request)


def _new_role(
    request: Request,
    *,
    text: str = "",
    minutes: str = str(DEFAULT_MINUTES),
    fault: ProfileError | PostingError | None = None,
) -> HTMLResponse:
    return pages.render(
        request,
        "employer/new_role.html",
        status=422 if fault else 200,
        text=text,
        minutes=minutes,
        most_minutes=MOST_MINUTES,
        fault=fault,
    )


@router.post("/roles/upload")
def keep_role(
    request: Request,
    *,
    someone: Scoper,
    house: HouseHere,
    text: Annotated[str, Form()] = "",
    minutes: Annotated[str, Form()] = str(DEFAULT_MINUTES),
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Scope the job description that was pasted or uploaded; where it cannot be read, the text stays on the page."""
    try:
        document = _document(text, file)
        with house.database.unit_of_work(someone.organisation) as work:
            made = kept.keep_role(
                work,
                someone.organisation,
                document,
                by=author(someone),
                minutes=_whole(minutes),
                framework=house.framework,
            )
    except (PostingError, ProfileError) as fault:
        return _new_role(request, text=text, minutes=minutes, fault=fault)
    return go(request, f"/roles/{made.id}", f"“{made.title}” was scoped.")


def _document(text: str, file: UploadFile | None) -> Document:
    if file is not None and file.filename:
        return read_bytes(file.file.read(), file.filename)
    if not text.strip():
        raise PostingError("There is no job description yet.", remedy="Paste its text, or choose a file.")
    return read_text(text, PASTED)


def _whole(minutes: str) -> int:
    try:
        return int(minutes)
    except ValueError:
        raise ProfileError(
            f"{minutes!r} is no number of minutes.", remedy=f"Give a whole number from 1 to {MOST_MINUTES}."
        ) from None


@router.get("/roles/{role_id}")
def role_page(
    request: Request, role_id: UUID, *, someone: Reader, house: HouseHere, shelf: ShelfHere, version: int | None = None
) -> Response:
    """Show a version of a role: its job description with highlighted sentences beside what will be assessed."""
    with house.database.unit_of_work(someone.organisation) as work:
        role = kept.role(work, role_id)
        found = kept.version(work, role_id, version, house.framework)
    read = kept.read_again(found, house.framework)
    profile = found.profile
    choices = shelf.choices(profile)
    values: dict[str, Any] = shared_values(house.framework) | role_values(
        read.scoped, framework=house.framework, choices=shelf.choices(profile)
    )
    return pages.render(
        request,
        "employer/role.html",
        **values,
        role=role,
        version=found,
        is_newest=found.number == role.version,
        choice_ids=[drawn.choice.id for drawn in choices],
        contexts_to_choose=[(one.id, one.title) for one in house.framework.role_contexts] + [(NONE, "None")],
        seniorities=[(each.value, each.value.capitalize()) for each in Seniority],
        needs_to_choose=list(RequirementLevel),
        tab="profile",
    )


@router.get("/roles/{role_id}/history")
def history_page(request: Request, role_id: UUID, someone: Reader, house: HouseHere) -> Response:
    """Show who made which version of a role, when and why."""
    with house.database.unit_of_work(someone.organisation) as work:
        role = kept.role(work, role_id)
        newest = kept.version(work, role_id, None, house.framework)
        stamps = kept.stamps(work, role_id)
        names = {person.id: person.name for person in people(work, with_left=True)}
    changes = dict(enumerate(newest.profile.changes, start=2))
    return pages.render(
        request,
        "employer/role_history.html",
        role=role,
        stamps=stamps,
        names=names,
        changes=changes,
        titles=shared_values(house.framework)["competency_titles"],
        tab="history",
    )


@router.post("/roles/{role_id}/changes")
def change_role(
    request: Request,
    role_id: UUID,
    *,
    someone: Scoper,
    house: HouseHere,
    what: Annotated[str, Form()],
    after: Annotated[str, Form()],
    version: Annotated[int, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Change one value of a profile with its reason: a new version."""
    with house.database.unit_of_work(someone.organisation) as work:
        made = kept.change_profile(
            work,
            role_id,
            [(what, after)],
            by=author(someone),
            reason=reason,
            expected=version,
            framework=house.framework,
        )
    anchor = f"#{line_id(what.removeprefix(NEEDS))}" if what.startswith(NEEDS) else ""
    words = f"Version {made.number} was made."
    return go(request, f"/roles/{role_id}{anchor}", words, undo=f"/roles/{role_id}/undo?version={made.number}")


@router.post("/roles/{role_id}/undo")
def undo_change(request: Request, role_id: UUID, someone: Scoper, house: HouseHere, version: int) -> Response:
    """Take the last change back by a new version."""
    reason = "Taken back right after it was made."
    with house.database.unit_of_work(someone.organisation) as work:
        made = kept.take_change_back(
            work, role_id, by=author(someone), reason=reason, expected=version, framework=house.framework
        )
    return go(request, f"/roles/{role_id}", f"The change was taken back; this is version {made.number}.")


@router.post("/roles/{role_id}/settle")
def settle_blend(
    request: Request, role_id: UUID, someone: Scoper, house: HouseHere, choice: Annotated[str, Form()]
) -> Response:
    """Make the roles that a choice about a blend leads to, and put the blended one away."""
    with house.database.unit_of_work(someone.organisation) as work:
        made = kept.settle_blend(work, role_id, choice, by=author(someone), framework=house.framework)
    if len(made) == 1:
        return go(request, f"/roles/{made[0].id}", "The role was narrowed; the blended one is in the archive.")
    words = f"{len(made)} roles were made; the blended one is in the archive."
    return go(request, "/roles", words)


@router.post("/roles/{role_id}/archive")
def archive_role(request: Request, role_id: UUID, someone: Scoper, house: HouseHere) -> Response:
    """Put a role away."""
    with house.database.unit_of_work(someone.organisation) as work:
        kept.archive_role(work, role_id, by=author(someone))
        title = kept.role(work, role_id).title
    return go(request, "/roles", f"“{title}” was archived.", undo=f"/roles/{role_id}/restore")


@router.post("/roles/{role_id}/restore")
def restore_role(request: Request, role_id: UUID, someone: Scoper, house: HouseHere) -> Response:
    """Bring a role back."""
    with house.database.unit_of_work(someone.organisation) as work:
        kept.restore_role(work, role_id, by=author(someone))
    return go(request, f"/roles/{role_id}", "The role is back.")


@router.get("/roles/{role_id}/assessments")
def assessments_of_role(request: Request, role_id: UUID, someone: Reader, house: HouseHere) -> Response:
    """Show the assessments that were made for a role."""
    with house.database.unit_of_work(someone.organisation) as work:
        role = kept.role(work, role_id)
        found = assessments(work, role=role_id, limit=200)
        counts = counts_of(work, [one.id for one in found])
    return pages.render(
        request, "employer/role_assessments.html", role=role, assessments=found, counts=counts, tab="assessments"
    )
