"""Reads a submission from a folder that may change while it is read, and that may hold links and devices.

Every folder is opened relative to the one above, without following links; what a name stood for is decided only by
looking at what was opened.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shipworthy.tasks.entities import SubmissionRules
from shipworthy.tasks.errors import SubmissionRefusedError
from shipworthy.tasks.intake import CHUNK, Intake, shown
from shipworthy.tasks.paths import MAX_DEPTH, reaches_below

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def read_folder(folder: Path, rules: SubmissionRules) -> Intake:
    """Read the files that count below `folder`. Raises `SubmissionRefusedError`."""
    intake = Intake(rules)
    with _closing(_opened_root(folder)) as descriptor:
        _read_below(descriptor, "", intake)
    return intake


def _opened_root(folder: Path) -> int:
    try:
        return os.open(folder, _FOLDER)
    except OSError as fault:
        raise SubmissionRefusedError(
            f"{folder} cannot be opened: {fault.strerror}.", remedy="Name a folder that you can read."
        ) from fault


def _read_below(descriptor: int, prefix: str, intake: Intake) -> None:
    for name, mode in _listed(descriptor, intake):
        path = prefix + name
        if stat.S_ISDIR(mode):
            _read_subfolder(descriptor, name, path, intake)
        elif intake.counts(path):
            _read_file(descriptor, name, path, intake)
        elif stat.S_ISLNK(mode) and reaches_below(intake.rules.paths, path):
            raise _changed_or_linked(path)
        else:
            intake.ignore(path)


def _listed(descriptor: int, intake: Intake) -> list[tuple[str, int]]:
    listed = []
    with os.scandir(descriptor) as entries:
        for entry in entries:
            intake.see()
            try:
                listed.append((entry.name, entry.stat(follow_symlinks=False).st_mode))
            except FileNotFoundError:
                continue
    return sorted(listed)


def _read_subfolder(descriptor: int, name: str, path: str, intake: Intake) -> None:
    if not reaches_below(intake.rules.paths, path):
        intake.ignore(path + "/")
        return
    if path.count("/") >= MAX_DEPTH:
        raise SubmissionRefusedError(
            f"The folder {shown(path)} is nested too deep.", remedy=f"Nest at most {MAX_DEPTH} folders."
        )
    with _closing(_opened(descriptor, name, path, _FOLDER | os.O_NOFOLLOW)) as below:
        _read_below(below, path + "/", intake)


def _read_file(descriptor: int, name: str, path: str, intake: Intake) -> None:
    """Look at what the name stands for before opening it (a device may act when opened), and again after."""
    _expect_ordinary(path, _status(descriptor, name, path))
    with _closing(_opened(descriptor, name, path, _FILE)) as opened:
        status = os.fstat(opened)
        _expect_ordinary(path, status)
        intake.expect_room(path, status.st_size)
        intake.take(path, _chunks(opened))


def _status(descriptor: int, name: str, path: str) -> os.stat_result:
    try:
        return os.stat(name, dir_fd=descriptor, follow_symlinks=False)
    except OSError as fault:
        raise _changed_or_linked(path) from fault


def _expect_ordinary(path: str, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise _changed_or_linked(path)
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionRefusedError(f"{shown(path)} is no ordinary file.", remedy="Remove it.")
    if status.st_nlink > 1:
        raise SubmissionRefusedError(
            f"{shown(path)} is a hard link: the same file has another name as well.", remedy="Put a copy there instead."
        )


def _chunks(descriptor: int) -> Iterator[bytes]:
    while chunk := os.read(descriptor, CHUNK):
        yield chunk


def _opened(descriptor: int, name: str, path: str, flags: int) -> int:
    try:
        return os.open(name, flags, dir_fd=descriptor)
    except PermissionError as fault:
        raise SubmissionRefusedError(f"{shown(path)} may not be read.", remedy="Allow reading it.") from fault
    except OSError as fault:
        raise _changed_or_linked(path) from fault


def _changed_or_linked(path: str) -> SubmissionRefusedError:
    return SubmissionRefusedError(
        f"{shown(path)} is a symbolic link, or changed while it was read.",
        remedy="Put the file itself there, and leave the folder alone until it is handed in.",
    )


@contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)
