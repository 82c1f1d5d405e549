"""What candidate code must never be able to read, and whether a search found it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from shipworthy.core.canonical import digest_of_files
from shipworthy.grading.calls import CALLEE
from shipworthy.tasks.entities import Submission, Task, Variant
from shipworthy.verification.searcher import fingerprints

SEARCHER = Path(__file__).with_name("searcher.py")
INPUTS = "inputs/"
"""Hidden files below this folder are shown to the submission by the judge, such as later rows without their labels."""


def sealed_files(task: Task, variant: Variant) -> dict[str, bytes]:
    """Return what is sealed: the judge, the variant's program, the references, hidden data that is no input."""
    programs = {name: (task.folder / name).read_bytes() for name in ("judge.py", "variant.py")}
    folder = task.folder / "references"
    authored = {f"references/{path.relative_to(folder)}": path.read_bytes() for path in _files(folder)}
    hidden = {f"hidden {path}": data for path, data in variant.hidden.items() if not path.startswith(INPUTS)}
    return programs | authored | hidden


def open_passages(task: Task, variant: Variant) -> set[str]:
    """Return the fingerprints of what a submission may know: its own, the workspace's, the tools' and inputs'."""
    folders = [path for name in ("starter", "public") for path in _files(task.folder / name)]
    contents = [path.read_bytes() for path in (*folders, CALLEE, SEARCHER)]
    contents += [*variant.starter.values(), *variant.public.values()]
    contents += [data for path, data in variant.hidden.items() if path.startswith(INPUTS)]
    return {print_ for content in contents for print_ in fingerprints(content)}


def _files(folder: Path) -> list[Path]:
    paths = sorted(folder.rglob("*")) if folder.is_dir() else []
    return [path for path in paths if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts]


def search_submission(task: Task) -> Submission:
    """Return a submission that searches instead of solving, under every name that the task requires."""
    files = dict.fromkeys(task.manifest.submission.required, SEARCHER.read_bytes())
    return Submission(files, (), digest_of_files(files))


def leaks(sealed: Mapping[str, bytes], known: set[str], found: Iterable[bytes]) -> tuple[str, ...]:
    """Name the sealed files of which a search found a passage that a submission may not know."""
    seen = {line for content in found for line in content.decode("ascii", "replace").split()}
    return tuple(name for name, content in sealed.items() if (fingerprints(content) - known) & seen)
