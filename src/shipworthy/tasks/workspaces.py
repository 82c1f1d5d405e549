"""Writes the folder that a candidate works in, and reads which task it belongs to."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shipworthy.tasks.brief import BRIEF, fill_brief, with_conditions
from shipworthy.tasks.entities import Task, Variant
from shipworthy.tasks.errors import WorkspaceError
from shipworthy.tasks.variants import generate_in_subprocess, static_files

NOTE = ".shipworthy.toml"


@dataclass(frozen=True)
class WorkspaceNote:
    """Which task, version, package and variant a workspace was written from."""

    task_id: str
    version: str
    package_digest: str
    seed: int


def workspace_files(task: Task, variant: Variant, seed: int) -> dict[str, bytes]:
    """Return every file of the workspace: starter, public checks, the filled brief, and the note."""
    note = WorkspaceNote(task.manifest.id, task.manifest.version, task.digest, seed)
    return {
        **static_files(task.folder / "starter", ""),
        **variant.starter,
        **static_files(task.folder / "public", "public/"),
        **variant.public,
        BRIEF: with_conditions(fill_brief(task.brief, variant.parameters), task.manifest).encode(),
        NOTE: _spelled(note),
    }


def write_workspace(task: Task, seed: int, folder: Path) -> tuple[str, ...]:
    """Write the workspace of the task's variant for `seed` into a new or empty folder; return the paths written.

    Raises `WorkspaceError` when the folder holds anything, `UnsoundVariantError` when the variant is faulty.
    """
    _expect_empty(folder)
    files = workspace_files(task, generate_in_subprocess(task.folder, seed), seed)
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as opened:
            opened.write(content)
    return tuple(sorted(files))


def read_note(folder: Path) -> WorkspaceNote:
    """Read which task a workspace belongs to. Raises `WorkspaceError` when its note is missing or was changed badly."""
    try:
        values = tomllib.loads((folder / NOTE).read_text(encoding="utf-8"))
        return WorkspaceNote(
            task_id=_expected(values, "task", str),
            version=_expected(values, "version", str),
            package_digest=_expected(values, "package_digest", str),
            seed=_expected(values, "seed", int),
        )
    except FileNotFoundError as fault:
        raise WorkspaceError(
            f"{folder} is no workspace: it has no {NOTE}.", remedy="Name the folder that shipworthy start wrote."
        ) from fault
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as fault:
        raise WorkspaceError(
            f"{folder / NOTE} cannot be read.", remedy="Start the task anew in another folder."
        ) from fault


def _expect_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"{folder} is not empty.", remedy="Name a new folder; nothing of yours is overwritten.")


def _spelled(note: WorkspaceNote) -> bytes:
    lines = [
        "# Written by shipworthy: which variant of which task this folder holds. Leave it as it is.",
        f"task = {json.dumps(note.task_id)}",
        f"version = {json.dumps(note.version)}",
        f"package_digest = {json.dumps(note.package_digest)}",
        f"seed = {note.seed}",
    ]
    return ("\n".join(lines) + "\n").encode()


Kind = TypeVar("Kind", str, int)


def _expected(values: Mapping[str, object], key: str, kind: type[Kind]) -> Kind:
    value = values[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(key)
    return value
