"""The catalogue: a folder of task packages, one shelf per method."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.framework import Framework, load_framework
from shipworthy.tasks.entities import Finding, Manifest, Task
from shipworthy.tasks.errors import UnknownTaskError
from shipworthy.tasks.fields import Inspection, suggestion
from shipworthy.tasks.loading import load_task
from shipworthy.tasks.manifest import MANIFEST, read_manifest
from shipworthy.tasks.package_files import digest_of_package, inspect_files


@dataclass(frozen=True)
class CatalogueEntry:
    """One package as listed: its folder, and its manifest, or what is wrong with that."""

    folder: Path
    manifest: Manifest | None
    findings: tuple[Finding, ...]


class Catalogue:
    """Task packages in `folder/<method>/<task-id>/`.

    A package that stands beside the shelves, in `folder/<task-id>/`, can be found and loaded, but is in no list: so
    candidates can practise with it, and no assessment asks for it.
    Ids are checked against `framework` (the built-in one by default) and, where given, `runtimes`.
    """

    def __init__(
        self, folder: Path, framework: Framework | None = None, *, runtimes: Collection[str] | None = None
    ) -> None:
        self.folder = folder
        self._framework = framework or load_framework()
        self._runtimes = runtimes
        self._known: dict[Path, Task] = {}

    @property
    def framework(self) -> Framework:
        """The framework whose ids the packages use."""
        return self._framework

    def entries(self) -> tuple[CatalogueEntry, ...]:
        """List every package, sorted by folder, reading manifests only."""
        return tuple(self._entry(path.parent) for path in sorted(self.folder.glob(f"*/*/{MANIFEST}")))

    def edition(self) -> str:
        """Return a digest that is another one whenever a manifest or a rubric was written, added or removed.

        It looks at names, sizes and times of change only, so that it costs next to nothing.
        """
        found = [(str(path.relative_to(self.folder)), path.stat()) for path in sorted(self.folder.glob("*/*/*"))]
        return digest(canonical_bytes([[name, state.st_mtime_ns, state.st_size] for name, state in found]))

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all packages, which are the names of their folders, sorted."""
        return tuple(sorted(path.parent.name for path in self.folder.glob(f"*/*/{MANIFEST}")))

    def find(self, task_id: str) -> Path:
        """Return the folder of the task with this id.

        Raises `UnknownTaskError`, which names the closest ids, and also when two packages share the id.
        """
        folders = [path.parent for path in sorted(self.folder.glob(f"*/*/{MANIFEST}")) if path.parent.name == task_id]
        folders = folders or [path.parent for path in self.folder.glob(f"*/{MANIFEST}") if path.parent.name == task_id]
        if not folders:
            known = self.ids()
            remedy = suggestion(task_id, known) if known else f"There are no task packages in {self.folder}."
            raise UnknownTaskError(f"There is no task {task_id!r} in the catalogue.", remedy=remedy)
        if len(folders) > 1:
            shelves = " and ".join(folder.parent.name for folder in folders)
            raise UnknownTaskError(f"The task {task_id!r} is there twice: in {shelves}.", remedy="Rename one of them.")
        return folders[0]

    def load(self, task_id: str) -> Task:
        """Load the task with this id; a package none of whose bytes has changed is read once.

        Raises `UnknownTaskError` or `UnsoundPackageError`.
        """
        folder = self.find(task_id).resolve()
        known = self._known.get(folder)
        if known is None or not _is_still(known):
            known = self._known[folder] = load_task(folder, self._framework, runtimes=self._runtimes)
        return known

    def _entry(self, folder: Path) -> CatalogueEntry:
        inspection = Inspection()
        manifest = read_manifest(folder, self._framework, inspection, runtimes=self._runtimes)
        findings = tuple(inspection.findings)
        return CatalogueEntry(folder, None if findings else manifest, findings)


def _is_still(task: Task) -> bool:
    """Say whether the package on the disk is still this one, to the byte."""
    inspection = Inspection()
    inspect_files(task.folder, inspection)
    return not inspection.findings and digest_of_package(task.folder) == task.digest
