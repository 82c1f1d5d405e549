"""Writes a new task package that is sound and verifies from the start, to be changed into the author's own."""

import json
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from shipworthy.tasks.entities import Method
from shipworthy.tasks.errors import ScaffoldError

_TEMPLATES = Path(__file__).parent / "templates" / "task"
_SUFFIX = ".template"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PLACE = re.compile(r"@(id|uuid|title|method|author)@")


def scaffold(catalogue: Path, task_id: str, method: Method, *, title: str = "", author: str = "") -> Path:
    """Write a complete small package to `catalogue/<method>/<task_id>/` and return that folder.

    The example is a function that gives medians of groups: replace brief, variant, judge and references with your own.
    Raises `ScaffoldError` when the id is malformed or the folder exists.
    """
    if not _ID.fullmatch(task_id):
        raise ScaffoldError(f"{task_id!r} is no task id.", remedy="Use lower-case words joined by hyphens.")
    folder = catalogue / method.value / task_id
    if folder.exists():
        raise ScaffoldError(f"{folder} is there already.", remedy="Choose another id, or remove the folder.")
    values = {
        "id": task_id,
        "uuid": str(uuid.uuid4()),
        "title": _plain(title) or task_id.replace("-", " ").capitalize(),
        "method": method.value,
        "author": _plain(author) or "Name the author",
    }
    try:
        for path, content in _filled(values):
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content, encoding="utf-8")
    except OSError as fault:
        shutil.rmtree(folder, ignore_errors=True)
        raise ScaffoldError(
            f"{folder} cannot be written: {fault.strerror}.", remedy="Name a writable folder."
        ) from fault
    return folder


def _filled(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    quoted = {name: json.dumps(value)[1:-1] for name, value in values.items()}
    for template in sorted(_TEMPLATES.rglob(f"*{_SUFFIX}")):
        path = template.relative_to(_TEMPLATES).as_posix().removesuffix(_SUFFIX)
        fitting = quoted if path.endswith(".toml") else values
        yield path, _fill(template.read_text(encoding="utf-8"), fitting)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place.group(1)], text)


def _plain(text: str) -> str:
    """Return the text on one line, without braces that would make a place of a brief."""
    return " ".join(text.replace("{", "(").replace("}", ")").split())
