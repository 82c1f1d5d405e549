"""Builds the two reports: a scorecard, and a comparison of several gradings of the same tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shipworthy.framework.entities import Framework
from shipworthy.grading.entities import Outcome
from shipworthy.reports import charts, wording
from shipworthy.reports.entities import CheckReport, TaskReport
from shipworthy.reports.timelines import picture_of
from shipworthy.scoring.entities import Recommendation, Scorecard, Source, Verdict

VERDICT_WORDS = {
    Verdict.DEMONSTRATED: "Demonstrated",
    Verdict.NOT_YET: "Not yet",
    Verdict.INSUFFICIENT_EVIDENCE: "Insufficient evidence",
}
RECOMMENDATION_WORDS = {
    Recommendation.RECOMMENDED: "Recommended",
    Recommendation.NOT_RECOMMENDED: "Not recommended",
    Recommendation.INSUFFICIENT_EVIDENCE: "Insufficient evidence",
}
RECOMMENDATION_TONES = {
    Recommendation.RECOMMENDED: Verdict.DEMONSTRATED,
    Recommendation.NOT_RECOMMENDED: Verdict.NOT_YET,
    Recommendation.INSUFFICIENT_EVIDENCE: Verdict.INSUFFICIENT_EVIDENCE,
}
OUTCOME_WORDS = {
    Outcome.PASSED: "Passed",
    Outcome.FAILED: "Failed",
    Outcome.GRADER_ERROR: "Our fault",
}
KIND_WORDS = {Source.EXECUTED: "executed checks", Source.HUMAN: "reviewers' ratings"}


@dataclass(frozen=True)
class ComparedTask:
    """One task and every submission of it; `rows` pairs each check with what came of it, None where it is not there."""

    task_id: str
    title: str
    method: str
    submissions: tuple[TaskReport, ...]
    rows: tuple[tuple[CheckReport, tuple[CheckReport | None, ...]], ...]


def scorecard_html(
    scorecard: Scorecard, tasks: Sequence[TaskReport], framework: Framework, *, subject: str, made_on: str = ""
) -> str:
    """Return the scorecard of `subject` (a name or a pseudonym) as one HTML file; `made_on` is a date in words."""
    return render_page(
        "scorecard.html", framework, card=scorecard, tasks=tuple(tasks), subject=subject, made_on=made_on
    )


def comparison_html(
    tasks: Sequence[TaskReport], framework: Framework, *, title: str = "Comparison of submissions", made_on: str = ""
) -> str:
    """Return several gradings of the same tasks side by side as one HTML file, tasks and submissions in their order."""
    return render_page("comparison.html", framework, title=title, compared=compare(tasks), made_on=made_on)


def runs_html(checks: Sequence[CheckReport], framework: Framework, *, title: str) -> str:
    """Return the simulated runs that checks hold as one HTML file; checks without any are left out."""
    shown = [(check.sentence, check.message, check.timelines) for check in checks if check.timelines]
    return render_page("runs.html", framework, checks=shown, title=title)


def compare(tasks: Sequence[TaskReport]) -> tuple[ComparedTask, ...]:
    """Group gradings by task, and line their checks up."""
    groups: dict[str, list[TaskReport]] = {}
    for task in tasks:
        groups.setdefault(task.task_id, []).append(task)
    return tuple(_compared(group) for group in groups.values())


def _compared(group: list[TaskReport]) -> ComparedTask:
    found = [{check.check_id: check for check in task.checks} for task in group]
    first: dict[str, CheckReport] = {}
    for checks in found:
        for check_id, check in checks.items():
            first.setdefault(check_id, check)
    rows = tuple((check, tuple(checks.get(check_id) for checks in found)) for check_id, check in first.items())
    return ComparedTask(group[0].task_id, group[0].title, group[0].method, tuple(group), rows)


def render_page(template: str, framework: Framework, **values: object) -> str:
    """Return a template of this package filled with values; every text among them is escaped and made visible."""
    return _environment().get_template(template).render(**shared_values(framework), **values)


def shared_values(framework: Framework) -> dict[str, object]:
    """Return what every template of this package is given besides its own values."""
    return {
        "framework": framework,
        "competency_titles": {entry.id: entry.title for entry in framework.competencies},
        "method_titles": {entry.id: entry.title for entry in framework.methods},
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    equip(environment)
    return environment


def equip(environment: Environment) -> None:
    """Give an environment what the templates of this package use; every text is made visible from then on."""
    environment.finalize = wording.finalize
    environment.filters |= {
        "clip": wording.clip,
        "points": wording.points,
        "percent": wording.percent,
        "context_tone": charts.tone_of,
        "moment": wording.moment,
        "share": charts.percent_of,
        "values_to_show": wording.shown_values,
    }
    environment.globals |= {
        "anchor": wording.anchor,
        "is_brief": wording.is_brief,
        "interval_chart": charts.interval_chart_svg,
        "bar_chart": charts.bar_chart_svg,
        "picture_of": picture_of,
        "VERDICT_WORDS": VERDICT_WORDS,
        "RECOMMENDATION_WORDS": RECOMMENDATION_WORDS,
        "RECOMMENDATION_TONES": RECOMMENDATION_TONES,
        "OUTCOME_WORDS": OUTCOME_WORDS,
        "KIND_WORDS": KIND_WORDS,
    }
