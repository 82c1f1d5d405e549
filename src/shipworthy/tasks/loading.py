"""Loads a task package, or says everything that is wrong with it."""

from collections.abc import Collection
from pathlib import Path

from shipworthy.framework import Framework, load_framework
from shipworthy.tasks.brief import read_brief
from shipworthy.tasks.entities import Finding, Task
from shipworthy.tasks.errors import UnsoundPackageError
from shipworthy.tasks.fields import Inspection
from shipworthy.tasks.manifest import read_manifest
from shipworthy.tasks.package_files import digest_of_package, inspect_files
from shipworthy.tasks.references import read_references
from shipworthy.tasks.rubric import expect_countable, read_rubric


def load_task(folder: Path, framework: Framework | None = None, *, runtimes: Collection[str] | None = None) -> Task:
    """Load the package in `folder`. Raises `UnsoundPackageError` with every finding at once.

    Ids are checked against `framework` (the built-in one by default) and, where given, `runtimes`.
    """
    task, findings = examine(folder, framework, runtimes=runtimes)
    if task is None:
        raise UnsoundPackageError(folder.name, findings)
    return task


def examine(
    folder: Path, framework: Framework | None = None, *, runtimes: Collection[str] | None = None
) -> tuple[Task | None, tuple[Finding, ...]]:
    """Return the task and no findings, or no task and everything that is wrong. Runs nothing of the package."""
    if not folder.is_dir():
        return None, (Finding(str(folder), "", "There is no such folder.", "Name the folder of a task package."),)
    inspection = Inspection()
    task = _read(folder.resolve(), framework or load_framework(), runtimes, inspection)
    return task, tuple(inspection.findings)


def _read(folder: Path, framework: Framework, runtimes: Collection[str] | None, inspection: Inspection) -> Task | None:
    inspect_files(folder, inspection)
    manifest = read_manifest(folder, framework, inspection, runtimes=runtimes)
    brief = read_brief(folder, manifest.checks, inspection)
    rubric = read_rubric(folder, framework.competency_ids, inspection)
    expect_countable(rubric, manifest.submission, inspection)
    references, attacks = read_references(folder, manifest.submission, manifest.competencies, inspection)
    if inspection.findings:
        return None
    return Task(
        folder=folder,
        manifest=manifest,
        brief=brief,
        rubric=rubric,
        references=references,
        attacks=attacks,
        digest=digest_of_package(folder),
    )
