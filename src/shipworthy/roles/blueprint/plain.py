"""Blueprints as plain JSON values."""

from shipworthy.core.canonical import JSONValue
from shipworthy.roles.blueprint.entities import (
    Blueprint,
    ChosenTask,
    CompetencyCoverage,
    LackingEvidence,
    LeftOutTask,
    WithoutLimit,
)

DECIMALS = 6


def blueprint_to_json(blueprint: Blueprint) -> dict[str, JSONValue]:
    """Return a blueprint as a JSON object that `core.canonical` can spell.

    `limit_minutes`, `minutes`: whole minutes. `contexts`: ids. `rule`: `min_tasks`, `min_kinds`, `min_effective_n`,
    `rho`. `tasks`, in the order to take them: `task`, `title`, `method`, `minutes`, `pinned`, `needed_for`
    (competency ids), `only_of_method`, `lost_without` (sentences), `why`. `methods`: `used` and `missing`, ids.
    `coverage`, per competency in the framework's order: `competency`, `title`, `need` (required, preferred,
    not_needed), `tasks`, `effective_n` (rounded to six decimals), `kinds` and `kinds_on_offer` (executed, human),
    `firmness` (firm, partial, none), `reason`. `without_limit`: `minutes`, `tasks`, `firm`, `lacking` (`competency`,
    `title`, `tasks_missing`, `words`), `methods_missing`. `left_out`: `task`, `title`, `reason`
    (not_needed_competency, other_context, excluded, unsound), `words`. `notes`: sentences.
    """
    rule = blueprint.rule
    return {
        "limit_minutes": blueprint.limit_minutes,
        "minutes": blueprint.minutes,
        "contexts": list(blueprint.context_ids),
        "rule": {
            "min_tasks": rule.min_tasks,
            "min_kinds": rule.min_kinds,
            "min_effective_n": round(rule.min_effective_n, DECIMALS),
            "rho": round(rule.rho, DECIMALS),
        },
        "tasks": [_task(task) for task in blueprint.tasks],
        "methods": {
            "used": [method.value for method in blueprint.methods_used],
            "missing": [method.value for method in blueprint.methods_missing],
        },
        "coverage": [_coverage(entry) for entry in blueprint.coverage],
        "without_limit": _without_limit(blueprint.without_limit),
        "left_out": [_left_out(task) for task in blueprint.left_out],
        "notes": list(blueprint.notes),
    }


def _task(task: ChosenTask) -> dict[str, JSONValue]:
    return {
        "task": task.task_id,
        "title": task.title,
        "method": task.method.value,
        "minutes": task.minutes,
        "pinned": task.pinned,
        "needed_for": list(task.needed_for),
        "only_of_method": task.only_of_method,
        "lost_without": list(task.lost_without),
        "why": task.why,
    }


def _coverage(entry: CompetencyCoverage) -> dict[str, JSONValue]:
    return {
        "competency": entry.competency_id,
        "title": entry.title,
        "need": entry.need.value,
        "tasks": entry.tasks,
        "effective_n": round(entry.effective_n, DECIMALS),
        "kinds": [kind.value for kind in entry.kinds],
        "kinds_on_offer": [kind.value for kind in entry.kinds_on_offer],
        "firmness": entry.firmness.value,
        "reason": entry.reason,
    }


def _without_limit(entry: WithoutLimit) -> dict[str, JSONValue]:
    return {
        "minutes": entry.minutes,
        "tasks": list(entry.task_ids),
        "firm": list(entry.firm),
        "lacking": [_lacking(lack) for lack in entry.lacking],
        "methods_missing": [method.value for method in entry.methods_missing],
    }


def _lacking(lack: LackingEvidence) -> dict[str, JSONValue]:
    return {
        "competency": lack.competency_id,
        "title": lack.title,
        "tasks_missing": lack.tasks_missing,
        "words": lack.words,
    }


def _left_out(task: LeftOutTask) -> dict[str, JSONValue]:
    return {"task": task.task_id, "title": task.title, "reason": task.reason.value, "words": task.words}
