"""The command that shows the main job: known submissions graded, compared and reported."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.scorecards import card_of
from shipworthy.cli.screen import Bar, progress_bar, screen, table
from shipworthy.cli.workspaces import known_seed
from shipworthy.core import clock
from shipworthy.core.settings import Settings, read_settings
from shipworthy.framework import load_framework
from shipworthy.grading.entities import Grading
from shipworthy.grading.operations import grade
from shipworthy.reports.entities import TaskReport
from shipworthy.reports.gradings import task_report
from shipworthy.reports.pages import comparison_html, scorecard_html
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
    allowed = _allowed(settings, allow_missing or [])
    catalogue = bootstrap.open_catalogue(settings)
    tasks = [catalogue.load(task_id) for task_id in catalogue.ids()]
    for runtime in sorted({task.manifest.runtime for task in tasks}):
        with progress_bar(f"Runtime {runtime}") as bar:
            bootstrap.ready_runtime(settings, runtime, allowed_missing=allowed, say=bar.say)
    out.mkdir(parents=True, exist_ok=True)
    graded = [pair for task in tasks for pair in _graded(settings, task, seed, out, allowed)]
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


def _allowed(settings: Settings, named: list[str]) -> list[str]:
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


def _graded(
    settings: Settings, task: Task, seed: int, out: Path, allowed: list[str]
) -> list[tuple[Grading, TaskReport]]:
    setup = bootstrap.grading_setup(settings, task.manifest.runtime, allowed, live_models=task.manifest.live_models)
    known = known_submissions(task)
    submissions = ReferenceSubmissions(task)
    graded = []
    with progress_bar(task.manifest.title, total=len(known)) as bar:
        for number, one in enumerate(known):
            bar.step(number, len(known), one.label)
            bundle = out / f"{task.manifest.id}-{one.label.replace(': ', '-')}.evidence.zip"
            submission = submissions.of(one.name, seed)
            grading = grade(
                task,
                seed,
                submission,
                label=one.label,
                setup=setup,
                bundle=bundle,
                announce=partial(_say, bar, one.label),
            )
            graded.append((grading, _report(grading, task, one)))
    return graded


def _say(bar: Bar, label: str, now: str) -> None:
    bar.say(f"{label}: {now}")


def _report(grading: Grading, task: Task, known: Known) -> TaskReport:
    return task_report(grading, task.manifest, expected=known.expected)


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
