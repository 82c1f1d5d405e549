"""A candidate's own report: what was looked at in each task, and what came of it."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from shipworthy.bootstrap import House
from shipworthy.delivery.assessments.operations import assessment
from shipworthy.delivery.entities import SessionTask, SubmissionFacts, Visit
from shipworthy.delivery.operations import session_tasks, submission_of
from shipworthy.grading.jobs.entities import GradingJob, JobState
from shipworthy.grading.jobs.operations import gradings_of
from shipworthy.reports.pages import VERDICT_WORDS
from shipworthy.roles.kept.operations import version
from shipworthy.scoring.candidates import Scorer, standing_of
from shipworthy.scoring.entities import CompetencyScore
from shipworthy.web.candidate.visits import TaskWords, VisitHere, show, words_of_task
from shipworthy.web.who import HouseHere

router = APIRouter()


@dataclass(frozen=True)
class ReportedTask:
    """One task of the report: what was handed in, and the grading as far as it is."""

    task: SessionTask
    words: TaskWords
    submission: SubmissionFacts | None
    grading: GradingJob | None

    @property
    def is_graded(self) -> bool:
        """Whether there are outcomes to show."""
        return self.grading is not None and self.grading.state is JobState.DONE and self.grading.outcome is not None

    @property
    def checks(self) -> list[dict[str, str]]:
        """What was looked at and what came of it, in the words that were written for candidates."""
        outcome = self.grading.outcome if self.grading and self.grading.outcome else {}
        return [dict(check) for check in outcome.get("checks", [])]


@router.get("/session/report")
def report(request: Request, visit: VisitHere, house: HouseHere) -> Response:
    """Show the report, as far as it is."""
    scorer: Scorer = request.app.state.candidates_scorer
    return show(
        request,
        visit,
        "report.html",
        tasks=_reported(visit, house),
        competencies=_competencies(visit, house, scorer),
        verdict_words=VERDICT_WORDS,
    )


def _competencies(visit: Visit, house: House, scorer: Scorer) -> list[CompetencyScore]:
    """Return what the evidence says per competency, for what was assessed; no recommendation, which people make."""
    with house.database.unit_of_work(visit.organisation) as work:
        standing = standing_of(work, visit.invitation.id)
        asked = assessment(work, visit.invitation.assessment)
        asked_for = version(work, asked.role, asked.role_version, house.framework) if standing.bundles else None
    card = scorer.card(standing, asked_for) if asked_for else None
    return [one for one in card.competencies if one.tasks] if card else []


def _reported(visit: Visit, house: House) -> list[ReportedTask]:
    with house.database.unit_of_work(visit.organisation) as work:
        tasks = [task for task in session_tasks(work, visit) if not task.practice]
        gradings = gradings_of(work, [task.id for task in tasks]) if tasks else {}
        return [
            ReportedTask(
                task,
                words_of_task(house, task, task.minutes * visit.time_factor),
                submission_of(work, task),
                gradings.get(task.id),
            )
            for task in tasks
        ]
