"""Says which bytes a built runtime is."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

RECORD = "built.json"


def digest_of_folder(root: Path) -> tuple[str, int]:
    """Return the SHA-256 over every file's path, executable bit and content, and the size of all files in bytes.

    Symbolic links count with their target. Compiled files and the record of the build itself do not count: a
    compiler may spell the same source in more than one way.
    """
    total = 0
    whole = hashlib.sha256()
    for path in _files(root):
        relative = path.relative_to(root).as_posix()
        if path.is_symlink():
            whole.update(f"{relative}\0link\0{os.readlink(path)}\n".encode("utf-8", "surrogateescape"))
            continue
        status = path.stat()
        total += status.st_size
        if relative == RECORD or path.suffix == ".pyc":
            continue
        with path.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
        bit = "x" if status.st_mode & 0o100 else "-"
        whole.update(f"{relative}\0{bit}\0{content}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest(), total


def _files(root: Path) -> Iterator[Path]:
    found = []
    for folder, _folders, names in os.walk(root):
        found += [Path(folder, name) for name in names]
    return iter(sorted(found))
