"""Control groups of one slot: limits and figures for all processes of a sandbox together, version 1 or 2.

Each slot has a control group of its own, which its launcher joins once; every program that the launcher forks is born
in it. (Joining costs up to tens of milliseconds, so it is not done per run.) Figures of a run are differences to what
the group showed when the run began.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from shipworthy.sandbox.entities import MEBIBYTE, Limits

MEMORY = "memory"
PROCESSES = "pids"
CPU = "cpu"
CONTROLLERS = (MEMORY, PROCESSES, CPU)
_V1_NAMES = {MEMORY: "memory", PROCESSES: "pids", CPU: "cpuacct"}
_OWN_TASKS = 3  # the launcher, bubblewrap's monitor, and process 1 of the sandbox
_OWN_MEMORY = 8 * MEBIBYTE
_PATIENCE_SECONDS = 2.0
_SUPERVISOR_LEAF = "shipworthy-supervisor"


@dataclass(frozen=True)
class Places:
    """Where control groups can be made: for each controller found, the folder to make them in, and the version."""

    version: int
    folders: dict[str, Path]


class Group(Protocol):
    """The control group of one slot."""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders that make up the group."""

    def join(self, process: int) -> None:
        """Move the launcher into the group."""

    def begin(self, limits: Limits) -> None:
        """Set the limits of the next run and remember the figures it starts from."""

    def cpu_seconds(self) -> float | None:
        """Return the CPU seconds used since `begin`."""

    def peak_memory(self) -> int | None:
        """Return the bytes of memory used at most since `begin`, beyond what was used before."""

    def processes(self) -> int | None:
        """Return how many processes and threads of the program there are now."""

    def ran_out_of_memory(self) -> bool:
        """Say whether the kernel ended a process since `begin` because the group was out of memory."""

    def close(self) -> None:
        """Close what is open; the group itself stays."""


def parse_mounts(mountinfo: str) -> dict[str, tuple[Path, str]]:
    """Return, by `2` or by version 1 controller name, the mount point and the root within the hierarchy.

    Format: `/proc/PID/mountinfo`, see proc(5).
    """
    found: dict[str, tuple[Path, str]] = {}
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if kind[0] == "cgroup2":
            found.setdefault("2", (Path(fields[4]), fields[3]))
        elif kind[0] == "cgroup":
            for option in kind[2].split(","):
                found.setdefault(option, (Path(fields[4]), fields[3]))
    return found


def parse_membership(cgroup: str) -> dict[str, str]:
    """Return, by `2` or by version 1 controller name, the path of the own group. Format: `/proc/PID/cgroup`."""
    paths: dict[str, str] = {}
    for line in cgroup.splitlines():
        number, controllers, path = line.split(":", 2)
        for name in ("2",) if number == "0" else tuple(controllers.split(",")):
            paths[name] = path
    return paths


def find_places() -> Places:
    """Look for folders in which this process may make control groups."""
    mounts = parse_mounts(Path("/proc/self/mountinfo").read_text(encoding="utf-8"))
    own = parse_membership(Path("/proc/self/cgroup").read_text(encoding="utf-8"))
    unified = _unified_place(mounts, own)
    if unified.folders:
        return unified
    folders = {}
    for controller, name in _V1_NAMES.items():
        folder = _own_folder(mounts, own, name)
        if folder is not None and os.access(folder, os.W_OK):
            folders[controller] = folder
    return Places(1, folders)


def _own_folder(mounts: dict[str, tuple[Path, str]], own: dict[str, str], name: str) -> Path | None:
    if name not in mounts or name not in own:
        return None
    mount, root = mounts[name]
    path = own[name]
    inside = path.removeprefix(root) if root != "/" and path.startswith(root) else path
    return mount / inside.strip("/")


def _unified_place(mounts: dict[str, tuple[Path, str]], own: dict[str, str]) -> Places:
    folder = _own_folder(mounts, own, "2")
    if folder is None:
        return Places(2, {})
    if folder.name == _SUPERVISOR_LEAF:
        folder = folder.parent
    for candidate in (mounts["2"][0], folder) if os.geteuid() == 0 else (folder,):
        place = unified_place(candidate)
        if place.folders:
            return place
    return Places(2, {})


def unified_place(folder: Path) -> Places:
    """Return what can be limited in groups made in `folder` of a version 2 hierarchy, enabling it where possible."""
    with suppress(OSError):
        available = (folder / "cgroup.controllers").read_text(encoding="utf-8").split()
        if os.access(folder, os.W_OK) and {MEMORY, PROCESSES} <= set(available):
            enable_controllers(folder)
            return Places(2, dict.fromkeys(CONTROLLERS, folder))
    return Places(2, {})


def enable_controllers(folder: Path) -> None:
    """Let groups in `folder` limit memory and processes.

    The kernel refuses that while processes sit in `folder` itself, so then they are moved into a leaf of it first.
    """
    control = folder / "cgroup.subtree_control"
    if {MEMORY, PROCESSES} <= set(control.read_text(encoding="utf-8").split()):
        return
    try:
        control.write_text("+memory +pids", encoding="utf-8")
    except OSError:
        leaf = folder / _SUPERVISOR_LEAF
        leaf.mkdir(exist_ok=True)
        for process in (folder / "cgroup.procs").read_text(encoding="utf-8").split():
            (leaf / "cgroup.procs").write_text(process, encoding="utf-8")
        control.write_text("+memory +pids", encoding="utf-8")


def make_group(places: Places, name: str) -> Group | None:
    """Make (or empty and take over) the group `name`. Returns `None` where nothing can be limited."""
    folders = {controller: folder / name for controller, folder in places.folders.items()}
    if not folders:
        return None
    for folder in set(folders.values()):
        folder.mkdir(exist_ok=True)
    empty_groups(set(folders.values()))
    return UnifiedGroup(folders[MEMORY]) if places.version == 2 else SplitGroup(folders)


def empty_groups(folders: set[Path], *, patience: float = 5.0) -> None:
    """Kill every process in the groups and wait until they are gone, at most `patience` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        members = {int(process) for folder in folders for process in _text(folder / "cgroup.procs").split()}
        if not members:
            return
        for process in members:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.002)


def remove_groups(folders: set[Path]) -> None:
    """Empty the groups and remove them; those that are gone already are fine."""
    existing = {folder for folder in folders if folder.is_dir()}
    empty_groups(existing)
    for folder in existing:
        with suppress(OSError):
            folder.rmdir()


class SplitGroup:
    """A group in version 1 hierarchies: one folder for each controller."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self._folders = tuple(folders.values())
        self._memory = folders.get(MEMORY)
        self._pids = folders.get(PROCESSES)
        self._cpu = Counter(folders[CPU] / "cpuacct.usage") if CPU in folders else None
        self._tasks = Counter(folders[PROCESSES] / "pids.current") if PROCESSES in folders else None
        self._cpu_before = self._memory_before = self._kills_before = 0

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders that make up the group."""
        return self._folders

    def join(self, process: int) -> None:
        """Move the launcher into the group."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(process), encoding="ascii")

    def begin(self, limits: Limits) -> None:
        """Set the limits of the next run and remember the figures it starts from."""
        if self._memory:
            self._memory_before = _number(self._memory / "memory.usage_in_bytes")
            _patiently(partial(self._limit_memory, self._memory, limits.memory_bytes + _OWN_MEMORY))
            self._kills_before = _keyed(self._memory / "memory.oom_control", "oom_kill")
        if self._pids:
            _write(self._pids / "pids.max", limits.processes + _OWN_TASKS)
        self._cpu_before = self._cpu.read() if self._cpu else 0

    def _limit_memory(self, folder: Path, limit: int) -> None:
        plain, swap = folder / "memory.limit_in_bytes", folder / "memory.memsw.limit_in_bytes"
        names = [plain, swap] if swap.exists() else [plain]
        try:  # memory with swap may never be below memory alone, so raising and lowering differ in order
            for name in names:
                _write(name, limit)
        except OSError:
            for name in reversed(names):
                _write(name, limit)
        _write(folder / "memory.max_usage_in_bytes", 0)

    def cpu_seconds(self) -> float | None:
        """Return the CPU seconds used since `begin`."""
        return (self._cpu.read() - self._cpu_before) / 1e9 if self._cpu else None

    def peak_memory(self) -> int | None:
        """Return the bytes of memory used at most since `begin`, beyond what was used before."""
        if not self._memory:
            return None
        return max(0, _number(self._memory / "memory.max_usage_in_bytes") - self._memory_before)

    def processes(self) -> int | None:
        """Return how many processes and threads of the program there are now."""
        return max(0, self._tasks.read() - _OWN_TASKS) if self._tasks else None

    def ran_out_of_memory(self) -> bool:
        """Say whether the kernel ended a process since `begin` because the group was out of memory."""
        if not self._memory:
            return False
        return _keyed(self._memory / "memory.oom_control", "oom_kill") > self._kills_before

    def close(self) -> None:
        """Close what is open; the group itself stays."""
        for counter in (self._cpu, self._tasks):
            if counter:
                counter.close()


class UnifiedGroup:
    """A group in the version 2 hierarchy: one folder for everything."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cpu_before = self._memory_before = self._kills_before = self._seen = 0

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders that make up the group."""
        return (self._folder,)

    def join(self, process: int) -> None:
        """Move the launcher into the group."""
        (self._folder / "cgroup.procs").write_text(str(process), encoding="ascii")

    def begin(self, limits: Limits) -> None:
        """Set the limits of the next run and remember the figures it starts from."""
        self._memory_before = self._seen = _number(self._folder / "memory.current")
        limit = limits.memory_bytes + _OWN_MEMORY
        if self._memory_before > limit:  # lowering the limit below what is used would end the launcher
            with suppress(OSError):
                _write(self._folder / "memory.reclaim", self._memory_before - limit)
        _write(self._folder / "memory.max", limit)
        with suppress(OSError):  # absent where the kernel does not account for swap
            _write(self._folder / "memory.swap.max", 0)
        _write(self._folder / "pids.max", limits.processes + _OWN_TASKS)
        self._kills_before = _keyed(self._folder / "memory.events", "oom_kill")
        self._cpu_before = _keyed(self._folder / "cpu.stat", "usage_usec")

    def cpu_seconds(self) -> float | None:
        """Return the CPU seconds used since `begin`."""
        return (_keyed(self._folder / "cpu.stat", "usage_usec") - self._cpu_before) / 1e6

    def peak_memory(self) -> int | None:
        """Return the bytes of memory seen in use at most since `begin`, beyond what was used before.

        Sampled, since `memory.peak` cannot be reset before Linux 6.12.
        """
        self._seen = max(self._seen, _number(self._folder / "memory.current"))
        return self._seen - self._memory_before

    def processes(self) -> int | None:
        """Return how many processes and threads of the program there are now."""
        self.peak_memory()
        return max(0, _number(self._folder / "pids.current") - _OWN_TASKS)

    def ran_out_of_memory(self) -> bool:
        """Say whether the kernel ended a process since `begin` because the group was out of memory."""
        return _keyed(self._folder / "memory.events", "oom_kill") > self._kills_before

    def close(self) -> None:
        """Close what is open; the group itself stays."""


class Counter:
    """A figure that is read often, through a descriptor that stays open."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)

    def read(self) -> int:
        """Return the figure now."""
        return int(os.pread(self._file.fileno(), 32, 0))

    def close(self) -> None:
        """Close the descriptor."""
        self._file.close()


def _patiently(action: Callable[[], None]) -> None:
    """Repeat an action that fails while the kernel still frees what the last run left."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            action()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)
        else:
            return


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""


def _number(path: Path) -> int:
    return int(path.read_text(encoding="ascii"))


def _keyed(path: Path, key: str) -> int:
    """Return the figure behind `key` in a file of lines `key figure`, 0 where there is none."""
    for line in _text(path).splitlines():
        name, _, figure = line.partition(" ")
        if name == key:
            return int(figure)
    return 0


def _write(path: Path, value: int) -> None:
    with path.open("w", encoding="ascii") as file:
        file.write(str(value))
