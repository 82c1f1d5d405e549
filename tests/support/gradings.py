"""Gradings that nobody runs: for whoever needs outcomes and evidence, and not what a submission does."""

import tempfile
from dataclasses import replace
from pathlib import Path

from shipworthy.grading.bundle import pack_files, write_bundle
from shipworthy.grading.entities import Grading, GradingSetup, Observation, Phases, Provenance
from shipworthy.grading.operations import Announce, check_rules
from shipworthy.grading.orders import SUBMISSION
from shipworthy.grading.rules import outcomes_of
from shipworthy.tasks.entities import Submission, Task


def grading_without_sandbox(
    task: Task,
    seed: int,
    submission: Submission,
    *,
    label: str,
    setup: GradingSetup | None,
    bundle: Path | None,
    announce: Announce,
) -> Grading:
    """Say at once what a judge might have said, half of everything, and write it down as a real grading does."""
    rules = check_rules(task)
    observations = [Observation(rule.id, 0.5, "Half of it came out right.") for rule in rules]
    announce("nothing")
    made = provenance(task, seed, submission)
    grading = Grading(label, made, rules, outcomes_of(rules, observations), (), "", bundle)
    if bundle is not None:
        with tempfile.TemporaryDirectory() as folder:
            pack_files(Path(folder) / SUBMISSION, submission.files)
            write_bundle(grading, Path(folder), bundle)
    return replace(grading, phases=Phases(0.0, 0.0, 0.0))


def provenance(task: Task, seed: int, submission: Submission) -> Provenance:
    """Return the circumstances of a grading that had none."""
    return Provenance(
        task_id=task.manifest.id,
        task_version=task.manifest.version,
        package_digest=task.digest,
        seed=seed,
        submission_digest=submission.digest,
        runtime_id=task.manifest.runtime,
        runtime_digest="",
        product_version="",
        product_digest="",
        mechanism="none",
        layers=(),
        allowed_missing=(),
    )
