"""From gradings to a scorecard, with what the catalogue adds: tasks to take next, and criteria that await review."""

from collections.abc import Iterable, Sequence

from shipworthy.framework import Framework
from shipworthy.grading.entities import Grading
from shipworthy.scoring.entities import AskedRole, CandidateTask, RatedCriterion, Scorecard
from shipworthy.scoring.evidence import records_of
from shipworthy.scoring.rules import score_evidence
from shipworthy.tasks.catalogue import Catalogue


def card_of(
    gradings: Sequence[Grading],
    framework: Framework,
    catalogue: Catalogue,
    *,
    context: str | None = None,
    role: AskedRole | None = None,
) -> Scorecard:
    """Score the evidence of gradings for a role, or for a role context that stands for one.

    Tasks of the catalogue that were not taken are offered as the next ones. Raises as `rules.score_evidence` does.
    """
    records = [record for grading in gradings for record in records_of(grading)]
    taken = {grading.provenance.task_id for grading in gradings}
    return score_evidence(
        records,
        framework,
        context_id=context,
        role=role,
        candidates=_untaken(catalogue, taken),
        criteria=_criteria(catalogue, taken),
    )


def _untaken(catalogue: Catalogue, taken: set[str]) -> list[CandidateTask]:
    manifests = [entry.manifest for entry in catalogue.entries() if entry.manifest]
    return [
        CandidateTask(one.id, one.title, one.minutes, one.competencies, checks=len(one.checks))
        for one in manifests
        if one.id not in taken
    ]


def _criteria(catalogue: Catalogue, taken: Iterable[str]) -> list[RatedCriterion]:
    listed = sorted(set(taken).intersection(catalogue.ids()))
    return [
        RatedCriterion(task_id, one.id, one.title, one.competencies)
        for task_id in listed
        for one in catalogue.load(task_id).rubric.criteria
    ]
