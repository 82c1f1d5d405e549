"""Remembers trials, so that a verification that takes hours goes on where it was interrupted."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.grading.entities import GradingSetup
from shipworthy.tasks.entities import Task
from shipworthy.verification.entities import Purpose, Trial, Tried

KEPT = frozenset({Purpose.REFERENCE, Purpose.ATTACK})
"""Other trials are few, and look into evidence that is gone with the process."""


class Journal:
    """A file with a line per trial. Lines of another package, runtime or version of the product are passed over."""

    def __init__(self, path: Path, task: Task, setup: GradingSetup) -> None:
        self._path = path
        self._key = digest(canonical_bytes([task.digest, setup.runtime_digest, setup.product_digest]))

    def remembered(self) -> dict[Trial, Tried]:
        """Return the trials of this very package, runtime and product; a line cut off by an interruption is dropped."""
        return {tried.trial: tried for tried in self._lines()}

    def _lines(self) -> Iterator[Tried]:
        text = self._path.read_text("utf-8") if self._path.exists() else ""
        for line in text.splitlines():
            try:
                entry = json.loads(line)
                trial = Trial(Purpose(entry["trial"]["purpose"]), entry["trial"]["name"], entry["trial"]["seed"])
                if entry.pop("key") == self._key:
                    yield Tried(**{**entry, "trial": trial, "leaks": tuple(entry["leaks"])})
            except (ValueError, KeyError, TypeError):
                continue

    def keep(self, tried: Tried) -> None:
        """Write one trial down at once, unless it is of a kind that is tried anew."""
        if tried.trial.purpose not in KEPT or tried.fault:
            return
        entry = {**asdict(tried), "leaks": list(tried.leaks), "key": self._key}
        with self._path.open("ab") as file:
            file.write(canonical_bytes(entry) + b"\n")
