"""What a judge's process is asked to do."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from shipworthy.core.canonical import canonical_bytes
from shipworthy.core.live_settings import LiveSettings
from shipworthy.grading.entities import Grading, GradingSetup
from shipworthy.sandbox.entities import MEBIBYTE, Limits
from shipworthy.tasks.entities import Task, TaskLimits

JUDGE = "judge.py"
PUBLIC_CHECK = "public/check.py"
SUBMISSION = "submission.zip"


@dataclass(frozen=True)
class Order:
    """One judging: which judge, which variant, which submission, and under what.

    `judge` is relative to `task_folder`; it sees hidden data unless it is the public check. `folder` holds the packed
    submission and receives the transcript; with `replay` it holds a recorded transcript, and nothing is run;
    `junk` names what is then put in place of what the submission said. `variants` is a folder in which judges keep
    generated variants for each other, or empty. `live` is the operator's endpoint for the live models that the
    manifest names; an order goes to the judge's process over a socket and is never written down.
    """

    task_folder: str
    judge: str
    seed: int
    check_ids: Sequence[str]
    limits: Limits
    runtime_root: str
    runtime_python: str
    runtime_digest: str
    data_folder: str
    allowed_missing: Sequence[str]
    folder: str
    replay: bool
    junk: str = ""
    variants: str = ""
    live: LiveSettings | None = None


def spell_order(order: Order) -> bytes:
    """Spell an order for the way to the judge's process."""
    return canonical_bytes(asdict(order))


def read_order(spelled: bytes) -> Order:
    """Read what `spell_order` wrote."""
    values = json.loads(spelled)
    live = LiveSettings(**values["live"]) if values["live"] else None
    return Order(**{**values, "limits": Limits(**values["limits"]), "live": live})


def grading_order(
    task: Task,
    seed: int,
    *,
    setup: GradingSetup,
    folder: Path,
    check_ids: Sequence[str],
    judge: str = JUDGE,
) -> Order:
    """Ask for the judgement of the submission packed in `folder`."""
    return Order(
        task_folder=str(task.folder),
        judge=judge,
        seed=seed,
        check_ids=tuple(check_ids),
        limits=sandbox_limits(task.manifest.limits),
        runtime_root=str(setup.runtime_root),
        runtime_python=setup.runtime_python,
        runtime_digest=setup.runtime_digest,
        data_folder=str(setup.data_folder),
        allowed_missing=setup.allowed_missing,
        folder=str(folder),
        replay=False,
        variants=str(setup.variants) if setup.variants else "",
        live=setup.live,
    )


def replay_order(recorded: Grading, task: Task, *, folder: Path) -> Order:
    """Ask for a judgement of what was recorded; neither runtime nor sandbox is needed."""
    return Order(
        task_folder=str(task.folder),
        judge=JUDGE,
        seed=recorded.provenance.seed,
        check_ids=tuple(rule.id for rule in recorded.rules),
        limits=sandbox_limits(task.manifest.limits),
        runtime_root="",
        runtime_python="",
        runtime_digest=recorded.provenance.runtime_digest,
        data_folder="",
        allowed_missing=(),
        folder=str(folder),
        replay=True,
    )


def sandbox_limits(limits: TaskLimits) -> Limits:
    """Turn a manifest's limits into a sandbox's."""
    return Limits(
        cpu_seconds=limits.cpu_seconds,
        wall_seconds=limits.wall_seconds,
        memory_bytes=limits.memory_mb * MEBIBYTE,
        processes=limits.processes,
        output_bytes=limits.output_mb * MEBIBYTE,
        disk_bytes=limits.disk_mb * MEBIBYTE,
        disk_files=limits.disk_files,
        file_bytes=limits.disk_mb * MEBIBYTE,
    )
