"""What one run has used so far and whether a limit is passed; from control groups where there are any, else `/proc`."""

import os

from shipworthy.sandbox import watchdog
from shipworthy.sandbox.cgroups import Group
from shipworthy.sandbox.entities import Limits, RunStatus


class Meter:
    """The figures of one run. `folder` is its tmpfs, `monitor` the process above all of its processes."""

    def __init__(self, limits: Limits, group: Group | None, monitor: int, folder: int) -> None:
        self._limits = limits
        self._group = group
        self._monitor = monitor
        self._folder = folder
        self._polls_memory = False
        self.cpu_seconds: float | None = None
        self.peak_memory: int | None = None
        self.peak_processes: int | None = None

    def measure(self) -> None:
        """Take all figures now."""
        cpu, memory, processes = self._group_figures()
        self._polls_memory = memory is None
        if cpu is None or memory is None or processes is None:
            seen = watchdog.sample(self._monitor)
            cpu = seen.cpu_seconds if cpu is None else cpu
            memory = seen.memory_bytes + self._disk_bytes() if memory is None else memory
            processes = max(0, seen.threads - 2) if processes is None else processes
        self.cpu_seconds = max(cpu, self.cpu_seconds or 0.0)
        self.peak_memory = max(memory, self.peak_memory or 0)
        self.peak_processes = max(processes, self.peak_processes or 0)

    def _group_figures(self) -> tuple[float | None, int | None, int | None]:
        if self._group is None:
            return None, None, None
        return self._group.cpu_seconds(), self._group.peak_memory(), self._group.processes()

    def _disk_bytes(self) -> int:
        state = os.fstatvfs(self._folder)
        return (state.f_blocks - state.f_bfree) * state.f_frsize

    def exceeded(self) -> RunStatus | None:
        """Return which limit the latest figures pass."""
        if self.ran_out_of_memory() or (self._polls_memory and (self.peak_memory or 0) > self._limits.memory_bytes):
            return RunStatus.MEMORY_LIMIT
        if (self.cpu_seconds or 0.0) > self._limits.cpu_seconds:
            return RunStatus.CPU_LIMIT
        return None

    def ran_out_of_memory(self) -> bool:
        """Say whether the kernel ended a process for want of memory."""
        return self._group is not None and self._group.ran_out_of_memory()
