"""Runs a filled pull request as its author would, in a folder of its own, and returns what it wrote."""

import csv
import io
import json
import sys
import tempfile
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAMS = ("metrics.py", "prepare.py", "evaluate.py")


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """Spell rows as CSV."""
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


@contextmanager
def data_folder(tables: Mapping[str, bytes]) -> Iterator[Path]:
    """Write the data into a folder that is there until the block ends."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "pr").mkdir()
        write_data(folder / "pr", tables)
        yield folder / "pr"


def write_data(folder: Path, tables: Mapping[str, bytes]) -> None:
    """Put data beside the folder of a pull request, over what was there."""
    for file, content in tables.items():
        (folder.parent / "data" / f"{file}.csv").write_bytes(content)


def evaluated(folder: Path, sources: Mapping[str, str]) -> dict[str, Any]:
    """Run evaluate.py and return what it wrote into numbers.json."""
    (folder / "config.toml").write_text(sources["config.toml"])
    _loaded(sources, PROGRAMS)["evaluate"].main(folder)
    written: dict[str, Any] = json.loads((folder / "numbers.json").read_text())
    return written


def drawn(folder: Path, sources: Mapping[str, str]) -> str:
    """Run plot.py over the last evaluation and return the picture."""
    _loaded(sources, ("plot.py",))["plot"].main(folder)
    return (folder / "values.svg").read_text()


def _loaded(sources: Mapping[str, str], programs: tuple[str, ...]) -> dict[str, types.ModuleType]:
    """Execute programs as modules that find each other, and forget them again."""
    modules = {}
    before = {program.removesuffix(".py"): sys.modules.get(program.removesuffix(".py")) for program in programs}
    try:
        for program in programs:
            name = program.removesuffix(".py")
            module = types.ModuleType(name)
            module.__file__ = f"/nowhere/{program}"
            sys.modules[name] = modules[name] = module
            exec(compile(sources[program], program, "exec"), module.__dict__)
    finally:
        for name, known in before.items():
            sys.modules.pop(name, None)
            if known is not None:
                sys.modules[name] = known
    return modules
