"""From task packages to offers."""

from collections import Counter
from collections.abc import Sequence

from shipworthy.roles.blueprint.entities import (
    LeftOutReason,
    LeftOutTask,
    OfferedCheck,
    OffersOfCatalogue,
    TaskOffer,
)
from shipworthy.roles.blueprint.wording import counted
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.entities import Criterion, Manifest, Task
from shipworthy.tasks.fields import Inspection
from shipworthy.tasks.rubric import read_rubric


def offer_of(task: Task) -> TaskOffer:
    """Return a loaded task as an offer."""
    return offer_from(task.manifest, task.rubric.criteria)


def offer_from(manifest: Manifest, criteria: Sequence[Criterion] = ()) -> TaskOffer:
    """Return the task of a manifest, and of the criteria that a person rates, as an offer."""
    return TaskOffer(
        task_id=manifest.id,
        title=manifest.title,
        method=manifest.method,
        minutes=manifest.minutes,
        role_contexts=manifest.role_contexts,
        checks=tuple(OfferedCheck(check.weight, dict(check.competencies)) for check in manifest.checks),
        criteria=tuple(dict(criterion.competencies) for criterion in criteria),
    )


def offers_from(catalogue: Catalogue) -> OffersOfCatalogue:
    """Return the tasks of a catalogue as offers, and name the packages whose manifest or rubric is not sound.

    Nothing else is read. A package that is unsound for another reason (a judge or a starting point is missing, its own
    solution fails) is on offer all the same: that is what `shipworthy verify` finds.
    """
    entries = catalogue.entries()
    shelves = Counter(entry.folder.name for entry in entries)
    offers: dict[str, TaskOffer] = {}
    left_out: dict[str, LeftOutTask] = {}
    for entry in entries:
        task_id = entry.folder.name
        if shelves[task_id] > 1:
            left_out[task_id] = _unsound(task_id, f"The task {task_id!r} is there twice.")
            continue
        inspection = Inspection()
        criteria = read_rubric(entry.folder, catalogue.framework.competency_ids, inspection).criteria
        findings = (*entry.findings, *inspection.findings)
        if entry.manifest is None or findings:
            faults = counted(len(findings), "fault")
            left_out[task_id] = _unsound(task_id, f"Its package has {faults}; shipworthy verify names them.")
        else:
            offers[task_id] = offer_from(entry.manifest, criteria)
    return OffersOfCatalogue(
        tuple(offers[task_id] for task_id in sorted(offers)), tuple(left_out[task_id] for task_id in sorted(left_out))
    )


def _unsound(task_id: str, words: str) -> LeftOutTask:
    return LeftOutTask(task_id, task_id, LeftOutReason.UNSOUND, words)
