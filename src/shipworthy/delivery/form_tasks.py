"""The task packages behind a session: pinned to their bytes, with what a candidate reads and works on."""

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache

from shipworthy.delivery.entities import AssessmentTask, SessionTask
from shipworthy.delivery.errors import FilesRefusedError, PackageChangedError
from shipworthy.store.blobs import Blobs
from shipworthy.tasks.brief import BRIEF
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.entities import MEBIBYTE, SubmissionRules, Task
from shipworthy.tasks.errors import UnknownTaskError
from shipworthy.tasks.packing import packed, unpacked
from shipworthy.tasks.paths import matches_any, path_fault
from shipworthy.tasks.variants import generate_in_subprocess
from shipworthy.tasks.workspaces import workspace_files

PRACTICE = "practice"
"""The id of the task that candidates may try the pages with; it is not in the catalogue's list."""
EPOCH = (1980, 1, 1, 0, 0, 0)
_KEPT_PACKAGES = 64


def package_of(catalogue: Catalogue, task: SessionTask | AssessmentTask) -> Task:
    """Return the package that a task was pinned to. Raises `PackageChangedError` where the catalogue holds another."""
    return _package(catalogue, task.task_id, task.package_digest)


@lru_cache(maxsize=_KEPT_PACKAGES)
def _package(catalogue: Catalogue, task_id: str, package_digest: str) -> Task:
    loaded = catalogue.load(task_id)
    if loaded.digest != package_digest:
        raise PackageChangedError(
            f"The task {task_id} was changed after the assessment was made.",
            remedy="This is a fault of ours, and no time runs. Write to the contact person.",
        )
    return loaded


def practice_task(catalogue: Catalogue) -> AssessmentTask | None:
    """Return the practice task, nothing where the catalogue has none."""
    try:
        task = catalogue.load(PRACTICE)
    except UnknownTaskError:
        return None
    return AssessmentTask(PRACTICE, task.manifest.version, task.digest, task.manifest.minutes)


def prepared_workspace(catalogue: Catalogue, blobs: Blobs, task: SessionTask) -> str:
    """Generate the files that a candidate starts from, and return their blob. Takes seconds: never in a transaction."""
    package = package_of(catalogue, task)
    return blobs.put(packed(workspace_files(package, generate_in_subprocess(package.folder, task.seed), task.seed)))


def workspace(blobs: Blobs, blob: str) -> Mapping[str, bytes]:
    """Return the files that a candidate starts from."""
    return unpacked(blobs.get(blob))


def brief(files: Mapping[str, bytes]) -> str:
    """Return the brief of a workspace, in Markdown."""
    return files[BRIEF].decode("utf-8", "replace")


def starter(files: Mapping[str, bytes], rules: SubmissionRules) -> dict[str, bytes]:
    """Return the files of a workspace that count as the submission: what a draft begins with."""
    return {path: content for path, content in files.items() if matches_any(rules.paths, path)}


def as_archive(files: Mapping[str, bytes], folder: str) -> bytes:
    """Return files as a zip for people, all in one folder."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{path}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return written.getvalue()


def expect_takable(files: Mapping[str, bytes], rules: SubmissionRules) -> None:
    """Refuse files that could not be handed in: names, number and size. Raises `FilesRefusedError`."""
    for path in files:
        _expect_takable_path(path, rules)
    if len(files) > rules.max_files:
        raise FilesRefusedError(
            f"There are {len(files)} files; at most {rules.max_files} are taken.", remedy="Delete what is not needed."
        )
    if sum(map(len, files.values())) > rules.max_mb * MEBIBYTE:
        raise FilesRefusedError(
            f"The files are larger than {rules.max_mb} MB together.", remedy="Leave out what is not needed."
        )
    _expect_no_file_as_folder(files)


def missing_files(files: Mapping[str, bytes], rules: SubmissionRules) -> list[str]:
    """Name the files that a submission must have and these lack."""
    return [path for path in rules.required if path not in files]


def _expect_takable_path(path: str, rules: SubmissionRules) -> None:
    fault = path_fault(path)
    if fault:
        raise FilesRefusedError(f"The file name {ascii(path)[1:-1]} {fault}.", remedy="Choose a plain name.")
    if not matches_any(rules.paths, path):
        wanted = ", ".join(rules.paths)
        raise FilesRefusedError(f"{path} would not count.", remedy=f"What counts here: {wanted}.")


def _expect_no_file_as_folder(files: Mapping[str, bytes]) -> None:
    for path in files:
        parents = path.split("/")[:-1]
        above = ["/".join(parents[:depth]) for depth in range(1, len(parents) + 1)]
        clash = next((each for each in above if each in files), None)
        if clash:
            raise FilesRefusedError(f"{clash} is a file and a folder at once.", remedy="Rename one of them.")
