"""What may be asked for: wishes that no blueprint can meet end here, in words."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import isfinite

from shipworthy.framework import Framework, RequirementLevel
from shipworthy.roles.blueprint.entities import LeftOutReason, LeftOutTask, TaskOffer
from shipworthy.roles.blueprint.errors import BlueprintError
from shipworthy.roles.blueprint.wording import listed, spell_minutes
from shipworthy.tasks.fields import suggestion

MOST_MINUTES = 40 * 60
"""A working week: nobody can ask a candidate for more."""


def require_sound_needs(needs: Mapping[str, RequirementLevel], contexts: Iterable[str], framework: Framework) -> None:
    """Raise the framework's `UnknownNameError` for unknown ids, `BlueprintError` where no competency is named."""
    for name in needs:
        framework.competency(name)
    for context_id in contexts:
        framework.role_context(context_id)
    if not needs:
        raise BlueprintError(
            "The role names no competency.", remedy="Say for each competency whether it is required, preferred or not."
        )


def require_sound_limit(limit_minutes: int) -> None:
    """Raise `BlueprintError` unless the limit is a whole number of minutes from one to a working week."""
    if isinstance(limit_minutes, bool) or not isinstance(limit_minutes, int):
        raise BlueprintError(f"The limit is {limit_minutes!r}.", remedy="Give whole minutes, for example 180.")
    if not 1 <= limit_minutes <= MOST_MINUTES:
        raise BlueprintError(
            f"The limit is {limit_minutes} minutes.",
            remedy=f"Give a limit from 1 to {MOST_MINUTES} minutes; most roles do with 180.",
        )


def require_sound_offers(offers: Sequence[TaskOffer], framework: Framework) -> None:
    """Raise `BlueprintError` for offers that cannot be told apart or that no task could have."""
    twice = sorted(name for name, times in Counter(offer.task_id for offer in offers).items() if times > 1)
    if twice:
        raise BlueprintError(f"On offer twice: {listed(twice)}.", remedy="Give every task an id of its own.")
    for offer in offers:
        _require_sound_offer(offer, framework)


def require_known_wishes(
    pinned: Collection[str], excluded: Collection[str], offers: Iterable[TaskOffer], gone: Iterable[LeftOutTask]
) -> None:
    """Raise `BlueprintError` for ids that are not in the catalogue, and for tasks both wanted in and wanted out."""
    known = {offer.task_id for offer in offers} | {task.task_id for task in gone}
    for name in (*pinned, *excluded):
        if name not in known:
            remedy = suggestion(name, known) if known else "No task is on offer at all."
            raise BlueprintError(f"There is no task {name!r} on offer.", remedy=remedy)
    both = sorted(set(pinned) & set(excluded))
    if both:
        raise BlueprintError(f"Wanted both in and out: {listed(both)}.", remedy="Say only one of the two.")


def require_possible_pins(
    pinned: Collection[str], offers: Iterable[TaskOffer], gone: Iterable[LeftOutTask], limit_minutes: int
) -> None:
    """Raise `BlueprintError` where a task that is wanted in cannot be in, or where all of them take too long."""
    for task in gone:
        if task.task_id in pinned:
            remedy = _REMEDIES[task.reason]
            raise BlueprintError(f"The task {task.task_id!r} cannot be in: {task.words}", remedy=remedy)
    minutes = sum(offer.minutes for offer in offers if offer.task_id in pinned)
    if minutes > limit_minutes:
        raise BlueprintError(
            f"The tasks that you want in take {spell_minutes(minutes)}; the limit is {spell_minutes(limit_minutes)}.",
            remedy=f"Raise the limit to {minutes} minutes, or want fewer of them in.",
        )


_REMEDIES = {
    LeftOutReason.NOT_NEEDED: "Leave it out, or call that competency preferred or required.",
    LeftOutReason.OTHER_CONTEXT: "Leave it out, or choose the role context that it is made for.",
    LeftOutReason.EXCLUDED: "Say only one of the two.",
    LeftOutReason.UNSOUND: "Mend the task package: shipworthy verify names its faults.",
}


def _require_sound_offer(offer: TaskOffer, framework: Framework) -> None:
    where = f"The task {offer.task_id!r}"
    if offer.minutes < 1:
        raise BlueprintError(f"{where} takes {offer.minutes} minutes.", remedy="Give it one minute or more.")
    if not offer.competencies:
        raise BlueprintError(f"{where} assesses nothing.", remedy="Give it checks or criteria with competencies.")
    for name in offer.competencies:
        framework.competency(name)
    figures = [check.weight for check in offer.checks]
    if not all(weight > 0.0 and isfinite(weight) for weight in figures):
        raise BlueprintError(f"{where} has a check without weight.", remedy="Weights are finite and above 0.")
