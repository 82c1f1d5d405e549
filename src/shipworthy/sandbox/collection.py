"""Reading back what a program left in its work folder, without trusting a single name or file of it.

Everything is reached from one open folder by `openat2` beneath it, without symlinks and other devices. It happens after
every process of the sandbox is dead, so nothing can be exchanged between a look and a read.
"""

import os
import stat
from dataclasses import dataclass, field

from shipworthy.sandbox.entities import Collection, RefusedFile
from shipworthy.sandbox.kernel import open_confined

_DEEPEST = 32
_MOST_REFUSED = 100
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NONBLOCK
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
_FIRST_PRINTABLE = 0x20
_DELETE = 0x7F


@dataclass
class _Walk:
    limits: Collection
    files: dict[str, bytes] = field(default_factory=dict)
    refused: list[RefusedFile] = field(default_factory=list)
    seen: int = 0
    bytes_read: int = 0

    @property
    def full(self) -> bool:
        return self.seen > self.limits.files

    def refuse(self, path: bytes, reason: str) -> None:
        if len(self.refused) < _MOST_REFUSED:
            self.refused.append(RefusedFile(printable(path), reason))


def collect(folder: int, limits: Collection) -> tuple[dict[str, bytes], tuple[RefusedFile, ...]]:
    """Return the files beneath the open folder `folder` by relative path, and those refused with the reason.

    Reasons: `symlink`, `hard_link`, `not_regular`, `too_big`, `too_many_files`, `too_deep`, `bad_name`, `unreadable`,
    `other_device`. At most 100 refusals are listed; the walk ends at `limits.files` entries.
    """
    walk = _Walk(limits)
    _visit(folder, b"", 0, walk)
    if walk.full:
        walk.refused.append(RefusedFile("", "too_many_files"))
    return walk.files, tuple(walk.refused)


def printable(path: bytes) -> str:
    """Return the path as text in which everything but printable characters is escaped."""
    return path.decode("utf-8", "backslashreplace").encode("unicode_escape").decode("ascii")[:400]


def is_plain(name: bytes) -> bool:
    """Say whether a name is UTF-8 text without control characters."""
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(ord(letter) >= _FIRST_PRINTABLE and ord(letter) != _DELETE and letter.isprintable() for letter in text)


def _visit(folder: int, prefix: bytes, depth: int, walk: _Walk) -> None:
    for name in _names(folder, walk.limits.files + 1 - walk.seen):
        walk.seen += 1
        if walk.full:
            return
        _take(folder, name, prefix + name, depth, walk)


def _names(folder: int, most: int) -> list[bytes]:
    """Return at most `most` names, sorted, without reading a huge folder to its end."""
    names: list[bytes] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(names) >= most:
                break
            names.append(os.fsencode(entry.name))
    return sorted(names)


def _take(folder: int, name: bytes, path: bytes, depth: int, walk: _Walk) -> None:
    if not is_plain(name):
        walk.refuse(path, "bad_name")
        return
    kind = os.stat(name, dir_fd=folder, follow_symlinks=False)
    reason = _refusal(kind, depth)
    if reason:
        walk.refuse(path, reason)
        return
    try:
        opened = open_confined(folder, name, _FOLDER if stat.S_ISDIR(kind.st_mode) else _FILE)
    except PermissionError:
        walk.refuse(path, "unreadable")
        return
    except OSError:
        walk.refuse(path, "other_device")
        return
    try:
        if stat.S_ISDIR(kind.st_mode):
            _visit(opened, path + b"/", depth + 1, walk)
        else:
            _read_file(opened, path, walk)
    finally:
        os.close(opened)


def _refusal(kind: os.stat_result, depth: int) -> str:
    if stat.S_ISLNK(kind.st_mode):
        return "symlink"
    if stat.S_ISDIR(kind.st_mode):
        return "too_deep" if depth >= _DEEPEST else ""
    if not stat.S_ISREG(kind.st_mode):
        return "not_regular"
    return "hard_link" if kind.st_nlink != 1 else ""


def _read_file(opened: int, path: bytes, walk: _Walk) -> None:
    """Read one file; what was looked at by name is looked at again by descriptor."""
    found = os.fstat(opened)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        walk.refuse(path, "not_regular")
        return
    if found.st_size > walk.limits.total_bytes - walk.bytes_read:
        walk.refuse(path, "too_big")
        return
    with open(opened, "rb", closefd=False) as file:
        content = file.read(found.st_size)
    walk.bytes_read += len(content)
    walk.files[path.decode("utf-8")] = content
