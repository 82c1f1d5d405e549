"""Carries along the shared libraries that a copied binary needs and that a plain system does not have."""

import os
import shutil
from pathlib import Path

from shipworthy.runtimes.elf import Linkage, read_linkage, rewrite_run_path
from shipworthy.runtimes.errors import RuntimeBuildError

SYSTEM_FOLDERS = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
"""Where a sandbox shows the system's own libraries."""


def gather_libraries(root: Path, binaries: list[tuple[Path, Path]]) -> None:
    """Copy what each (original, copy) in `binaries` finds through its run path into `root/lib`.

    The copies look there first from then on. A relocated interpreter would otherwise take the system's `libpython`
    of another build without a word, and lose modules such as `_ssl`.
    """
    waiting = list(binaries)
    while waiting:
        original, copy = waiting.pop()
        linkage = read_linkage(copy)
        if linkage is None or not linkage.run_path:
            continue
        found = _carried(original, linkage)
        if found:
            _look_beside(copy, linkage, root / "lib")
        waiting += [(library, _copied(library, name, root / "lib")) for name, library in found if _new(name, root)]


def _carried(original: Path, linkage: Linkage) -> list[tuple[str, Path]]:
    origin = str(original.resolve().parent)
    folders = [Path(entry.replace("$ORIGIN", origin)) for entry in linkage.run_path.split(":") if entry]
    found = []
    for name in linkage.needs:
        library = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if library is not None and not str(library.resolve()).startswith(SYSTEM_FOLDERS):
            found.append((name, library))
    return found


def _new(name: str, root: Path) -> bool:
    return not (root / "lib" / name).exists()


def _copied(library: Path, name: str, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    shutil.copy2(library.resolve(), folder / name)
    (folder / name).chmod(0o755)
    return folder / name


def _look_beside(copy: Path, linkage: Linkage, folder: Path) -> None:
    wanted = "$ORIGIN/" + os.path.relpath(folder, copy.parent) if folder != copy.parent else "$ORIGIN"
    if wanted not in linkage.run_path.split(":") and not rewrite_run_path(copy, linkage, wanted):
        raise RuntimeBuildError(
            f"{copy.name} cannot be told to look for its libraries in {wanted}.",
            remedy="Build with another Python, for example the system's own.",
        )
