"""Candidates side by side on one version of a role: as a page, as CSV and as PDF."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response

from shipworthy.access.entities import Person
from shipworthy.core import clock
from shipworthy.core.errors import BadInputError
from shipworthy.delivery.assessments import operations
from shipworthy.reports.comparisons import Comparison, compare_candidates
from shipworthy.reports.pages import shared_values
from shipworthy.reports.papers import comparison_pdf
from shipworthy.reports.roles import NEED_WORDS
from shipworthy.reports.spreadsheets import comparison_csv
from shipworthy.roles.kept import operations as kept
from shipworthy.scoring.candidates import Scorer
from shipworthy.web import pages
from shipworthy.web.employer.candidate_page import attachment, compared, dossier_of
from shipworthy.web.employer.desk import Scoper, ScorerHere, address
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere

router = APIRouter()

MOST_BESIDE = 12
Who = Annotated[list[UUID] | None, Query()]


@router.post("/assessments/{assessment_id}/compare")
def choose(
    request: Request, assessment_id: UUID, _someone: Scoper, who: Annotated[list[UUID] | None, Form()] = None
) -> Response:
    """Go to the comparison of those who were ticked."""
    return go(request, address(f"/assessments/{assessment_id}/compare", who=list(dict.fromkeys(who or []))))


@router.get("/assessments/{assessment_id}/compare")
def compare_page(
    request: Request,
    assessment_id: UUID,
    *,
    someone: Scoper,
    house: HouseHere,
    scorer: ScorerHere,
    who: Who = None,
    version: int | None = None,
) -> Response:
    """Show candidates side by side, all held against the same version of the profile."""
    chosen = _chosen(who)
    with house.database.unit_of_work(someone.organisation) as work:
        assessment = operations.assessment(work, assessment_id)
        counts = operations.counts_of(work, [assessment_id])[assessment_id]
        versions = [stamp.number for stamp in kept.stamps(work, assessment.role)]
    number = version if version in versions else assessment.role_version
    comparison = _comparison(house, someone, scorer, assessment_id, chosen=chosen, number=number) if chosen else None
    here = address(f"/assessments/{assessment_id}/compare", who=chosen, version=number)
    values: dict[str, Any] = {
        "assessment": assessment,
        "counts": counts,
        "comparison": comparison,
        "chosen": chosen,
        "versions": versions,
        "number": number,
        "csv": here.replace("/compare?", "/compare.csv?"),
        "pdf": here.replace("/compare?", "/compare.pdf?"),
        "most": MOST_BESIDE,
        "NEED_WORDS": NEED_WORDS,
        "tab": "",
        **shared_values(house.framework),
    }
    return pages.render(request, "employer/compare.html", **values)


def _chosen(who: list[UUID] | None) -> list[UUID]:
    chosen = list(dict.fromkeys(who or []))
    if len(chosen) > MOST_BESIDE:
        raise BadInputError(
            f"{len(chosen)} candidates do not fit side by side.", remedy=f"Go back and tick at most {MOST_BESIDE}."
        )
    return chosen


def _comparison(
    house: HouseHere, someone: Person, scorer: Scorer, assessment_id: UUID, *, chosen: list[UUID], number: int | None
) -> Comparison:
    with house.database.unit_of_work(someone.organisation) as work:
        assessment = operations.assessment(work, assessment_id)
        version = kept.version(work, assessment.role, number or assessment.role_version, house.framework)
        found = [dossier_of(work, one, house) for one in chosen]
    foreign = [one for one in found if one.assessment.role != assessment.role]
    if foreign:
        raise BadInputError("These candidates were invited for different roles.", remedy="Compare those of one role.")
    beside = [compared(one, scorer.card(one.standing, version)) for one in found]
    return compare_candidates(version, beside, house.framework)


@router.get("/assessments/{assessment_id}/compare.csv")
def compare_csv(
    assessment_id: UUID,
    *,
    someone: Scoper,
    house: HouseHere,
    scorer: ScorerHere,
    who: Who = None,
    version: int | None = None,
) -> Response:
    """Give a comparison as CSV."""
    comparison = _comparison(house, someone, scorer, assessment_id, chosen=_chosen(who), number=version)
    return attachment(comparison_csv(comparison), "text/csv; charset=utf-8", "comparison.csv")


@router.get("/assessments/{assessment_id}/compare.pdf")
def compare_pdf(
    assessment_id: UUID,
    *,
    someone: Scoper,
    house: HouseHere,
    scorer: ScorerHere,
    who: Who = None,
    version: int | None = None,
) -> Response:
    """Give a comparison as a PDF."""
    comparison = _comparison(house, someone, scorer, assessment_id, chosen=_chosen(who), number=version)
    return attachment(comparison_pdf(comparison, made_at=clock.now()), "application/pdf", "comparison.pdf")
