"""Does what a tutorial says, in a folder of its own, and compares what happens with what the page shows.

A page is read in this order of things:

- A block after a line that ends with a path in back ticks and a colon is a file, written as it stands there.
- Where that block is marked `diff`, it changes the file: each run of lines without `…` replaces its old lines once.
- In a `console` block every line after `$ ` is run; the lines below it are what it prints.
- In an `sh` block every line is run, whatever it prints.
- `…` stands for any text within a line and, alone on a line, for any number of lines.

Any other block is prose.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.setups import missing_layers

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 100
REST = "…"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`([\w./-]+)`:\s*\Z")
SANDBOXED = re.compile(r"shipworthy (check|grade|verify)\b")
EXPORTS, WHERE = ".exports", ".where"


@dataclass(frozen=True)
class Written:
    """A file that the page shows."""

    line: int
    path: str
    text: str


@dataclass(frozen=True)
class Changed:
    """A change of a file, as lines that begin with a space, `-` or `+`."""

    line: int
    path: str
    text: str


@dataclass(frozen=True)
class Typed:
    """A command, and what the page shows of its output; nothing where it shows none on purpose."""

    line: int
    command: str
    shown: tuple[str, ...] | None


Step = Written | Changed | Typed


def steps_of(page: str) -> list[Step]:
    """Return what a reader of the page does, in order."""
    return [step for block in FENCE.finditer(page) for step in _steps_of_block(page, block)]


def _steps_of_block(page: str, block: re.Match[str]) -> Iterator[Step]:
    line = page.count("\n", 0, block.start()) + 2
    language, text = block.groups()
    named = NAMED.search(page, 0, block.start())
    if language == "console":
        yield from _typed(text, line)
    elif language == "sh":
        yield from (Typed(line + place, command, None) for place, command in enumerate(text.splitlines()) if command)
    elif named:
        yield (Changed if language == "diff" else Written)(line, named.group(1), text)


def _typed(text: str, line: int) -> Iterator[Typed]:
    lines = text.splitlines()
    starts = [place for place, each in enumerate(lines) if each.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield Typed(line + start, lines[start][2:].split("  #")[0].strip(), tuple(lines[start + 1 : end]))


def follow(page: Path, folder: Path, *, leave_out: str = r"(?!)") -> list[str]:
    """Do everything that a page says within `folder`, but the commands that `leave_out` matches.

    Returns a text for each place where something else happened than the page shows.
    """
    faults: list[str] = []
    for step in steps_of(page.read_text(encoding="utf-8")):
        if isinstance(step, Typed) and re.match(leave_out, step.command):
            continue
        faults += [f"{page.name}, line {step.line}: {fault}" for fault in _done(step, folder)]
    return faults


def _done(step: Step, folder: Path) -> list[str]:
    if isinstance(step, Typed):
        return _run(step, folder)
    place = _where(folder) / step.path
    if isinstance(step, Written):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(step.text, encoding="utf-8")
        return []
    if not place.is_file():
        return [f"there is no {step.path} to change"]
    changed, faults = changed_text(place.read_text(encoding="utf-8"), step.text)
    place.write_text(changed, encoding="utf-8")
    return faults


def changed_text(text: str, change: str) -> tuple[str, list[str]]:
    """Return a text after a change, and what of the change did not fit."""
    faults = []
    for part in re.split(rf"^{REST}\n", change, flags=re.MULTILINE):
        lines = part.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        if text.count(before) != 1:
            faults.append(f"these lines occur {text.count(before)} times, not once:\n{before}")
        text = text.replace(before, "".join(line[1:] for line in lines if line[0] in " +"), 1)
    return text, faults


def _run(step: Typed, folder: Path) -> list[str]:
    done = subprocess.run(
        ["bash", "-c", _script(step.command, folder)],
        cwd=_where(folder),
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    printed = [line.rstrip() for line in done.stdout.replace(f"{folder}/", "").rstrip().splitlines()]
    told = f"`{step.command}` ended with exit code {done.returncode} and printed\n{done.stdout}{done.stderr}"
    answers = {0, 1} if step.command.startswith("shipworthy ") else {0}
    if done.returncode not in answers:
        return [told]
    wrong = None if step.shown is None else first_difference(step.shown, printed)
    return [] if wrong is None else [f"the page shows\n{wrong}\nbut {told}"]


def _script(command: str, folder: Path) -> str:
    """Return a command with what earlier ones exported, and with what later ones need: exports and folder."""
    allowed = "".join(f" --allow-missing {layer}" for layer in missing_layers()) if SANDBOXED.match(command) else ""
    exports, where = (shlex.quote(str(folder / name)) for name in (EXPORTS, WHERE))
    before = f"[ ! -e {exports} ] || . {exports}"
    return f"{before}\n{command}{allowed}\ncode=$?\nexport -p > {exports}\npwd > {where}\nexit $code\n"


def _where(folder: Path) -> Path:
    """Return the folder that the last command ended in."""
    kept = folder / WHERE
    return Path(kept.read_text(encoding="utf-8").rstrip("\n")) if kept.exists() else folder


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHIPWORTHY_LIVE", "PYTEST"))}
    path = f"{ROOT / '.venv' / 'bin'}:{kept.get('PATH', '')}"
    return kept | {"PATH": path, "COLUMNS": str(WIDTH), "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}


def first_difference(shown: Sequence[str], printed: Sequence[str]) -> str | None:
    """Return the first lines of a page that were not printed where the page has them, or nothing."""
    parts = _parts(shown)
    place = 0
    for number, part in enumerate(parts):
        last, first = number == len(parts) - 1, number == 0
        starts = range(place, len(printed) - len(part) + 1)
        if last:
            starts = starts[-1:]
        if first:
            starts = range(place, place + 1) if not last or len(part) == len(printed) else range(0)
        found = next((start for start in starts if _fits(part, printed[start : start + len(part)])), None)
        if found is None:
            return "\n".join(part)
        place = found + len(part)
    return None


def _parts(shown: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in shown:
        if line == REST:
            parts.append([])
        else:
            parts[-1].append(line.rstrip())
    return parts


def _fits(part: Sequence[str], lines: Sequence[str]) -> bool:
    patterns = [".*".join(re.escape(text) for text in _drawn(line).split(REST)) for line in part]
    return len(part) == len(lines) and all(map(re.fullmatch, patterns, map(_drawn, lines)))


def _drawn(line: str) -> str:
    """Return a line without the space that fills a table's cell, which `…` may have changed."""
    return re.sub(" +│", " │", line)
