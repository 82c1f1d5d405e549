"""The command that makes a scorecard from several gradings."""

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import mark, print_json, screen, table
from shipworthy.core import clock
from shipworthy.core.errors import BadInputError
from shipworthy.core.settings import read_settings
from shipworthy.framework import load_framework
from shipworthy.grading.bundle import open_bundle
from shipworthy.grading.entities import Grading
from shipworthy.reports.gradings import task_report
from shipworthy.reports.pages import scorecard_html
from shipworthy.scoring.cards import card_of
from shipworthy.scoring.entities import CompetencyScore, RatedCriterion, Scorecard
from shipworthy.scoring.evidence import attempt_of
from shipworthy.scoring.plain import scorecard_to_json


def scorecard(
    *bundles: Path,
    context: str | None = None,
    subject: str = "The candidate",
    html: Path | None = None,
    json: bool = False,
) -> int:
    """Make a scorecard from the evidence of several gradings of one person.

    Per competency it says demonstrated, not yet or insufficient evidence, with a 90 % interval. A named person decides.

    Example: `shipworthy scorecard work/*.evidence.zip --context classical_ml --html scorecard.html`

    Parameters
    ----------
    bundles
        The evidence that `shipworthy grade` wrote, all of one person.
    context
        The role context to recommend for: classical_ml, llm_genai or research.
    subject
        Who the scorecard is about: a name or a pseudonym.
    html
        Also write a report to this file.
    json
        Print the scorecard as JSON.
    """
    catalogue, framework = bootstrap.open_catalogue(read_settings()), load_framework()
    gradings = _gradings(bundles)
    card = card_of(gradings, framework, catalogue, context=context)
    if html:
        tasks = [task_report(grading, catalogue.load(grading.provenance.task_id).manifest) for grading in gradings]
        page = scorecard_html(card, tasks, framework, subject=subject, made_on=clock.today_in_words())
        html.write_text(page, encoding="utf-8")
    if json:
        print_json(scorecard_to_json(card))
    else:
        show_scorecard(card, subject)
        if html:
            screen.print(f"Report: {html}", soft_wrap=True)
    return ExitCode.DONE


def _gradings(bundles: Sequence[Path]) -> list[Grading]:
    if not bundles:
        raise BadInputError("No evidence was named.", remedy="Name the bundles that `shipworthy grade` wrote.")
    found: dict[str, Grading] = {}
    for path in bundles:
        with open_bundle(path) as bundle:
            earlier = found.setdefault(attempt_of(bundle.grading), bundle.grading)
        if earlier is not bundle.grading:
            raise BadInputError(
                f"{path.name} holds the same attempt as {earlier.bundle.name if earlier.bundle else 'another bundle'}.",
                remedy="Name every attempt once; counting it twice would feign certainty.",
            )
    return list(found.values())


def show_scorecard(card: Scorecard, subject: str) -> None:
    """Print a scorecard: the competencies with evidence, those without, and the recommendation for the role."""
    seen = [one for one in card.competencies if one.score is not None]
    unseen = [one.title for one in card.competencies if one.score is None and one.requirement is not None]
    screen.print(_competency_table(seen, subject))
    for one in seen:
        screen.print(f"[bold]{one.title}[/] {escape(' '.join(one.reasons))}")
    if unseen:
        screen.print(f"Nothing was observed yet, which is not a zero, for: {', '.join(unseen)}.")
    if card.role:
        screen.print(f"\n[bold]{card.role.title}[/]: {mark(card.role.recommendation.value)}")
        screen.print(escape(" ".join(card.role.reasons)))
        screen.print(card.role.decides)
    _show_awaiting(card.awaiting)
    for note in card.notes:
        screen.print(f"[dim]{escape(note)}[/]")


def _show_awaiting(awaiting: Sequence[RatedCriterion]) -> None:
    if not awaiting:
        return
    screen.print("\n[bold]Awaiting review[/] by a person; nothing is counted for it until then:")
    for task_id in dict.fromkeys(one.task_id for one in awaiting):
        titles = "; ".join(one.title for one in awaiting if one.task_id == task_id)
        screen.print(f"  {task_id}: {escape(titles)}", soft_wrap=True)


def _competency_table(scores: Sequence[CompetencyScore], subject: str) -> Table:
    shown = table("Competency", "Verdict", "Score", "90 % interval", "Tasks", title=f"Scorecard of {escape(subject)}")
    for one in scores:
        interval = f"{one.interval.low:.2f} to {one.interval.high:.2f}"
        shown.add_row(one.title, mark(one.verdict.value), f"{one.score:.2f}", interval, str(one.tasks))
    return shown
