"""The self-test: every layer is really tried on this machine, most of them from inside a sandbox."""

import dataclasses
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from shipworthy.sandbox.entities import (
    MEBIBYTE,
    Collection,
    LayerReport,
    Limits,
    RunRequest,
    RunResult,
    RunStatus,
    RuntimeFolder,
    Sandbox,
)
from shipworthy.sandbox.errors import LayerMissingError, SandboxError
from shipworthy.sandbox.probe import PROBE

_LIMITS = Limits(
    cpu_seconds=5.0,
    wall_seconds=10.0,
    memory_bytes=96 * MEBIBYTE,
    processes=8,
    output_bytes=MEBIBYTE,
    disk_bytes=2 * MEBIBYTE,
    disk_files=64,
    file_bytes=4 * MEBIBYTE,
    open_files=64,
)
_USE_MEMORY = "kept = bytearray(b'x') * (200 << 20)"
_USE_CPU = "while True: pass"
_SLEEP = "import time; time.sleep(60)"
_TALK = "import os\nwhile True: os.write(1, b'x' * 4096)"
_LEAVE_TRAPS = "import os; os.symlink('/etc/passwd', 'link'); os.mkfifo('fifo'); open('plain', 'w').write('kept')"
Answer = tuple[bool, str]


class Trials:
    """Runs small programs in a sandbox and answers what each layer did to them."""

    def __init__(self, sandbox: Sandbox, present: frozenset[str]) -> None:
        self._sandbox = sandbox
        self._present = present
        root, python = (Path("/usr"), "bin/python3")
        if not (root / python).exists():
            root, python = Path(sys.base_prefix), f"bin/python{sys.version_info.major}.{sys.version_info.minor}"
        self._runtime = RuntimeFolder(root, python, "self-test")

    def run(self, program: str, **changed: Any) -> RunResult:
        """Run one program under small limits, some of them changed."""
        limits = dataclasses.replace(_LIMITS, **changed)
        argv = ("python", "-I", "-S", "-c", program)
        return self._sandbox.run(RunRequest(self._runtime, argv, limits=limits, collection=Collection(MEBIBYTE, 20)))

    @cached_property
    def seen(self) -> dict[str, Any]:
        """Return what the probe saw inside. Raises `SandboxError` when it said nothing."""
        result = self.run(PROBE)
        try:
            return cast("dict[str, Any]", json.loads(result.stdout))
        except ValueError as error:
            message = f"The self-test's probe failed: {result.stderr.decode('utf-8', 'replace')[-300:]}"
            raise SandboxError(message) from error

    def user_id(self) -> Answer:
        """The program's user on the host is not root, and files that only root may write are refused."""
        outside = int(self.seen["uid_map"].split()[1])
        opened = [name for name, answer in self.seen["settings"].items() if answer == "opened"]
        host = os.geteuid() == 0 and outside == 0
        return not opened and not host, f"settings of the kernel that could be opened: {opened or 'none'}"

    def namespaces(self) -> Answer:
        """All namespaces differ from the host's, and no process of the host is visible."""
        shared = [
            name for name, link in self.seen["namespaces"].items() if link == os.readlink(f"/proc/self/ns/{name}")
        ]
        visible = self.seen["processes"]
        return not shared and visible <= 2, f"shared with the host: {shared or 'none'}; {visible} processes visible"

    def network(self) -> Answer:
        """There is nothing but a loopback device that is down, and no network socket can be made."""
        up, refusals = self.seen["devices_up"], self.seen["sockets"]
        return not up and "opened" not in refusals.values(), f"devices up: {up or 'none'}; sockets: {refusals}"

    def read_only_root(self) -> Answer:
        """Nothing outside the program's own folders can be written, and folders of the host are not there."""
        written, found = self.seen["written"], self.seen["found"]
        return not written and not found, f"written: {written or 'none'}; folders of the host: {found or 'none'}"

    def work_folder(self) -> Answer:
        """Bytes and files in the program's folders end at their limits."""
        size, files = self.seen["disk_bytes"], self.seen["disk_files"]
        holds = size <= _LIMITS.disk_bytes + MEBIBYTE and files <= _LIMITS.disk_files + 64
        return holds, f"{size} bytes and {files} files were taken before it was full"

    def cgroup_memory(self) -> Answer:
        """Memory of all processes together ends at its limit."""
        return self._group("cgroup_memory", RunStatus.MEMORY_LIMIT, _USE_MEMORY)

    def cgroup_processes(self) -> Answer:
        """The number of processes ends at its limit."""
        made = self.seen["processes_made"]
        holds = "cgroup_processes" in self._present and made < _LIMITS.processes
        return holds, f"{made} processes were started beside the first, {_LIMITS.processes} allowed in all"

    def cgroup_cpu(self) -> Answer:
        """CPU time of all processes together ends at its limit."""
        return self._group("cgroup_cpu", RunStatus.CPU_LIMIT, _USE_CPU, cpu_seconds=0.2)

    def _group(self, layer: str, status: RunStatus, program: str, **changed: Any) -> Answer:
        result = self.run(program, **changed)
        present = layer in self._present
        where = "" if present else "no control group; figures are polled from /proc instead, which is weaker; "
        return present and result.status is status, f"{where}the program ended as {result.status.value}"

    def rlimits(self) -> Answer:
        """Resource limits bound one process: file size, open files, core files."""
        seen = self.seen["rlimits"]
        wanted = {"fsize": _LIMITS.file_bytes, "nofile": _LIMITS.open_files, "core": 0}
        return seen == wanted, ", ".join(f"{name} {value}" for name, value in seen.items())

    def capabilities(self) -> Answer:
        """The program has no capability and can get none."""
        held = self.seen["capabilities"]
        return not held, f"held: {held or 'none'}"

    def no_new_privileges(self) -> Answer:
        """Executing a set-id program gives no privilege."""
        return self.seen["no_new_privileges"] == "1", f"NoNewPrivs is {self.seen['no_new_privileges']}"

    def seccomp(self) -> Answer:
        """Kernel calls outside the allowlist do not exist for the program."""
        answer = self.seen["refused_call"]
        return self.seen["seccomp"] == "2" and answer == "ENOSYS", f"mode {self.seen['seccomp']}, unshare: {answer}"

    def landlock(self) -> Answer:
        """Writing outside the program's folders is refused also where mounts and permissions allow it."""
        answer = self.seen["own_knob"]
        return answer == "EACCES", f"writing a file in /proc/self: {answer}"

    def wall_clock(self) -> Answer:
        """A program that only waits is ended."""
        result = self.run(_SLEEP, wall_seconds=0.2)
        return result.status is RunStatus.WALL_LIMIT, f"ended after {result.usage.wall_seconds:.2f} s"

    def output_caps(self) -> Answer:
        """A program that floods its output is ended, and no more than the cap is kept."""
        result = self.run(_TALK, output_bytes=10_000)
        kept = len(result.stdout)
        return result.status is RunStatus.OUTPUT_LIMIT and kept <= 10_000, f"{kept} bytes kept of 10000 allowed"

    def collection(self) -> Answer:
        """Only regular files are read back; symlinks and pipes are refused."""
        result = self.run(_LEAVE_TRAPS)
        refused = {one.path: one.reason for one in result.refused}
        holds = dict(result.files) == {"plain": b"kept"} and refused == {"link": "symlink", "fifo": "not_regular"}
        return holds, f"read {sorted(result.files)}, refused {refused}"


@dataclass(frozen=True)
class _Layer:
    name: str
    trial: Callable[[Trials], Answer]
    remedy: str = "This is a fault of the sandbox: report it with the output of `sandbox check`."


_GROUPS = (
    "Run as root, or in a scope of your own: systemd-run --user --scope -p Delegate=yes COMMAND. "
    "Containers: mount the control groups writable."
)
LAYERS = (
    _Layer("user_id", Trials.user_id),
    _Layer("namespaces", Trials.namespaces),
    _Layer("network", Trials.network),
    _Layer("read_only_root", Trials.read_only_root),
    _Layer("work_folder", Trials.work_folder),
    _Layer("cgroup_memory", Trials.cgroup_memory, _GROUPS),
    _Layer("cgroup_processes", Trials.cgroup_processes, _GROUPS),
    _Layer("cgroup_cpu", Trials.cgroup_cpu, _GROUPS),
    _Layer("rlimits", Trials.rlimits),
    _Layer("capabilities", Trials.capabilities),
    _Layer("no_new_privileges", Trials.no_new_privileges),
    _Layer("seccomp", Trials.seccomp, "Install libseccomp (Debian and Ubuntu: apt-get install libseccomp2)."),
    _Layer("landlock", Trials.landlock, "Use Linux 5.13 or later with landlock in the kernel's lsm= list."),
    _Layer("wall_clock", Trials.wall_clock),
    _Layer("output_caps", Trials.output_caps),
    _Layer("collection", Trials.collection),
)
LAYER_IDS = tuple(layer.name for layer in LAYERS)


def try_layers(sandbox: Sandbox, present: frozenset[str]) -> tuple[LayerReport, ...]:
    """Try every layer of `sandbox`, which has to allow all of them to be missing.

    `present` names the layers that are set up at all. A trial that cannot be made counts as a layer that does not hold.
    """
    trials = Trials(sandbox, present)
    return tuple(_report(layer, trials) for layer in LAYERS)


def _report(layer: _Layer, trials: Trials) -> LayerReport:
    purpose = (layer.trial.__doc__ or "").strip()
    remedy = layer.remedy
    try:
        holds, detail = layer.trial(trials)
    except LayerMissingError as error:
        holds, detail, remedy = False, error.what, error.remedy
    except (SandboxError, OSError, LookupError) as error:
        holds, detail = False, f"could not be tried: {error}"
    return LayerReport(layer.name, purpose, holds, detail, "" if holds else remedy)
