"""Endings that only process 1 of the sandbox can cause, played by pipes and a process of the test."""

import os
import subprocess
from pathlib import Path

import pytest

from shipworthy.sandbox.entities import Collection, Limits, RunResult, RunStatus
from shipworthy.sandbox.errors import LayerMissingError
from shipworthy.sandbox.launcher import Started
from shipworthy.sandbox.meter import Meter
from shipworthy.sandbox.supervision import Supervision


@pytest.fixture
def started(tmp_path: Path) -> tuple[Started, int]:
    """Return a program that has ended, and the writing end of its status pipe."""
    (tmp_path / "work").mkdir()
    with subprocess.Popen(["/bin/true"]) as process:
        monitor, process_one = os.pidfd_open(process.pid), os.pidfd_open(process.pid)
        process.wait()
    pipes = [os.pipe() for _ in range(4)]
    (stdin_r, stdin_w), (stdout_r, stdout_w), (stderr_r, stderr_w), (status_r, status_w) = pipes
    for descriptor in (stdin_r, stdout_w, stderr_w):
        os.close(descriptor)
    folder = os.open(tmp_path, os.O_RDONLY)
    return Started(process.pid, monitor, process_one, folder, stdin_w, stdout_r, stderr_r, status_r), status_w


def _conclude(started: Started, status: int, report: bytes) -> RunResult:
    os.write(status, report)
    os.close(status)
    limits = Limits(memory_bytes=1 << 60)  # the folder is no tmpfs, and its file system counts as memory
    return Supervision(started, limits, Meter(limits, None, started.monitor_id, started.folder)).conclude(Collection())


@pytest.mark.parametrize(
    ("report", "ending"),
    [
        (b"\0\7\0\0", (RunStatus.EXITED, 7, None)),
        (b"\x0b\0\0\0", (RunStatus.SIGNALLED, None, 11)),
        (b"\x4c\0\0\0", (RunStatus.SIGNALLED, None, 76)),
        (b"\x18\0\0\0", (RunStatus.CPU_LIMIT, None, None)),
        (b"\0\7", (RunStatus.SIGNALLED, None, 9)),
    ],
    ids=["exit_code", "signal", "signal_like_the_mark", "sigxcpu", "killed_while_reporting"],
)
def test_ending(started: tuple[Started, int], report: bytes, ending: tuple[RunStatus, int | None, int | None]) -> None:
    result = _conclude(*started, report)
    assert (result.status, result.exit_code, result.signal) == ending


def test_killed_before_it_could_report(started: tuple[Started, int]) -> None:
    result = _conclude(*started, b"")
    assert (result.status, result.signal) == (RunStatus.SIGNALLED, 9)


def test_a_program_that_could_not_be_restricted_is_no_result(started: tuple[Started, int]) -> None:
    with pytest.raises(LayerMissingError, match="layer landlock"):
        _conclude(*started, b"L\0\x7d\0\0")
