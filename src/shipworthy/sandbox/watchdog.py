"""Figures of a sandbox where there are no control groups: read from `/proc` for every process in it.

Weaker than control groups: a figure is a sample, CPU time has a resolution of 10 ms, and memory that forked processes
share is counted in each of them. RLIMIT_NPROC and RLIMIT_AS bound what can happen between two samples.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """What a process and all its descendants use: CPU seconds, bytes of memory, number of threads."""

    cpu_seconds: float
    memory_bytes: int
    threads: int


def sample(process: int) -> Sample:
    """Measure `process` and its descendants now; those that end meanwhile are skipped."""
    cpu, memory, threads = 0.0, 0, 0
    for member in _family(process):
        with suppress(OSError, ValueError, IndexError):
            member_cpu, member_threads = parse_stat(_read(f"/proc/{member}/stat"))
            memory += parse_memory(_read(f"/proc/{member}/status"))
            cpu, threads = cpu + member_cpu, threads + member_threads
    return Sample(cpu, memory, threads)


def parse_stat(stat: str) -> tuple[float, int]:
    """Return CPU seconds (with those of reaped children) and threads. Format: `/proc/PID/stat`, see proc(5)."""
    fields = stat.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS, int(fields[17])


def parse_memory(status: str) -> int:
    """Return the bytes of anonymous and shared memory, not of files. Format: `/proc/PID/status`, see proc(5)."""
    wanted = ("RssAnon:", "RssShmem:")
    return sum(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(wanted))


def _family(process: int) -> Iterator[int]:
    waiting = [process]
    while waiting:
        member = waiting.pop()
        yield member
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{member}/task"):
                with suppress(OSError):
                    waiting += [int(child) for child in _read(f"/proc/{member}/task/{thread}/children").split()]


def _read(path: str) -> str:
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read()
