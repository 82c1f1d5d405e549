import os
import subprocess
import sys
from pathlib import Path

import pytest

from shipworthy.worker.__main__ import told
from shipworthy.worker.process import default_slots


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shipworthy.worker", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_worker_that_cannot_reach_the_database_says_so(tmp_path: Path) -> None:
    ended = start(SHIPWORTHY_DATABASE_URL=f"postgresql://nobody@/none?host={tmp_path}", SHIPWORTHY_DATA=str(tmp_path))
    assert ended.returncode == 5
    assert "Error The database does not answer" in ended.stderr
    assert "SHIPWORTHY_DATABASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("slots", ["0", "-1", "100000"])
def test_impossible_slots_are_refused(
    slots: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["worker", "--slots", slots])
    assert told() == 2
    assert "Choose between 1 and 256" in capsys.readouterr().err


def test_there_is_one_slot_for_each_core() -> None:
    assert default_slots() == len(os.sched_getaffinity(0))
