"""Which tasks of a catalogue may be chosen for a role, and why the others may not."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from shipworthy.framework import Framework, RequirementLevel
from shipworthy.roles.blueprint.entities import LeftOutReason, LeftOutTask, TaskOffer
from shipworthy.roles.blueprint.wording import listed


def sort_offers(
    offers: Iterable[TaskOffer],
    needs: Mapping[str, RequirementLevel],
    contexts: Sequence[str],
    excluded: Collection[str],
    framework: Framework,
) -> tuple[tuple[TaskOffer, ...], tuple[LeftOutTask, ...]]:
    """Return the tasks that may be chosen and those that may not, both sorted by id.

    A task is out where it is excluded, where it is made for none of `contexts` (no context given: every task will
    do), or where it speaks of a competency that is not needed or not named in `needs`.
    """
    choosable: list[TaskOffer] = []
    left_out: list[LeftOutTask] = []
    for offer in sorted(offers, key=lambda offer: offer.task_id):
        reason = _reason(offer, needs, contexts, excluded, framework)
        if reason is None:
            choosable.append(offer)
        else:
            left_out.append(LeftOutTask(offer.task_id, offer.title, *reason))
    return tuple(choosable), tuple(left_out)


def _reason(
    offer: TaskOffer,
    needs: Mapping[str, RequirementLevel],
    contexts: Sequence[str],
    excluded: Collection[str],
    framework: Framework,
) -> tuple[LeftOutReason, str] | None:
    if offer.task_id in excluded:
        return LeftOutReason.EXCLUDED, "You asked for it to be left out."
    if contexts and not set(contexts) & set(offer.role_contexts):
        titles = listed(_context_title(name, framework) for name in offer.role_contexts) or "no role context"
        return LeftOutReason.OTHER_CONTEXT, f"It is made for {titles}, not for this role."
    wrong = [name for name in offer.competencies if needs.get(name) in {None, RequirementLevel.NOT_NEEDED}]
    if wrong:
        titles = listed(framework.competency(name).title for name in framework.competency_ids if name in wrong)
        return LeftOutReason.NOT_NEEDED, f"It assesses {titles}, which this role does not need."
    return None


def _context_title(context_id: str, framework: Framework) -> str:
    known = context_id in framework.role_context_ids
    return framework.role_context(context_id).title if known else context_id
