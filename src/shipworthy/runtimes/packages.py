"""Installs a runtime's locked packages into its copied interpreter."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

from uv import find_uv_bin

from shipworthy.runtimes.entities import RuntimeDefinition
from shipworthy.runtimes.errors import RuntimeBuildError

MOUNTED_AT = "/runtime"
"""Where sandboxes show a runtime; compiled files name their sources there."""


def install_packages(definition: RuntimeDefinition, root: Path, python: Path) -> None:
    """Install exactly the locked packages: ready-made wheels only, every hash checked, never hard-linked to a cache.

    Raises `RuntimeBuildError` with the installer's last words.
    """
    _run(
        [
            find_uv_bin(), "pip", "install", "--quiet", "--python", str(python), "--require-hashes",
            "--no-build", "--no-deps", "--link-mode", "copy", "--break-system-packages",
            "-r", str(definition.requirements.resolve()),
        ],
        remedy="Look at the message; is the package index reachable?",
        folder=root,
    )  # fmt: skip
    _remove_scripts(root)
    _leave_out(definition, root)
    _correct_records(root)


def compile_sources(root: Path, python: Path) -> None:
    """Compile every source, naming sources where the runtime will be mounted and trusting them unchecked.

    Nothing can change the sources later, so that no import has to look at their times.
    """
    _run(
        [
            str(python), "-I", "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash",
            "-s", str(root), "-p", MOUNTED_AT, str(root),
        ],
        remedy="Report this with the message above.",
        folder=root,
        allowed=(0, 1),
    )  # fmt: skip


def _run(argv: list[str], *, remedy: str, folder: Path, allowed: tuple[int, ...] = (0,)) -> None:
    """Run a program in a folder whose configuration is nobody's: that of the user and of the machine still counts."""
    ended = subprocess.run(
        argv, capture_output=True, check=False, cwd=folder, env={**os.environ, "PYTHONHASHSEED": "0"}
    )
    if ended.returncode not in allowed:
        words = ended.stderr.decode("utf-8", "replace").strip().splitlines()[-12:]
        raise RuntimeBuildError(f"{Path(argv[0]).name} failed:\n" + "\n".join(words), remedy=remedy)


def _remove_scripts(root: Path) -> None:
    """Remove installed scripts: they name the interpreter by an absolute path that does not outlive the build."""
    for script in [*root.glob("bin/*"), *root.glob("local/bin/*")]:
        if script.name not in {"python", "python3"}:
            script.unlink()


def _leave_out(definition: RuntimeDefinition, root: Path) -> None:
    for packages in root.glob("**/*-packages"):
        for pattern in definition.leave_out:
            for folder in sorted(packages.glob(pattern)):
                shutil.rmtree(folder, ignore_errors=True)


def _correct_records(root: Path) -> None:
    """Drop what was removed from the packages' lists of files; the removed scripts' digests would name the build."""
    for record in root.glob("**/*.dist-info/RECORD"):
        packages = record.parent.parent
        with record.open(newline="", encoding="utf-8") as opened:
            rows = [row for row in csv.reader(opened) if row and (packages / row[0]).exists()]
        with record.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened, lineterminator="\n").writerows(sorted(rows))
