"""Carries out what was taken up: from the blob of the files to an outcome and a blob of evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shipworthy.bootstrap import House
from shipworthy.core.clock import monotonic
from shipworthy.core.held_folder import held_folder
from shipworthy.grading.entities import Grading, GradingSetup
from shipworthy.grading.errors import GradingError
from shipworthy.grading.jobs.entities import GradingJob, JobKind, Result
from shipworthy.grading.jobs.errors import ChangedPackageError
from shipworthy.grading.jobs.rules import scored_summary, seconds_by_phase, summary
from shipworthy.grading.operations import Announce, check_publicly, grade
from shipworthy.tasks.entities import Submission, Task
from shipworthy.tasks.packing import unpacked
from shipworthy.tasks.submissions import submission_of
from shipworthy.worker.live_lines import Listener

LABEL = "submission"


class Grade(Protocol):
    """How a submission is graded; see `grading.operations.grade`."""

    def __call__(
        self,
        task: Task,
        seed: int,
        submission: Submission,
        *,
        label: str,
        setup: GradingSetup,
        bundle: Path | None,
        announce: Announce,
    ) -> Grading:
        """Grade it, and write the evidence to `bundle`."""


@dataclass(frozen=True)
class Bench:
    """What gradings are done with: the house, what a task needs of this machine, and the grading itself."""

    house: House
    setup: Callable[[Task], GradingSetup]
    grade: Grade = grade


def carry_out(bench: Bench, claimed: GradingJob, listener: Listener) -> Result:
    """Grade a submission, or run the public checks of a draft.

    Raises a `ShipworthyError` for every fault of ours, so that it is tried again; `listener` may raise to end it.
    """
    started = monotonic()
    task = expected_task(bench.house, claimed)
    submission = submission_of(unpacked(bench.house.blobs.get(claimed.blob)))
    carried = _checked if claimed.kind is JobKind.PUBLIC_CHECK else _graded
    result = carried(bench, claimed, task, submission, listener)
    whole = round(monotonic() - started, 4)
    return Result(result.outcome, {**result.phases, "total": whole}, result.bundle)


def expected_task(house: House, claimed: GradingJob) -> Task:
    """Load the task package that the candidate was given. Raises `ChangedPackageError` where it is another by now."""
    task = house.catalogue.load(claimed.task_id)
    if task.digest != claimed.package_digest:
        raise ChangedPackageError(
            f"The package of `{claimed.task_id}` in the catalogue ({task.manifest.version}, {task.digest[:12]}) is not "
            f"the one that the candidate was given ({claimed.package_digest[:12]}).",
            remedy="Bring back the catalogue as it was when the session began, then have it tried again.",
        )
    return task


def _graded(bench: Bench, claimed: GradingJob, task: Task, submission: Submission, listener: Listener) -> Result:
    with held_folder(bench.house.settings.data_folder / "staging") as folder:
        place = folder / "evidence.zip"
        grading = bench.grade(
            task,
            claimed.seed,
            submission,
            label=LABEL,
            setup=bench.setup(task),
            bundle=place,
            announce=listener.runs,
        )
        _expect_no_fault(grading)
        return Result(scored_summary(grading), seconds_by_phase(grading), bench.house.blobs.put_file(place))


def _checked(bench: Bench, claimed: GradingJob, task: Task, submission: Submission, listener: Listener) -> Result:
    sentences = {check.id: check.sentence for check in task.manifest.public_checks}
    grading = check_publicly(
        task,
        claimed.seed,
        submission,
        setup=bench.setup(task),
        announce=listener.runs,
        observed=lambda outcome: listener.saw(outcome, sentences[outcome.check_id]),
    )
    _expect_no_fault(grading)
    return Result(summary(grading), seconds_by_phase(grading))


def _expect_no_fault(grading: Grading) -> None:
    if grading.fault:
        raise GradingError(grading.fault)
