"""Makes task packages to break."""

import shutil
from pathlib import Path

from shipworthy.tasks.entities import Finding
from shipworthy.tasks.loading import examine
from shipworthy.tasks.scaffold import scaffold


def sound_package(folder: Path, name: str = "median-of-groups", method: str = "coding") -> Path:
    """Write a sound package below `folder` and return its own folder."""
    package = folder / method / name
    scaffold(package, method=method)
    return package


def edit(package: Path, file: str, before: str, after: str) -> None:
    """Replace the one occurrence of `before` in a file of the package."""
    text = (package / file).read_text()
    assert text.count(before) == 1, f"{before!r} occurs {text.count(before)} times in {file}"
    (package / file).write_text(text.replace(before, after))


def findings_of(package: Path) -> tuple[Finding, ...]:
    """Return everything that is wrong with a package."""
    task, findings = examine(package, runtimes=("python-ml",))
    assert (task is None) == bool(findings)
    return findings


def made_expert(package: Path, maker: str) -> Path:
    """Let the package's expert reference be made by a program in place of its folder."""
    shutil.rmtree(package / "references" / "expert")
    edit(package, "references/references.toml", "[references.expert]\n", "[references.expert]\nmade = true\n")
    (package / "references" / "make.py").write_text(maker)
    return package
