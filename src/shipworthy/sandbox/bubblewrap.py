"""The sandbox: bubblewrap with a launcher of our own, one slot for each program that runs at the same time."""

import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from shipworthy.sandbox import cgroups, landlock, seccomp, slots
from shipworthy.sandbox.entities import LayerReport, RunRequest, RunResult
from shipworthy.sandbox.errors import LayerMissingError, RunEndedError, SandboxError
from shipworthy.sandbox.launcher import Launcher
from shipworthy.sandbox.layers import LAYER_IDS, try_layers
from shipworthy.sandbox.live import LiveProgram
from shipworthy.sandbox.meter import Meter
from shipworthy.sandbox.preparation import make_plan
from shipworthy.sandbox.supervision import Supervision

CGROUP_LAYERS: Final = {
    "cgroup_memory": cgroups.MEMORY,
    "cgroup_processes": cgroups.PROCESSES,
    "cgroup_cpu": cgroups.CPU,
}
CGROUP_REMEDY = (
    "Run as root, or in a scope of your own: systemd-run --user --scope -p Delegate=yes COMMAND. "
    "Containers: mount the control groups writable."
)
LANDLOCK_REMEDY = "Use Linux 5.13 or later with landlock in the kernel's lsm= list."


class _Place:
    """A slot with its launcher."""

    def __init__(self, data_folder: Path, places: cgroups.Places, program_filter: Callable[[], bytes]) -> None:
        with ExitStack() as undo:
            self.slot = slots.claim(data_folder)
            undo.callback(self.slot.release)
            _make_group(self.slot, places)
            self.launcher = Launcher()
            undo.callback(self.launcher.close)
            if self.slot.group:
                self.slot.group.join(self.launcher.process_id)
            self.launcher.greet(program_filter(), self.slot.user if os.geteuid() == 0 else -1)
            undo.pop_all()

    def close(self) -> None:
        self.launcher.close()
        self.slot.release()


def _make_group(slot: slots.Slot, places: cgroups.Places) -> None:
    try:
        slot.make_group(places)
    except OSError as error:
        message = f"The layer cgroup_memory is missing on this machine: no control group can be made: {error}."
        raise LayerMissingError(message, remedy=CGROUP_REMEDY) from error


class BubblewrapSandbox:
    """Runs programs under bubblewrap and the layers around it; a `Sandbox`.

    `data_folder` keeps the slot locks of an ordinary user. A layer that this machine lacks is an error unless its id is
    in `allowed_missing`. To be used from one thread.
    """

    name = "bubblewrap"

    def __init__(self, data_folder: Path, *, allowed_missing: frozenset[str] = frozenset()) -> None:
        self._data_folder = data_folder
        self._allowed_missing = allowed_missing
        self._free: list[_Place] = []
        self._all: list[_Place] = []
        self._places: cgroups.Places | None = None
        self._landlock: int | None = None

    def layers(self) -> tuple[LayerReport, ...]:
        """Try every layer on this machine and report whether it holds."""
        with BubblewrapSandbox(self._data_folder, allowed_missing=frozenset(LAYER_IDS)) as lenient:
            return try_layers(lenient, lenient.set_up())

    def set_up(self) -> frozenset[str]:
        """Return the optional layers that this machine has; none of it is tried yet."""
        places = self._cgroup_places()
        return frozenset(layer for layer, controller in CGROUP_LAYERS.items() if controller in places.folders)

    def run(self, request: RunRequest) -> RunResult:
        """Run one program to its end. Raises `SandboxError` only for a fault that is not the program's."""
        place, supervision = self._start(request, request.stdin)
        try:
            supervision.run_to_end()
        finally:
            supervision.stop()
        result = supervision.conclude(request.collection)
        self._free.append(place)
        return result

    def start(self, request: RunRequest) -> LiveProgram:
        """Start a program that will be talked to."""
        place, supervision = self._start(request, b"")
        program = LiveProgram(supervision, request.collection, lambda: self._free.append(place))
        if request.stdin:
            with suppress(RunEndedError):  # the next call says so too
                program.send(request.stdin)
        return program

    def held_slots(self) -> tuple[slots.Slot, ...]:
        """Return the slots that it holds: one for each program that ran at the same time."""
        return tuple(place.slot for place in self._all)

    def _start(self, request: RunRequest, stdin: bytes) -> tuple[_Place, Supervision]:
        plan = make_plan(request, landlock=self._landlock_version())
        contents = [*request.files.values(), *request.tools.values()]
        place = self._take_place()
        group, limits = place.slot.group, request.limits
        try:
            if group:
                group.begin(limits)
            started = place.launcher.start(plan, contents)
        except BaseException:
            self._discard(place)
            raise
        return place, Supervision(started, limits, Meter(limits, group, started.monitor_id, started.folder), stdin)

    def _discard(self, place: _Place) -> None:
        """Give up a slot in which a program could not be started: its launcher may be broken."""
        self._all.remove(place)
        place.close()

    def _take_place(self) -> _Place:
        if self._free:
            return self._free.pop()
        place = _Place(self._data_folder, self._cgroup_places(), self._filter)
        self._all.append(place)
        return place

    def _cgroup_places(self) -> cgroups.Places:
        if self._places is None:
            self._places = cgroups.find_places()
        for layer, controller in CGROUP_LAYERS.items():
            if controller not in self._places.folders:
                self._require(layer, "no control group can be made", CGROUP_REMEDY)
        return self._places

    def _landlock_version(self) -> int:
        if self._landlock is None:
            self._landlock = landlock.version()
        if not self._landlock:
            self._require("landlock", "the kernel does not offer it", LANDLOCK_REMEDY)
        return self._landlock

    def _filter(self) -> bytes:
        try:
            return seccomp.compiled_filter()
        except LayerMissingError:
            if "seccomp" in self._allowed_missing:
                return b""
            raise

    def _require(self, layer: str, reason: str, remedy: str) -> None:
        if layer not in self._allowed_missing:
            message = f"The layer {layer} is missing on this machine: {reason}."
            raise LayerMissingError(message, remedy=remedy)

    def close(self) -> None:
        """Release all slots: no process, control group or folder stays behind."""
        faults = []
        while self._all:
            try:
                self._all.pop().close()
            except SandboxError as fault:
                faults.append(fault)
        self._free.clear()
        if faults:
            raise faults[0]

    def __enter__(self) -> "BubblewrapSandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
