"""Commands that grade a submission and replay its evidence."""

from pathlib import Path

from rich.markup import escape

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import mark, print_json, progress_bar, screen, table
from shipworthy.cli.workspaces import known_seed
from shipworthy.core.canonical import JSONValue
from shipworthy.core.errors import BadInputError
from shipworthy.core.settings import read_settings
from shipworthy.grading import operations
from shipworthy.grading.bundle import open_bundle
from shipworthy.grading.entities import Grading, Outcome, Replay
from shipworthy.grading.rules import competency_scores, live_words, task_score
from shipworthy.tasks.submissions import read_submission
from shipworthy.tasks.workspaces import NOTE, read_note


def grade(
    submission: Path,
    *,
    task: str | None = None,
    seed: int | None = None,
    bundle: Path | None = None,
    allow_missing: list[str] | None = None,
    json: bool = False,
) -> int:
    """Grade a submission, a folder or a zip, and keep the evidence.

    A workspace knows its task and variant; for anything else name both.

    Examples: `shipworthy grade work/ada` or `shipworthy grade ada.zip --task churn-model --seed 7`

    Parameters
    ----------
    submission
        The folder or zip that was handed in.
    task
        The task's id; read from the workspace when it is not given.
    seed
        The variant; read from the workspace when it is not given.
    bundle
        Where the evidence goes; by default beside the submission, named for task and variant.
    allow_missing
        A layer of the sandbox that may be missing, which the evidence then says; can be given several times.
    json
        Print the grading as JSON.
    """
    settings = read_settings()
    task_id, variant = _which(submission, task, seed)
    loaded = bootstrap.open_catalogue(settings).load(task_id)
    handed_in = read_submission(submission, loaded.manifest.submission)
    setup = bootstrap.grading_setup(
        settings, loaded.manifest.runtime, allow_missing or [], live_models=loaded.manifest.live_models
    )
    place = bundle or submission.resolve().parent / f"{submission.resolve().stem}-{task_id}-{variant}.evidence.zip"
    bootstrap.clean_up(settings)
    with progress_bar(f"Grading {submission.name}") as bar:
        grading = operations.grade(
            loaded, variant, handed_in, label=submission.name, setup=setup, bundle=place, announce=bar.say
        )
    if json:
        print_json(grading_json(grading))
    else:
        show_grading(grading)
    return ExitCode.GRADER_ERROR if grading.fault else ExitCode.DONE


def _which(submission: Path, task: str | None, seed: int | None) -> tuple[str, int]:
    if task is not None and seed is not None:
        return task, known_seed(seed)
    if not (submission / NOTE).is_file():
        raise BadInputError(
            f"{submission} does not say which task and variant it belongs to.",
            remedy="Name both, as in: shipworthy grade SUBMISSION --task churn-model --seed 7",
        )
    note = read_note(submission)
    if task not in {None, note.task_id} or seed not in {None, note.seed}:
        raise BadInputError(
            f"{submission} is a workspace of {note.task_id}, variant {note.seed}.",
            remedy="Leave out --task and --seed, or name both.",
        )
    return note.task_id, note.seed


def grading_json(grading: Grading) -> JSONValue:
    """Return a grading for machines."""
    provenance = grading.provenance
    return {
        "task": provenance.task_id,
        "seed": provenance.seed,
        "label": grading.label,
        "score": task_score(grading.rules, grading.outcomes),
        "competencies": competency_scores(grading.rules, grading.outcomes),
        "checks": [
            {
                "check": outcome.check_id,
                "outcome": outcome.outcome.value,
                "score": outcome.score,
                "message": outcome.message,
                "evidence": dict(outcome.evidence),
                "measurements": dict(outcome.measurements),
            }
            for outcome in grading.outcomes
        ],
        "ignored": list(grading.ignored),
        "fault": grading.fault,
        "replayable": provenance.replayable,
        "live_models": list(provenance.live_models),
        "bundle": str(grading.bundle) if grading.bundle else None,
    }


def show_grading(grading: Grading) -> None:
    """Print the checks of a grading with their messages, and the score."""
    sentences = {rule.id: rule.sentence for rule in grading.rules}
    provenance = grading.provenance
    shown = table("Outcome", "Score", "Check", "What happened")
    for outcome in grading.outcomes:
        score = "-" if outcome.score is None else f"{outcome.score:.2f}"
        shown.add_row(mark(outcome.outcome.value), score, sentences[outcome.check_id], escape(outcome.message))
    screen.print(f"[bold]{escape(grading.label)}[/] on {provenance.task_id}, variant {provenance.seed}")
    screen.print(shown)
    total = task_score(grading.rules, grading.outcomes)
    screen.print(f"Weighted score {'none' if total is None else f'{total:.3f}'}; a person decides what it means.")
    if grading.ignored:
        names = ", ".join(grading.ignored[:8]) + (" …" if len(grading.ignored) > 8 else "")
        screen.print(f"[dim]Left aside, because they are not part of the submission: {escape(names)}[/]")
    if grading.fault:
        screen.print(f"[yellow]A fault of ours:[/] {escape(grading.fault)}")
    if provenance.allowed_missing:
        screen.print(f"[yellow]Graded without: {', '.join(provenance.allowed_missing)}; the evidence says so.[/]")
    if provenance.live_models:
        screen.print(f"[yellow]Not replayable:[/] {escape(live_words(provenance.live_models))}")
    if grading.bundle:
        screen.print(f"Evidence: {grading.bundle}", soft_wrap=True)


def replay(bundle: Path, *, json: bool = False) -> int:
    """Judge the recorded evidence of a bundle again, without running the submission, and compare the bytes.

    Example: `shipworthy replay work/ada-churn-model-7.evidence.zip`

    Parameters
    ----------
    bundle
        The evidence that `shipworthy grade` wrote.
    json
        Print the comparison as JSON.
    """
    settings = read_settings()
    with open_bundle(bundle) as opened:
        task_id = opened.grading.provenance.task_id
    task = bootstrap.open_catalogue(settings).load(task_id)
    with progress_bar(f"Replaying {bundle.name}") as bar:
        replayed = operations.replay(bundle, task, data_folder=settings.data_folder, announce=bar.say)
    if json:
        print_json(_replay_json(replayed))
    elif replayed.same:
        checks = sum(outcome.outcome is not Outcome.GRADER_ERROR for outcome in replayed.grading.outcomes)
        screen.print(f"[green]✓[/] The same bytes: {checks} checks of {task_id} follow from the recorded evidence.")
    else:
        screen.print(f"[red]✗[/] Not the same: {', '.join(replayed.differing) or 'the measurements'} differ.")
        screen.print(escape(replayed.grading.fault))
    live = replayed.grading.provenance.live_models
    if live and not json:
        screen.print(f"[yellow]Not replayable:[/] {escape(live_words(live))}")
    return ExitCode.DONE if replayed.same else ExitCode.ANSWER_IS_NO


def _replay_json(replayed: Replay) -> JSONValue:
    provenance = replayed.grading.provenance
    return {
        "same": replayed.same,
        "differing": list(replayed.differing),
        "fault": replayed.grading.fault,
        "replayable": provenance.replayable,
        "live_models": list(provenance.live_models),
    }
