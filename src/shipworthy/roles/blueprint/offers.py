"""From task packages to offers."""

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
from shipworthy.tasks.errors import UnknownTaskError, UnsoundPackageError


def offer_of(task: Task) -> TaskOffer:
    """Return a loaded task as an offer."""
    return offer_from(task.manifest, task.criteria)


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
    """Return every sound task of a catalogue as an offer, and name the packages that are not sound."""
    offers: list[TaskOffer] = []
    left_out: list[LeftOutTask] = []
    for task_id in sorted(set(catalogue.ids())):
        try:
            offers.append(offer_of(catalogue.load(task_id)))
        except UnsoundPackageError as error:
            faults = counted(len(error.findings), "fault")
            left_out.append(_unsound(task_id, f"Its package has {faults}; shipworthy verify names them."))
        except UnknownTaskError as error:
            left_out.append(_unsound(task_id, error.what))
    return OffersOfCatalogue(tuple(offers), tuple(left_out))


def _unsound(task_id: str, words: str) -> LeftOutTask:
    return LeftOutTask(task_id, task_id, LeftOutReason.UNSOUND, words)
