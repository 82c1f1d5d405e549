"""The command that proves task packages sound."""

from dataclasses import replace
from pathlib import Path

from rich.markup import escape

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import mark, print_json, progress_bar, screen, table
from shipworthy.core.canonical import JSONValue
from shipworthy.core.settings import Settings, read_settings
from shipworthy.grading.entities import GradingSetup
from shipworthy.tasks.entities import Task
from shipworthy.verification import operations
from shipworthy.verification.entities import FULL, QUICK, TITLES, Extent, Verification

SHOWN_FAULTS = 12


def verify(
    *task: str,
    full: bool = False,
    seeds: int | None = None,
    journal: Path | None = None,
    allow_missing: list[str] | None = None,
    json: bool = False,
) -> int:
    """Prove that task packages measure something: seven gates, tried with their references and attacks.

    Examples: `shipworthy verify` for every task, `shipworthy verify churn-model --full`,
    `shipworthy verify path/to/my-task`

    Parameters
    ----------
    task
        Ids of tasks, or folders of packages; all of the catalogue when none is named.
    full
        Try 200 seeds instead of 3.
    seeds
        Try references on this many seeds.
    journal
        A file that remembers gradings, so that an interrupted verification goes on where it was.
    allow_missing
        A layer of the sandbox that may be missing; can be given several times.
    json
        Print the report as JSON.
    """
    settings = read_settings()
    extent = _extent(full=full, seeds=seeds)
    bootstrap.clean_up(settings)
    reports = [_verified(settings, folder, extent, allow_missing or [], journal) for folder in _folders(settings, task)]
    if json:
        print_json([verification_json(report) for report in reports])
    else:
        for report in reports:
            _show(report)
    return ExitCode.DONE if all(report.holds for report in reports) else ExitCode.ANSWER_IS_NO


def _extent(*, full: bool, seeds: int | None) -> Extent:
    extent = FULL if full else QUICK
    return extent if seeds is None else replace(extent, reference_seeds=tuple(range(1, max(seeds, 1) + 1)))


def _folders(settings: Settings, names: tuple[str, ...]) -> list[Path]:
    catalogue = bootstrap.open_catalogue(settings)
    return [
        Path(name) if (Path(name) / "task.toml").is_file() else catalogue.find(name)
        for name in names or catalogue.ids()
    ]


def _verified(
    settings: Settings, folder: Path, extent: Extent, allow_missing: list[str], journal: Path | None
) -> Verification:
    def setup(task: Task) -> GradingSetup:
        return bootstrap.grading_setup(
            settings, task.manifest.runtime, allow_missing, live_models=task.manifest.live_models
        )

    with progress_bar(f"Verifying {folder.name}") as bar:
        return operations.verify(folder, extent, setup=setup, progress=bar.step, journal=journal)


def verification_json(report: Verification) -> JSONValue:
    """Return a verification for machines."""
    return {
        "task": report.task_id,
        "holds": report.holds,
        "extent": report.extent,
        "seeds": report.seeds,
        "gradings": report.gradings,
        "seconds": round(report.seconds, 1),
        "gates": [
            {
                "gate": gate.gate.value,
                "title": TITLES[gate.gate],
                "verdict": gate.verdict.value,
                "figure": gate.figure,
                "figures": dict(gate.figures),
                "faults": list(gate.faults),
            }
            for gate in report.gates
        ],
    }


def _show(report: Verification) -> None:
    title = f"{report.task_id}: {report.gradings} gradings in {report.seconds:.0f} s, {report.extent}"
    shown = table("Gate", "Verdict", "Figure", title=title)
    for gate in report.gates:
        shown.add_row(TITLES[gate.gate], mark(gate.verdict.value), escape(gate.figure))
    screen.print(shown)
    for gate in report.gates:
        for fault in gate.faults[:SHOWN_FAULTS]:
            screen.print(f"[red]{gate.gate.value}[/] {escape(fault)}", soft_wrap=True)
        if len(gate.faults) > SHOWN_FAULTS:
            screen.print(f"[red]{gate.gate.value}[/] and {len(gate.faults) - SHOWN_FAULTS} more; see --json")
    screen.print()
