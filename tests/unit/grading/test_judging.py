"""The process that judges are forked from: it comes back when it is gone, and what a judge breaks is our fault."""

import os
import signal
from pathlib import Path

from shipworthy.grading.judging import Nursery, judge_in_process
from shipworthy.grading.orders import Order
from shipworthy.sandbox.entities import Limits
from tests.support.packages import sound_package


def order_for(package: Path, folder: Path) -> Order:
    return Order(
        task_folder=str(package),
        judge="judge.py",
        seed=1,
        check_ids=("odd_groups",),
        limits=Limits(),
        runtime_root="",
        runtime_python="",
        runtime_digest="",
        data_folder="",
        allowed_missing=(),
        folder=str(folder),
        replay=True,
    )


def test_a_nursery_that_was_killed_is_replaced(tmp_path: Path) -> None:
    nursery = Nursery()
    order = order_for(tmp_path, tmp_path)
    for _ in range(2):
        with (tmp_path / "log").open("wb") as log, nursery.judge(order, log.fileno()) as (judge, events):
            assert judge > 0
            events.read()
        assert nursery.process_id is not None
        os.kill(nursery.process_id, signal.SIGKILL)
    nursery.close()
    assert nursery.process_id is None


def test_a_judge_that_cannot_even_start_is_a_fault_of_ours_with_its_last_words(tmp_path: Path) -> None:
    package = sound_package(tmp_path)
    judgement = judge_in_process(order_for(package, tmp_path / "absent"), log=tmp_path / "log", announce=print)
    assert not judgement.done
    assert judgement.observations == []
    assert "transcript.json" in judgement.fault
