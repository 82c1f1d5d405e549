from dataclasses import replace
from pathlib import Path

import pytest

from shipworthy.grading.entities import GradingSetup
from shipworthy.tasks.entities import Task
from shipworthy.tasks.loading import load_task
from shipworthy.verification.entities import Purpose, Trial, Tried
from shipworthy.verification.journal import Journal
from tests.support.packages import sound_package

SETUP = GradingSetup(Path(), "python-ml", Path(), "", "r" * 64, "bubblewrap", (), (), "0.1.0", "p" * 64)
EXPERT = Tried(Trial(Purpose.REFERENCE, "expert", 1), 0.95, {"evaluation": 0.95}, 0, "", 0.4)


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return load_task(sound_package(tmp_path))


def test_a_grading_is_remembered_by_a_later_process(task: Task, tmp_path: Path) -> None:
    Journal(tmp_path / "j", task, SETUP).keep(EXPERT)
    assert Journal(tmp_path / "j", task, SETUP).remembered() == {EXPERT.trial: EXPERT}


def test_gradings_of_other_bytes_are_passed_over(task: Task, tmp_path: Path) -> None:
    Journal(tmp_path / "j", task, SETUP).keep(EXPERT)
    for other in (
        Journal(tmp_path / "j", replace(task, digest="0" * 64), SETUP),
        Journal(tmp_path / "j", task, replace(SETUP, product_digest="0" * 64)),
        Journal(tmp_path / "j", task, replace(SETUP, runtime_digest="0" * 64)),
    ):
        assert other.remembered() == {}


def test_faults_of_ours_and_looks_into_evidence_are_tried_anew(task: Task, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", task, SETUP)
    journal.keep(replace(EXPERT, fault="the judge broke"))
    journal.keep(replace(EXPERT, trial=Trial(Purpose.AGAIN, "expert", 1)))
    assert journal.remembered() == {}


def test_a_line_that_was_cut_off_is_dropped(task: Task, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", task, SETUP)
    journal.keep(EXPERT)
    journal.keep(replace(EXPERT, trial=Trial(Purpose.ATTACK, "forger", 2)))
    whole = (tmp_path / "j").read_bytes()
    (tmp_path / "j").write_bytes(whole[:-30])
    assert list(journal.remembered()) == [EXPERT.trial]
