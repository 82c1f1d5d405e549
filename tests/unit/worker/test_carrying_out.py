from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shipworthy import bootstrap
from shipworthy.bootstrap import House
from shipworthy.core.settings import Settings
from shipworthy.grading.entities import Grading
from shipworthy.grading.errors import GradingError
from shipworthy.grading.jobs.entities import GradingJob, JobKind, JobState
from shipworthy.grading.jobs.errors import ChangedPackageError
from shipworthy.store.blobs import open_blobs
from shipworthy.store.errors import DamagedBlobError, MissingBlobError
from shipworthy.tasks.packing import packed
from shipworthy.worker.carrying_out import Bench, carry_out
from shipworthy.worker.live_lines import Listener
from tests.support.gradings import grading_without_sandbox
from tests.support.workers import TASK, quick_catalogue

FILES = {"medians.py": b"def median_by_group(rows):\n    return {}\n"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    settings = Settings(tmp_path / "data", quick_catalogue(tmp_path))
    catalogue = bootstrap.open_catalogue(settings)
    database: Any = None  # nothing here asks for it
    return House(settings, database, open_blobs(None, settings.data_folder), catalogue, catalogue.framework)


@pytest.fixture
def claimed(house: House) -> GradingJob:
    now = datetime(2026, 5, 3, tzinfo=UTC)
    return GradingJob(
        id=uuid4(),
        organisation=uuid4(),
        candidate=uuid4(),
        session_task=uuid4(),
        kind=JobKind.GRADING,
        task_id=TASK,
        package_digest=house.catalogue.load(TASK).digest,
        seed=7,
        blob=house.blobs.put(packed(FILES)),
        state=JobState.RUNNING,
        claim=1,
        faults=0,
        fault="",
        fault_kind="",
        failed_at=None,
        worker=uuid4(),
        created_at=now,
        due_at=now,
        claimed_at=now,
        heartbeat_at=now,
        finished_at=None,
        bundle=None,
        outcome=None,
        lines=[],
        phases=None,
    )


def bench(house: House, fault: str = "") -> Bench:
    def grade(*arguments: Any, **named: Any) -> Grading:
        return replace(grading_without_sandbox(*arguments, **named), fault=fault)

    setup: Any = lambda _: None  # noqa: E731 - a grading without a sandbox needs nothing of the machine
    return Bench(house, setup, grade)


def listener() -> Listener:
    return Listener(lambda: True)


def test_a_submission_becomes_an_outcome_and_a_blob_of_evidence(house: House, claimed: GradingJob) -> None:
    result = carry_out(bench(house), claimed, listener())
    assert result.bundle is not None
    assert house.blobs.get(result.bundle).startswith(b"PK")
    assert result.outcome["score"] == 0.5
    assert result.phases["total"] > 0
    assert not list((house.settings.data_folder / "staging").iterdir()), "nothing is left behind"


def test_the_package_must_be_the_one_that_the_candidate_was_given(house: House, claimed: GradingJob) -> None:
    with pytest.raises(ChangedPackageError, match="is not the one that the candidate was given"):
        carry_out(bench(house), replace(claimed, package_digest="0" * 64), listener())


def test_files_that_are_gone_or_damaged_are_a_fault_of_ours(house: House, claimed: GradingJob) -> None:
    with pytest.raises(MissingBlobError):
        carry_out(bench(house), replace(claimed, blob="0" * 64), listener())
    (house.settings.data_folder / "blobs" / claimed.blob[:2] / claimed.blob).write_bytes(b"something else")
    with pytest.raises(DamagedBlobError):
        carry_out(bench(house), claimed, listener())


def test_a_grading_with_a_fault_of_ours_has_no_outcome(house: House, claimed: GradingJob) -> None:
    with pytest.raises(GradingError, match="The judge fell over"):
        carry_out(bench(house, fault="The judge fell over."), claimed, listener())
