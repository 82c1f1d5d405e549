"""The pages of one candidate: where the invitation stands, the session's timeline, and the scorecard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from shipworthy.access.entities import Access, Person
from shipworthy.core import clock
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.assessments import operations
from shipworthy.delivery.assessments.candidate_list import CandidateLine
from shipworthy.delivery.assessments.entities import Assessment
from shipworthy.delivery.entities import Accommodation, SessionEvent
from shipworthy.delivery.rules import OPEN, TIME_FACTORS
from shipworthy.grading.entities import Grading
from shipworthy.grading.jobs.operations import retry_stopped
from shipworthy.reports.comparisons import ComparedCandidate, Comparison, compare_candidates
from shipworthy.reports.entities import TaskReport
from shipworthy.reports.gradings import stored_report
from shipworthy.reports.pages import shared_values
from shipworthy.reports.papers import scorecard_pdf
from shipworthy.roles.kept import operations as kept
from shipworthy.roles.kept.entities import RoleVersion
from shipworthy.scoring.candidates import CandidateStanding, Scorer, standing_of
from shipworthy.scoring.entities import Scorecard
from shipworthy.web import pages
from shipworthy.web.employer.candidates import STATE_WORDS
from shipworthy.web.employer.desk import Reader, Scoper, ScorerHere
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere

router = APIRouter()

EVENT_WORDS = {
    "session_started": "Agreed, and began the session",
    "device_confirmed": "Confirmed a device",
    "task_started": "Started a task",
    "opened": "Opened a task",
    "saved": "Saved",
    "uploaded": "Uploaded a workspace",
    "upload_undone": "Took an upload back",
    "workspace_fetched": "Fetched the workspace",
    "checked": "Ran the public checks",
    "reloaded": "Loaded the page again",
    "second_tab": "Opened a second tab",
    "conflict": "Met a conflict of two tabs",
    "reconnected": "Was offline, and came back",
    "handed_in": "Handed in",
    "closed": "Time ran out",
    "withdrawn": "Withdrew",
}
TASK_WORDS = {
    "waiting": ("waits", "Not begun"),
    "running": ("going", "Working"),
    "handed_in": ("done", "Handed in"),
    "closed": ("ended", "Time ran out"),
    "withdrawn": ("ended", "Withdrew"),
}
GRADING_WORDS = {
    "waiting": ("waits", "Waits to be graded"),
    "running": ("going", "Being graded"),
    "done": ("done", "Graded"),
    "stopped": ("fault", "Our fault"),
    "cancelled": ("ended", "Not graded"),
}


@dataclass(frozen=True)
class Moment:
    """One line of a timeline: what happened, with which task, from when to when, and how often in a row."""

    words: str
    task: str
    first: datetime
    last: datetime
    times: int


@dataclass(frozen=True)
class Dossier:
    """All that the pages of one candidate show."""

    line: CandidateLine
    assessment: Assessment
    standing: CandidateStanding
    version: RoleVersion


def dossier_of(work: Connection, invitation: UUID, house: HouseHere) -> Dossier:
    """Return all that is known of a candidate of an assessment. Raises `NoSuchInvitationError`."""
    found = delivery.invitation(work, invitation)
    assessment = operations.assessment(work, found.assessment)
    return Dossier(
        operations.line_of(work, invitation),
        assessment,
        standing_of(work, invitation),
        kept.version(work, assessment.role, assessment.role_version, house.framework),
    )


@router.get("/candidates/{invitation_id}")
def candidate_page(
    request: Request, invitation_id: UUID, someone: Reader, house: HouseHere, scorer: ScorerHere
) -> Response:
    """Show where a candidate stands; to those who may read scorecards, in short what the evidence says."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = dossier_of(work, invitation_id, house)
        session = found.standing.session
        events = delivery.timeline(work, session.id) if session else []
        granted = _granted(work, invitation_id, someone)
    titles = _titles(scorer, found.standing)
    card = scorer.card(found.standing, found.version) if someone.may(Access.HIRING_MANAGER) else None
    values: dict[str, Any] = {
        "found": found,
        "card": card,
        "titles": titles,
        "moments": moments(events, titles),
        "granted": granted,
        "is_open": found.line.state in OPEN,
        "can_extend": found.line.state in OPEN or found.line.state.value == "expired",
        "earliest": max(clock.now(), found.line.expires_at) + timedelta(days=1),
        "most_factor": TIME_FACTORS[1],
        "task_words": TASK_WORDS,
        "grading_words": GRADING_WORDS,
        "tab": "overview",
        **shared_values(house.framework),
    }
    return pages.render(request, "employer/candidate.html", **values)


def _granted(work: Connection, invitation: UUID, someone: Person) -> Accommodation | None:
    """Return other conditions, to those only who may grant them."""
    return delivery.accommodation(work, invitation) if someone.may(Access.RECRUITER) else None


def _titles(scorer: Scorer, standing: CandidateStanding) -> dict[UUID, str]:
    known = scorer.manifests()
    ids = {one.task.id: one.task.task_id for one in standing.tasks}
    return {key: known[task_id].title if task_id in known else task_id for key, task_id in ids.items()}


def moments(events: Sequence[SessionEvent], titles: dict[UUID, str]) -> list[Moment]:
    """Return the lines of a timeline; the same thing several times in a row is one line."""
    lines: list[Moment] = []
    for event in events:
        words = EVENT_WORDS.get(event.kind.value, event.kind.value.replace("_", " ").capitalize())
        task = (titles.get(event.session_task) or "Practice") if event.session_task else ""
        before = lines[-1] if lines else None
        if before and (before.words, before.task) == (words, task):
            lines[-1] = Moment(words, task, before.first, event.at, before.times + 1)
        else:
            lines.append(Moment(words, task, event.at, event.at, 1))
    return lines


@router.get("/candidates/{invitation_id}/scorecard")
def scorecard_page(
    request: Request, invitation_id: UUID, someone: Scoper, house: HouseHere, scorer: ScorerHere
) -> Response:
    """Show the whole scorecard: intervals, verdicts, and the checks that they rest on."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = dossier_of(work, invitation_id, house)
    card = scorer.card(found.standing, found.version)
    values: dict[str, Any] = {
        "found": found,
        "card": card,
        "tasks": reports_of(found.standing, scorer),
        "subject": found.line.name,
        "tab": "scorecard",
        **shared_values(house.framework),
    }
    return pages.render(request, "employer/scorecard_page.html", **values)


def reports_of(standing: CandidateStanding, scorer: Scorer) -> tuple[TaskReport, ...]:
    """Return what a scorecard shows of every graded task."""
    return tuple(_report(scorer.grading(bundle), bundle, scorer) for bundle in standing.bundles)


def _report(grading: Grading, bundle: str, scorer: Scorer) -> TaskReport:
    return stored_report(grading, scorer.manifests().get(grading.provenance.task_id), bundle_digest=bundle)


def compared(found: Dossier, card: Scorecard | None) -> ComparedCandidate:
    """Return a candidate as comparisons show them."""
    return ComparedCandidate(
        name=found.line.name,
        email=found.line.email,
        state=STATE_WORDS[found.line.state.value][1],
        card=card,
        is_final=found.standing.is_final,
        link=f"/candidates/{found.line.invitation}",
    )


@router.get("/candidates/{invitation_id}/scorecard.pdf")
def scorecard_paper(invitation_id: UUID, someone: Scoper, house: HouseHere, scorer: ScorerHere) -> Response:
    """Give the scorecard as a PDF."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = dossier_of(work, invitation_id, house)
    card = scorer.card(found.standing, found.version)
    if card is None:
        return Response("Nothing is graded yet.\n", 404, media_type="text/plain")
    alone: Comparison = compare_candidates(found.version, [compared(found, card)], house.framework)
    made = scorecard_pdf(card, alone, subject=found.line.name, made_at=clock.now())
    return attachment(made, "application/pdf", "scorecard.pdf")


def attachment(content: bytes | str, kind: str, name: str) -> Response:
    """Return a file that the browser saves; the name is ours, so that nothing of a candidate's stands in a header."""
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/candidates/{invitation_id}/gradings/{job_id}/retry")
def retry(request: Request, invitation_id: UUID, job_id: UUID, someone: Scoper, house: HouseHere) -> Response:
    """Have a grading tried again that stopped through our fault."""
    with house.database.unit_of_work(someone.organisation) as work:
        standing = standing_of(work, invitation_id)
        if job_id not in {one.job.id for one in standing.tasks if one.job}:
            delivery.invitation(work, invitation_id)
            return pages.render(
                request,
                "error.html",
                status=404,
                what="There is no such grading.",
                remedy="Go back to the candidate.",
                reference="",
            )
        retry_stopped(work, job_id, someone.actor)
    return go(request, f"/candidates/{invitation_id}", "The grading waits in the queue again.")
