"""The command that shows the main job: known submissions graded, compared and reported."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import progress_bar, screen, table
from shipworthy.cli.workspaces import known_seed
from shipworthy.core import clock
from shipworthy.core.settings import Settings, read_settings
from shipworthy.framework import load_framework
from shipworthy.grading.abreast import abreast
from shipworthy.grading.entities import Grading, GradingSetup
from shipworthy.grading.operations import grade
from shipworthy.reports.entities import TaskReport
from shipworthy.reports.gradings import task_report
from shipworthy.reports.pages import comparison_html, scorecard_html
from shipworthy.scoring.cards import card_of
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.entities import Task
from shipworthy.tasks.reference_submissions import ReferenceSubmissions

GRADED = ("expert", "solid", "naive")


@dataclass(frozen=True)
class Known:
    """A submission of known quality: its label, its name in the task and the scores expected of it."""

    label: str
    name: str
    expected: tuple[float, float]


def demo(*, seed: int = 7, out: Path = Path("out"), allow_missing: list[str] | None = None) -> int:
    """Grade the references and one attack of every task, compare them, and write a report.

    Example: `shipworthy demo --seed 7`

    Parameters
    ----------
    seed
        Which variant of each task.
    out
        The folder for the evidence and the report.
    allow_missing
        A layer of the sandbox that may be missing; can be given several times.
    """
    known_seed(seed)
    settings = read_settings()
    bootstrap.clean_up(settings)
    allowed = allowed_layers(settings, allow_missing or [])
    catalogue = bootstrap.open_catalogue(settings)
    tasks = [catalogue.load(task_id) for task_id in catalogue.ids()]
    for runtime in sorted({task.manifest.runtime for task in tasks}):
        with progress_bar(f"Runtime {runtime}") as bar:
            bootstrap.ready_runtime(settings, runtime, allowed_missing=allowed, say=bar.say)
    out.mkdir(parents=True, exist_ok=True)
    graded = _graded(_orders(settings, tasks, allowed), seed, out)
    reports = [report for _, report in graded]
    _show(reports)
    _write_pages(out, graded, catalogue)
    complete = all(check.score is not None for report in reports for check in report.checks)
    return ExitCode.DONE if complete else ExitCode.GRADER_ERROR


def _write_pages(out: Path, graded: list[tuple[Grading, TaskReport]], catalogue: Catalogue) -> None:
    """Write the comparison, and what the best of the submissions would get as a scorecard."""
    framework, made_on = load_framework(), clock.today_in_words()
    reports = [report for _, report in graded]
    best = [(grading, report) for grading, report in graded if report.submission_label == GRADED[0]]
    card = card_of([grading for grading, _ in best], framework, catalogue, context="classical_ml")
    pages = {
        "comparison.html": comparison_html(reports, framework, title="Reference submissions compared", made_on=made_on),
        "scorecard.html": scorecard_html(
            card, [report for _, report in best], framework, subject="The expert reference", made_on=made_on
        ),
    }
    for name, page in pages.items():
        (out / name).write_text(page, encoding="utf-8")
    screen.print(f"Report:    {(out / 'comparison.html').resolve()}", soft_wrap=True)
    screen.print(f"Scorecard: {(out / 'scorecard.html').resolve()}", soft_wrap=True)
    screen.print(f"Evidence:  {out.resolve()}/*.evidence.zip", soft_wrap=True)


def allowed_layers(settings: Settings, named: list[str]) -> list[str]:
    """Let the demo go on without a layer, since it runs nothing but the catalogue's own submissions; say so."""
    missing = [layer.layer for layer in bootstrap.known_layers(settings) if not layer.holds]
    unnamed = sorted(set(missing) - set(named))
    if unnamed:
        screen.print(
            f"[yellow]This machine lacks: {', '.join(unnamed)}.[/] `shipworthy sandbox check` says how to get it."
        )
        screen.print(
            "The demo goes on, for it runs only the catalogue's own submissions. Grading others' is refused.\n"
        )
    return [*named, *unnamed]


def known_submissions(task: Task) -> list[Known]:
    """Return the references that the demo grades, and an attack: one that forges a verdict where the task has one."""
    references = {reference.id: reference for reference in task.references}
    known = [Known(name, name, (references[name].overall.low, references[name].overall.high)) for name in GRADED]
    attack = next((attack for attack in task.attacks if "forged" in attack.kind), task.attacks[0])
    ceiling = references[attack.baseline].overall.high
    return [*known, Known(f"attack: {attack.id}", attack.id, (0.0, ceiling))]


@dataclass(frozen=True)
class Order:
    """One grading of the demo."""

    task: Task
    known: Known
    submissions: ReferenceSubmissions
    setup: GradingSetup


def _orders(settings: Settings, tasks: list[Task], allowed: list[str]) -> list[Order]:
    orders = []
    for task in tasks:
        manifest, submissions = task.manifest, ReferenceSubmissions(task)
        setup = bootstrap.grading_setup(settings, manifest.runtime, allowed, live_models=manifest.live_models)
        orders += [Order(task, known, submissions, setup) for known in known_submissions(task)]
    return orders


def _graded(orders: list[Order], seed: int, out: Path) -> list[tuple[Grading, TaskReport]]:
    """Grade over all cores; the order of the result is that of the orders."""
    found: dict[tuple[str, str], Grading] = {}
    with progress_bar("Grading", total=len(orders)) as bar:
        for order, grading in abreast(partial(_grade, seed=seed, out=out), orders):
            task_id, label = order.task.manifest.id, order.known.label
            found[task_id, label] = grading
            bar.step(len(found), len(orders), f"{task_id}, {label}")
    graded = [(order, found[order.task.manifest.id, order.known.label]) for order in orders]
    return [(one, task_report(one, order.task.manifest, expected=order.known.expected)) for order, one in graded]


def _grade(order: Order, *, seed: int, out: Path) -> Grading:
    label = order.known.label
    return grade(
        order.task,
        seed,
        order.submissions.of(order.known.name, seed),
        label=label,
        setup=order.setup,
        bundle=out / f"{order.task.manifest.id}-{label.replace(': ', '-')}.evidence.zip",
    )


def _show(reports: list[TaskReport]) -> None:
    shown = table("Task", "Submission", "Score", "Expected", "Checks passed", title="Reference submissions compared")
    for report in reports:
        low, high = report.expected or (0.0, 1.0)
        passed = sum(check.outcome.value == "passed" for check in report.checks)
        shown.add_row(
            report.task_id,
            report.submission_label,
            "none" if report.weighted_score is None else f"{report.weighted_score:.2f}",
            f"{low:.2f} to {high:.2f}",
            f"{passed} of {len(report.checks)}",
        )
    screen.print(shown)
