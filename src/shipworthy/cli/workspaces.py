"""Commands that a candidate works with: start a workspace, run the public checks."""

import secrets
from pathlib import Path

from rich.markup import escape

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import mark, print_json, progress_bar, screen, table
from shipworthy.core.errors import BadInputError
from shipworthy.core.settings import read_settings
from shipworthy.grading.entities import Grading, Outcome
from shipworthy.grading.operations import check_publicly
from shipworthy.grading.public_models import has_public_models
from shipworthy.tasks.entities import Task
from shipworthy.tasks.submissions import read_submission
from shipworthy.tasks.workspaces import read_note, write_workspace

SEEDS = 2**31
RUNS_PAGE = "simulated-runs.html"
TIMELINES = "timelines"
"""Under this name the evidence of a check holds timelines."""


def known_seed(seed: int) -> int:
    """Return a seed that names a variant. Raises `BadInputError` for any other number."""
    if not 0 <= seed < SEEDS:
        raise BadInputError(f"There is no variant {seed}.", remedy=f"A seed is a whole number from 0 to {SEEDS - 1}.")
    return seed


def start(task: str, folder: Path, *, seed: int | None = None) -> int:
    """Start a workspace: brief, starter files, public data and public checks of one seeded variant.

    Example: `shipworthy start churn-model work/ada`

    Parameters
    ----------
    task
        The task's id.
    folder
        A new or empty folder.
    seed
        Which variant; drawn at random when it is not given.
    """
    chosen = secrets.randbelow(SEEDS) if seed is None else known_seed(seed)
    settings = read_settings()
    loaded = bootstrap.open_catalogue(settings).load(task)
    with progress_bar(f"Writing the workspace of {task}"):
        written = write_workspace(loaded, chosen, folder)
    screen.print(f"[green]✓[/] {loaded.manifest.title}: {len(written)} files in {folder} (variant {chosen}).")
    screen.print(f"Read {folder / 'brief.md'}; you have {loaded.manifest.minutes} minutes.")
    screen.print(f"Run the public checks with: shipworthy check {folder}")
    if has_public_models(loaded):
        screen.print(f"Try your program against the task's model with: shipworthy model serve {folder}")
    runtime = bootstrap.built_runtime(settings, loaded.manifest.runtime)
    if runtime:
        python = runtime.root / runtime.python
        screen.print(f"The Python that it is run with, with all packages that it may use: {python}", soft_wrap=True)
    return ExitCode.DONE


def check(folder: Path, *, allow_missing: list[str] | None = None, json: bool = False) -> int:
    """Run a task's public checks on a workspace, in the sandbox, as the judge would.

    Passing them all is no promise: the judge looks at more, on other data. Where a check ran a simulation, its runs are
    drawn into `simulated-runs.html` in the workspace.

    Example: `shipworthy check work/ada`

    Parameters
    ----------
    folder
        The workspace that `shipworthy start` wrote.
    allow_missing
        A layer of the sandbox that may be missing; can be given several times.
    json
        Print the outcomes as JSON.
    """
    settings = read_settings()
    note = read_note(folder)
    task = bootstrap.open_catalogue(settings).load(note.task_id)
    setup = bootstrap.grading_setup(
        settings, task.manifest.runtime, allow_missing or [], live_models=task.manifest.live_models
    )
    submission = read_submission(folder, task.manifest.submission)
    with progress_bar("Running the public checks") as bar:
        checked = check_publicly(task, note.seed, submission, setup=setup, announce=bar.say)
    if json:
        print_json([{"check": o.check_id, "outcome": o.outcome.value, "message": o.message} for o in checked.outcomes])
    else:
        _show(task, checked)
        _draw(task, checked, folder)
    if checked.fault:
        return ExitCode.GRADER_ERROR
    passed = all(outcome.outcome is Outcome.PASSED for outcome in checked.outcomes)
    return ExitCode.DONE if passed else ExitCode.ANSWER_IS_NO


def _show(task: Task, checked: Grading) -> None:
    sentences = {check.id: check.sentence for check in task.manifest.public_checks}
    shown = table("Outcome", "What was looked at", "What happened", title=f"Public checks of {task.manifest.title}")
    for outcome in checked.outcomes:
        shown.add_row(mark(outcome.outcome.value), sentences[outcome.check_id], escape(outcome.message))
    screen.print(shown)
    if checked.fault:
        screen.print(f"[yellow]A fault of ours, not of your work:[/] {escape(checked.fault)}")


def _draw(task: Task, checked: Grading, folder: Path) -> None:
    """Write a page with the simulated runs of the checks, where there are any."""
    if not any(TIMELINES in outcome.evidence for outcome in checked.outcomes):
        return
    from shipworthy.cli.runs_page import write_runs  # noqa: PLC0415 - drawing loads what no other check needs

    page = folder / RUNS_PAGE
    if write_runs(page, checked, title=task.manifest.title):
        screen.print(f"The simulated runs are drawn in {page}.", soft_wrap=True)
