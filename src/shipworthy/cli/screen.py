"""What people see in a terminal: tables, verdicts, progress. Nothing here decides anything."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from shipworthy.core.canonical import JSONValue

screen = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

MARKS = {
    "passed": "[green]✓ passed[/]",
    "failed": "[red]✗ failed[/]",
    "grader_error": "[yellow]! grader error[/]",
    "holds": "[green]✓ holds[/]",
    "fails": "[red]✗ fails[/]",
    "not_tried": "[yellow]- not tried[/]",
    "demonstrated": "[green]✓ demonstrated[/]",
    "not_yet": "[red]✗ not yet[/]",
    "insufficient_evidence": "[yellow]? insufficient evidence[/]",
}


def mark(word: str) -> str:
    """Return an outcome or verdict with a sign, so that colour is never the only difference."""
    return MARKS.get(word, escape(word))


def print_json(value: JSONValue) -> None:
    """Print a value for machines on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n")


def table(*columns: str, title: str = "") -> Table:
    """Return an empty table in the house's style."""
    made = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold", pad_edge=False)
    for name in columns:
        made.add_column(name, overflow="fold", justify="right" if name in {"Score", "Seconds", "Minutes"} else "left")
    return made


class Bar:
    """A progress bar on standard error, so that standard output stays clean for what was asked for."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def step(self, done: int, total: int, now: str) -> None:
        """Show that `done` of `total` are done, and what is being done now."""
        self._progress.update(self._task, completed=done, total=total, now=escape(now[:60]))

    def say(self, now: str) -> None:
        """Show what is being done now."""
        self._progress.update(self._task, now=escape(now[:60]))


@contextmanager
def progress_bar(title: str, total: int | None = None) -> Iterator[Bar]:
    """Show a progress bar while something long goes on; it goes away at the end."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[now]}[/]"),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        yield Bar(progress, progress.add_task(escape(title), total=total, now=""))
