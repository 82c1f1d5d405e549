"""Looks at the files of a task package: which there are, how large, and what they hash to."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.tasks.fields import Inspection
from shipworthy.tasks.paths import path_fault

MEBIBYTE = 1024 * 1024
MAX_FILE_MB = 20
MAX_PACKAGE_MB = 100
MAX_FILES = 5000
NEEDED = ("variant.py", "judge.py", "public/check.py")


def inspect_files(folder: Path, inspection: Inspection) -> None:
    """Note missing programs, links and other things that are no ordinary files, unsafe names, and too large files."""
    for needed in NEEDED:
        if not (folder / needed).is_file():
            inspection.add(needed, "", "The file is missing.", "Add it; shipworthy task new writes one to start from.")
    total = 0
    for number, path in enumerate(_entries(folder), start=1):
        relative = path.relative_to(folder).as_posix()
        status = path.lstat()
        fault = _fault(relative, status)
        total += status.st_size
        if fault:
            inspection.add(_shown(relative), "", *fault)
        if number > MAX_FILES or total > MAX_PACKAGE_MB * MEBIBYTE:
            inspection.add(
                "", "", f"The package exceeds {MAX_FILES} files or {MAX_PACKAGE_MB} MB.", "Generate data in variant.py."
            )
            return


def digest_of_package(folder: Path) -> str:
    """Return the SHA-256 over every file's path and content, without what Python caches."""
    contents = {}
    for path in _entries(folder):
        with path.open("rb") as opened:
            relative = path.relative_to(folder).as_posix()
            contents[relative] = hashlib.file_digest(opened, "sha256").hexdigest()
    return digest(canonical_bytes(contents))


def _entries(folder: Path) -> Iterator[Path]:
    """Return everything below the folder that is no ordinary folder, in one order; a link is named, not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in sorted([*names, *links]))


def _fault(relative: str, status: os.stat_result) -> tuple[str, str] | None:
    if stat.S_ISLNK(status.st_mode):
        return "A package holds no symbolic links.", "Put the file itself there."
    if not stat.S_ISREG(status.st_mode):
        return "This is no ordinary file.", "Remove it."
    unsafe = path_fault(relative)
    if unsafe:
        return f"The path {unsafe}.", "Rename it."
    if status.st_size > MAX_FILE_MB * MEBIBYTE:
        return f"The file is larger than {MAX_FILE_MB} MB.", "Generate it in variant.py, or make it smaller."
    return None


def _shown(relative: str) -> str:
    return relative.encode("utf-8", "backslashreplace").decode()
