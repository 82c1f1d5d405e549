"""Roles and assessments."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from shipworthy.access.entities import Scope
from shipworthy.delivery.assessments import operations as assessments
from shipworthy.integrations.idempotency.operations import Answer
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept import operations as roles
from shipworthy.roles.kept.entities import Place
from shipworthy.web.api.callers import Caller, needs
from shipworthy.web.api.interface import router
from shipworthy.web.api.paging import USUAL, Cursor, Limit, cursor_of, end_of
from shipworthy.web.api.repeating import Key, answer, told
from shipworthy.web.api.shapes import AssessmentPage, AssessmentShape, RoleInFull, RolePage, RoleShape, RoleToScope

Reader = Annotated[Caller, needs(Scope.ROLES_READ)]
Writer = Annotated[Caller, needs(Scope.ROLES_WRITE)]


@router.get("/roles", tags=["roles"])
def list_roles(caller: Reader, limit: Limit = USUAL, cursor: Cursor = None, *, archived: bool = False) -> RolePage:
    """List the roles of the organisation, the newest first; with `archived` those that are put away."""
    end = end_of(cursor)
    with caller.work() as work:
        found = roles.roles(work, archived=archived, after=Place(*end) if end else None, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return RolePage(
        items=[RoleShape.of(role) for role in found[:limit]],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


@router.post("/roles", tags=["roles"], status_code=201, response_model=RoleInFull)
def scope_role(request: Request, caller: Writer, sent: RoleToScope, key: Key = None) -> JSONResponse:
    """Scope a role from a job description, by rules and without a language model. A person should look at it."""

    def scoped(work: Connection) -> Answer:
        document = read_text(sent.description, "from a program")
        role = roles.keep_role(
            work,
            caller.token.organisation,
            document,
            by=caller.author,
            minutes=sent.minutes,
            framework=caller.house.framework,
        )
        return told(201, _in_full(work, caller, role.id))

    return answer(request, caller, key, sent, scoped)


@router.get("/roles/{role}", tags=["roles"])
def show_role(caller: Reader, role: UUID) -> RoleInFull:
    """Show a role with what the newest version of its profile asks."""
    with caller.work() as work:
        return _in_full(work, caller, role)


def _in_full(work: Connection, caller: Caller, role: UUID) -> RoleInFull:
    newest = roles.version(work, role, None, caller.house.framework)
    return RoleInFull.with_profile(roles.role(work, role), newest.profile)


@router.get("/assessments", tags=["assessments"])
def list_assessments(
    caller: Reader, limit: Limit = USUAL, cursor: Cursor = None, role: UUID | None = None
) -> AssessmentPage:
    """List assessments, the newest first, of one role or of all."""
    end = end_of(cursor)
    with caller.work() as work:
        after = Place(*end) if end else None
        found = assessments.assessments(work, role=role, after=after, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return AssessmentPage(
        items=[AssessmentShape.of(one) for one in found[:limit]],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


@router.get("/assessments/{assessment}", tags=["assessments"])
def show_assessment(caller: Reader, assessment: UUID) -> AssessmentShape:
    """Show an assessment with its tasks."""
    with caller.work() as work:
        return AssessmentShape.of(assessments.assessment(work, assessment))
