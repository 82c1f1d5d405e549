"""Says why a blueprint is what it is: everything here is computed from the chosen tasks, nothing is guessed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil

from shipworthy.framework import Framework, RequirementLevel
from shipworthy.roles.blueprint.entities import (
    Blueprint,
    ChosenTask,
    CompetencyCoverage,
    EvidenceKind,
    Firmness,
    LackingEvidence,
    LeftOutReason,
    LeftOutTask,
    TaskOffer,
    WithoutLimit,
)
from shipworthy.roles.blueprint.evidence import THOUSANDTHS, Ground, Standing, needed_worth
from shipworthy.roles.blueprint.wording import counted, listed, spell_minutes
from shipworthy.tasks.entities import Method

KIND_WORDS = {EvidenceKind.EXECUTED: "executed checks", EvidenceKind.HUMAN: "ratings by a person"}

Places = frozenset[int]


@dataclass(frozen=True)
class Drawing:
    """What was asked for, what was chosen within the limit and with none; sets are places in `ground.offers`."""

    ground: Ground
    needs: Mapping[str, RequirementLevel]
    framework: Framework
    contexts: tuple[str, ...]
    limit_minutes: int
    pinned: frozenset[str]
    chosen: Places
    unlimited: Places
    left_out: tuple[LeftOutTask, ...]

    def title(self, competency_id: str) -> str:
        """Return the title of a competency."""
        return self.framework.competency(competency_id).title

    def method_title(self, method: Method) -> str:
        """Return the title of a method, in lower case for use within a sentence."""
        known = method.value in self.framework.method_ids
        return self.framework.method(method.value).title.lower() if known else method.value.replace("_", " ")


def explain(drawing: Drawing) -> Blueprint:
    """Return the blueprint with its reasons."""
    methods = methods_of(drawing.ground, drawing.chosen)
    without_limit = _without_limit(drawing)
    coverage = tuple(_coverage(drawing, name) for name in drawing.needs)
    return Blueprint(
        limit_minutes=drawing.limit_minutes,
        minutes=_minutes(drawing.ground, drawing.chosen),
        context_ids=drawing.contexts,
        rule=drawing.ground.rule,
        tasks=tuple(_chosen_task(drawing, place) for place in _in_order(drawing)),
        methods_used=methods,
        methods_missing=tuple(method for method in Method if method not in methods),
        coverage=coverage,
        without_limit=without_limit,
        left_out=drawing.left_out,
        notes=tuple(_notes(drawing, without_limit)),
    )


def methods_of(ground: Ground, chosen: Collection[int]) -> tuple[Method, ...]:
    """Return the methods of the chosen tasks, in the order of `Method`."""
    used = {ground.offers[place].method for place in chosen}
    return tuple(method for method in Method if method in used)


def _minutes(ground: Ground, chosen: Collection[int]) -> int:
    return sum(ground.offers[place].minutes for place in chosen)


def _in_order(drawing: Drawing) -> list[int]:
    offers = drawing.ground.offers

    def rank(place: int) -> tuple[int, int, str]:
        return -len(_needed_for(drawing, place)), offers[place].minutes, offers[place].task_id

    return sorted(drawing.chosen, key=rank)


def _needed_for(drawing: Drawing, place: int) -> tuple[str, ...]:
    ground = drawing.ground
    return tuple(name for name in ground.required if place in ground.evidence[name])


# Why a task is in


def _chosen_task(drawing: Drawing, place: int) -> ChosenTask:
    offer = drawing.ground.offers[place]
    needed_for = _needed_for(drawing, place)
    only = sum(drawing.ground.offers[other].method is offer.method for other in drawing.chosen) == 1
    lost = _lost_without(drawing, place)
    pinned = offer.task_id in drawing.pinned
    return ChosenTask(
        task_id=offer.task_id,
        title=offer.title,
        method=offer.method,
        minutes=offer.minutes,
        pinned=pinned,
        needed_for=needed_for,
        only_of_method=only,
        lost_without=lost,
        why=_why(drawing, offer, needed_for, pinned=pinned, only=only),
    )


def _why(drawing: Drawing, offer: TaskOffer, needed_for: tuple[str, ...], *, pinned: bool, only: bool) -> str:
    parts = ["You asked for it"] if pinned else []
    if needed_for:
        parts.append(f"Evidence on {listed(drawing.title(name) for name in needed_for)}")
    else:
        preferred = [name for name in drawing.ground.preferred if name in offer.competencies]
        parts.append(f"Evidence on what is preferred: {listed(drawing.title(name) for name in preferred)}")
    if only:
        parts.append(f"the only task by the method {drawing.method_title(offer.method)}")
    return "; ".join(parts) + "."


def _lost_without(drawing: Drawing, place: int) -> tuple[str, ...]:
    ground = drawing.ground
    rest = drawing.chosen - {place}
    gone = [method for method in methods_of(ground, drawing.chosen) if method not in methods_of(ground, rest)]
    losses = [f"No task by the method {drawing.method_title(method)}." for method in gone]
    names = [name for name in (*ground.required, *ground.preferred) if place in ground.evidence[name]]
    return (*losses, *(loss for name in names for loss in [_loss(drawing, name, rest)] if loss))


def _loss(drawing: Drawing, name: str, rest: Places) -> str:
    """Say what becomes of a competency without the task; nothing where it stays firm."""
    ground = drawing.ground
    before, after = ground.standing(name, drawing.chosen), ground.standing(name, rest)
    if ground.is_firm(name, rest):
        return ""
    if not after.tasks:
        return f"{drawing.title(name)}: no evidence at all."
    if ground.is_firm(name, drawing.chosen):
        return f"{drawing.title(name)}: no firm word ({_short(drawing, name, after)})."
    return f"{drawing.title(name)}: {counted(after.tasks, 'task')} instead of {before.tasks}."


# What is covered


def _coverage(drawing: Drawing, name: str) -> CompetencyCoverage:
    need = drawing.needs[name]
    if need is RequirementLevel.NOT_NEEDED:
        reason = "Not needed, so never assessed."
        return CompetencyCoverage(name, drawing.title(name), need, 0, 0.0, (), (), Firmness.NONE, reason)
    ground = drawing.ground
    now = ground.standing(name, drawing.chosen)
    firmness = _firmness(ground, name, drawing.chosen, now)
    return CompetencyCoverage(
        competency_id=name,
        title=drawing.title(name),
        need=need,
        tasks=now.tasks,
        effective_n=now.effective_n,
        kinds=tuple(sorted(now.kinds)),
        kinds_on_offer=tuple(sorted(ground.kinds_on_offer(name))),
        firmness=firmness,
        reason=_reason(drawing, name, now, firmness),
    )


def _firmness(ground: Ground, name: str, chosen: Places, now: Standing) -> Firmness:
    if not now.tasks:
        return Firmness.NONE
    return Firmness.FIRM if ground.is_firm(name, chosen) else Firmness.PARTIAL


def _reason(drawing: Drawing, name: str, now: Standing, firmness: Firmness) -> str:
    having = drawing.ground.evidence[name]
    if firmness is Firmness.NONE:
        on_offer = counted(len(having), "task speaks", "tasks speak")
        return f"{on_offer} of it, none chosen." if having else "No task on offer speaks of it."
    if firmness is Firmness.PARTIAL:
        return f"Not enough for a firm word: {_short(drawing, name, now)}."
    kinds = listed(KIND_WORDS[kind] for kind in sorted(now.kinds))
    return f"{counted(now.tasks, 'task')} with {kinds}, worth {now.effective_n:.1f} independent observations."


def _short(drawing: Drawing, name: str, now: Standing) -> str:
    """Say what a firm word still needs."""
    rule = drawing.ground.rule
    parts = [] if now.tasks >= rule.min_tasks else [f"{now.tasks} of {rule.min_tasks} tasks"]
    if now.effective_n < rule.min_effective_n:
        parts.append(f"worth {now.effective_n:.1f} of {rule.min_effective_n:g} independent observations")
    elif now.worth < needed_worth(rule):
        alone = now.worth / THOUSANDTHS
        parts.append(f"its tasks one by one are worth {alone:.1f} of {rule.min_effective_n:g} independent observations")
    if len(now.kinds) < drawing.ground.kinds_needed[name]:
        missing = [kind for kind in EvidenceKind if kind in drawing.ground.kinds_on_offer(name) - now.kinds]
        parts.append(f"no {listed(KIND_WORDS[kind] for kind in missing)}")
    return ", ".join(parts)


# What would help


def _without_limit(drawing: Drawing) -> WithoutLimit:
    ground = drawing.ground
    firm = tuple(name for name in ground.required if ground.is_firm(name, drawing.unlimited))
    offered = methods_of(ground, range(len(ground.offers)))
    return WithoutLimit(
        minutes=_minutes(ground, drawing.unlimited),
        task_ids=tuple(ground.offers[place].task_id for place in sorted(drawing.unlimited)),
        firm=firm,
        lacking=tuple(_lacking(drawing, name) for name in ground.required if name not in firm),
        methods_missing=tuple(method for method in Method if method not in offered),
    )


def _lacking(drawing: Drawing, name: str) -> LackingEvidence:
    """Say what the tasks on offer, all together, still lack."""
    ground, title = drawing.ground, drawing.title(name)
    everything = ground.standing(name, range(len(ground.offers)))
    missing = max(_tasks_missing(ground, everything), 0)
    if not everything.tasks:
        words = f"No task on offer speaks of it; {counted(missing, 'task')} of usual size would do."
    elif missing:
        have = counted(everything.tasks, "task")
        worth = f"worth {everything.effective_n:.1f} independent observations"
        words = f"{have} on offer, {worth}; at least {missing} more."
    else:
        words = "Its tasks weigh too unevenly to make three that count; a task that speaks mainly of it would help."
        missing = 1
    return LackingEvidence(name, title, missing, words)


def _tasks_missing(ground: Ground, everything: Standing) -> int:
    """Return how many more tasks a competency needs at least, if the new ones are worth as much as those on offer.

    With no task on offer it is the least number of tasks.
    """
    rule = ground.rule
    by_count = rule.min_tasks - everything.tasks
    if not everything.worth:
        return max(by_count, 1)
    short = needed_worth(rule) - min(everything.worth, ceil(everything.effective_n * THOUSANDTHS))
    return max(by_count, ceil(short * everything.tasks / everything.worth))


def _notes(drawing: Drawing, without_limit: WithoutLimit) -> list[str]:
    notes = [_note_on_offers(drawing), _note_on_needs(drawing), _note_on_time(drawing, without_limit)]
    if not drawing.chosen and drawing.ground.offers:
        shortest = min(offer.minutes for offer in drawing.ground.offers)
        if shortest > drawing.limit_minutes:
            notes.append(f"No task fits: the shortest takes {spell_minutes(shortest)}.")
    absent = [drawing.method_title(method) for method in without_limit.methods_missing]
    if absent and drawing.ground.offers:
        notes.append(f"No task on offer for this role has the method {listed(absent)}.")
    others = sum(task.reason is LeftOutReason.OTHER_CONTEXT for task in drawing.left_out)
    if others:
        notes.append(f"{counted(others, 'task is', 'tasks are')} made for another role context and not on offer.")
    return [note for note in notes if note]


def _note_on_offers(drawing: Drawing) -> str:
    if drawing.ground.offers:
        return ""
    return "No task is on offer for this role." if drawing.left_out else "The catalogue has no task."


def _note_on_needs(drawing: Drawing) -> str:
    if drawing.ground.required:
        return ""
    if drawing.ground.preferred:
        return "No competency is required, so the blueprint only looks for methods and preferred evidence."
    return "No competency is required or preferred, so there is nothing to assess."


def _note_on_time(drawing: Drawing, without_limit: WithoutLimit) -> str:
    if without_limit.minutes <= drawing.limit_minutes:
        return ""
    what = "say all they can"
    if without_limit.firm:
        count = counted(len(without_limit.firm), "required competency", "required competencies")
        what = f"allow a firm word about {count}"
    needed, limit = spell_minutes(without_limit.minutes), spell_minutes(drawing.limit_minutes)
    return f"In {needed} the tasks on offer would {what}; the limit is {limit}."
