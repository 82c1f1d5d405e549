"""Writes a new task package that is sound and verifies from the start, to be changed into the author's own."""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from shipworthy.tasks.entities import Method
from shipworthy.tasks.errors import ScaffoldError
from shipworthy.tasks.fields import suggestion

_TEMPLATES = Path(__file__).parent / "templates" / "task"
_SUFFIX = ".template"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PLACE = re.compile(r"@(id|uuid|title|method|author)@")


def scaffold(folder: Path, *, method: str = Method.CODING, title: str = "", author: str = "") -> tuple[str, ...]:
    """Write a complete small package to a new or empty `folder`, whose name becomes the id; return the paths written.

    The example is a function that gives medians of groups: replace brief, variant, judge and references with your own.
    Raises `ScaffoldError` when the name is no id, the method is unknown, or the folder holds anything.
    """
    folder = folder.absolute()
    _expect_sound_place(folder, method)
    values = {
        "id": folder.name,
        "uuid": str(uuid.uuid4()),
        "title": _plain(title) or folder.name.replace("-", " ").capitalize(),
        "method": method,
        "author": _plain(author) or "Name the author",
    }
    try:
        return tuple(_write(folder / path, content, path) for path, content in _filled(values))
    except OSError as fault:
        raise ScaffoldError(
            f"{folder} cannot be written: {fault.strerror}.", remedy="Name a folder that you can write."
        ) from fault


def _expect_sound_place(folder: Path, method: str) -> None:
    known = [entry.value for entry in Method]
    if method not in known:
        raise ScaffoldError(f"There is no method {method!r}.", remedy=suggestion(method, known))
    if not _ID.fullmatch(folder.name):
        raise ScaffoldError(f"{folder.name!r} is no task id.", remedy="Use lower-case words joined by hyphens.")
    if folder.parent.name in known and folder.parent.name != method:
        raise ScaffoldError(
            f"The folder {folder.parent.name} is for tasks of that method, not {method}.",
            remedy=f"Choose the method {folder.parent.name}, or a folder below {folder.parent.parent / method}.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScaffoldError(f"{folder} is not empty.", remedy="Name a new folder; nothing of yours is overwritten.")


def _write(place: Path, content: str, path: str) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(content, encoding="utf-8")
    return path


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
