"""The judge's process is killed in the middle: everything it started dies, and the next start sweeps up."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.sandbox import cgroups, slots

_JUDGE = """
import os, sys, time
from pathlib import Path
from shipworthy.sandbox import slots
from shipworthy.sandbox.bubblewrap import CGROUP_LAYERS, BubblewrapSandbox
from shipworthy.sandbox.entities import RunRequest, RuntimeFolder
slots.ROOT_FOLDER = Path(sys.argv[1], "slots")
missing = frozenset() if os.geteuid() == 0 else frozenset(CGROUP_LAYERS)
sandbox = BubblewrapSandbox(Path(sys.argv[1]), allowed_missing=missing)
python = RuntimeFolder(Path("/usr"), "bin/python3", "system")
program = "import os, time\\nfor _ in range(3): os.fork()\\nprint('up', flush=True)\\ntime.sleep(600)"
run = sandbox.start(RunRequest(python, ("python", "-I", "-S", "-c", program, sys.argv[2])))
run.read_line(timeout=20, limit=10)
group = sandbox.held_slots()[0].group
print("|".join(str(folder) for folder in (group.folders if group else ())), flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _own_slots(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep away from the machine's slots, which other processes claim and sweep meanwhile."""
    monkeypatch.setattr(slots, "ROOT_FOLDER", tmp_path / "slots")


def _processes_with(marker: str) -> list[str]:
    living = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                command = Path(f"/proc/{entry}/cmdline").read_bytes()
            except OSError:
                continue
            if marker.encode() in command and int(entry) != os.getpid():
                living.append(entry)
    return living


def _soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_nothing_survives_a_killed_judge(tmp_path: Path) -> None:
    marker = f"judged-{os.getpid()}-{time.monotonic_ns()}"
    command = [sys.executable, "-c", _JUDGE, str(tmp_path), marker]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as judge:
        assert judge.stdout is not None
        folders = [Path(folder) for folder in judge.stdout.readline().strip().split("|") if folder]
        all_there = _soon(lambda: len(_processes_with(marker)) >= 9)
        judge.send_signal(signal.SIGKILL)
    assert all_there
    assert _soon(lambda: not _processes_with(marker))
    assert all(folder.is_dir() for folder in folders)
    slots.sweep(tmp_path)
    assert not any(folder.exists() for folder in folders)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs control groups, which root has")
def test_sweep_kills_what_is_left_in_an_abandoned_slot(tmp_path: Path) -> None:
    slot = slots.claim(tmp_path)
    slot.make_group(cgroups.find_places())
    assert slot.group is not None
    folders = slot.group.folders
    with subprocess.Popen(["/bin/sleep", "600"]) as sleeper:
        slot.group.join(sleeper.pid)
        slot.abandon()
        slots.sweep(tmp_path)
        assert sleeper.wait(timeout=10) == -signal.SIGKILL
    assert not any(folder.exists() for folder in folders)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs control groups, which root has")
def test_sweep_leaves_slots_in_use_alone(tmp_path: Path) -> None:
    slot = slots.claim(tmp_path)
    try:
        slot.make_group(cgroups.find_places())
        assert slot.group is not None
        slots.sweep(tmp_path)
        assert all(folder.is_dir() for folder in slot.group.folders)
    finally:
        slot.release()
    assert not any(folder.exists() for folder in slot.group.folders)
