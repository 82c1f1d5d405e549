"""The submissions that ship with a task: read from their folders, or made for a variant by the task's own program."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from shipworthy.core.canonical import digest_of_files
from shipworthy.tasks.entities import Attack, Reference, Submission, SubmissionRules, Task
from shipworthy.tasks.errors import MadeSubmissionError
from shipworthy.tasks.paths import matches_any, path_fault
from shipworthy.tasks.submissions import read_reference
from shipworthy.tasks.variants import run_authored

PROCESS = "making_process"


class ReferenceSubmissions:
    """Gives a task's references and attacks. Those that are made are made once per seed, all together."""

    def __init__(self, task: Task) -> None:
        self._task = task
        entries: list[Reference | Attack] = [*task.references, *task.attacks]
        self._entries = {entry.id: entry for entry in entries}
        self._made: dict[int, Mapping[str, Submission]] = {}
        self._lock = Lock()

    def of(self, name: str, seed: int) -> Submission:
        """Return the submission of one reference or attack to the variant of `seed`.

        Raises `MadeSubmissionError` where one that has to be made is not made, or does not keep to the task's rules.
        """
        entry = self._entries[name]
        if not entry.made:
            return read_reference(entry.folder, self._task.manifest.submission)
        with self._lock:
            if seed not in self._made:
                self._made[seed] = self._make(seed)
        return self._made[seed][name]

    def _make(self, seed: int) -> Mapping[str, Submission]:
        made = make_in_subprocess(self._task.folder, seed)
        wanted = {name for name, entry in self._entries.items() if entry.made}
        if made.keys() != wanted:
            odd = ", ".join(sorted(made.keys() ^ wanted))
            raise MadeSubmissionError(
                f"The task {self._task.manifest.id!r} made other submissions than its references.toml declares: {odd}.",
                remedy="Let make(variant) return the files of every entry with made = true, and of no other.",
            )
        return {name: _submission(name, files, self._task.manifest.submission) for name, files in made.items()}


def make_in_subprocess(task_folder: Path, seed: int) -> Mapping[str, Mapping[str, bytes]]:
    """Run `references/make.py` for one variant in a process of its own: the files of every made submission.

    Raises `UnsoundVariantError` where that process fails, `MadeSubmissionError` where its answer cannot be read.
    """
    spelled = run_authored(PROCESS, task_folder, seed)
    try:
        return {
            name: {path: base64.b64decode(content, validate=True) for path, content in files.items()}
            for name, files in json.loads(spelled).items()
        }
    except (ValueError, TypeError, AttributeError) as fault:
        raise MadeSubmissionError(
            f"What references/make.py of {task_folder.name!r} made for seed {seed} cannot be read.",
            remedy="Return a dict from names to dicts from paths to bytes.",
        ) from fault


def _submission(name: str, files: Mapping[str, bytes], rules: SubmissionRules) -> Submission:
    for path in files:
        fault = path_fault(path) or ("" if matches_any(rules.paths, path) else "does not count as part of a submission")
        if fault:
            raise MadeSubmissionError(f"{path!r}, made for {name!r}, {fault}.", remedy="Make files that count only.")
    ordered = {path: files[path] for path in sorted(files)}
    return Submission(files=ordered, ignored=(), digest=digest_of_files(ordered))
