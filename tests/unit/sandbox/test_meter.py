"""Which figures count where some, all, or no control groups are there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.sandbox import watchdog
from shipworthy.sandbox.entities import MEBIBYTE, Limits, RunStatus
from shipworthy.sandbox.meter import Meter

LIMITS = Limits(cpu_seconds=2.0, memory_bytes=64 * MEBIBYTE)


class Figures:
    """A control group with the figures that a test gives it."""

    folders: tuple[Path, ...] = ()

    def __init__(self, cpu: float | None, memory: int | None, processes: int | None, *, out: bool = False) -> None:
        self._figures = (cpu, memory, processes)
        self._out = out

    def join(self, process: int) -> None: ...

    def begin(self, limits: Limits) -> None: ...

    def close(self) -> None: ...

    def cpu_seconds(self) -> float | None:
        return self._figures[0]

    def peak_memory(self) -> int | None:
        return self._figures[1]

    def processes(self) -> int | None:
        return self._figures[2]

    def ran_out_of_memory(self) -> bool:
        return self._out


@pytest.fixture
def folder() -> Iterator[int]:
    opened = os.open("/dev/shm", os.O_RDONLY)
    yield opened
    os.close(opened)


def _meter(group: Figures | None, folder: int) -> Meter:
    meter = Meter(LIMITS, group, 1, folder)
    meter.measure()
    return meter


def test_groups_are_believed(folder: int) -> None:
    meter = _meter(Figures(1.0, 200 * MEBIBYTE, 3), folder)
    assert (meter.cpu_seconds, meter.peak_memory, meter.peak_processes) == (1.0, 200 * MEBIBYTE, 3)
    assert meter.exceeded() is None  # the kernel decides on memory, and it ended nothing


def test_memory_is_exceeded_when_the_kernel_says_so(folder: int) -> None:
    assert _meter(Figures(9.0, 1, 1, out=True), folder).exceeded() is RunStatus.MEMORY_LIMIT


def test_cpu_time_is_exceeded_beyond_the_limit(folder: int) -> None:
    assert _meter(Figures(2.0, 1, 1), folder).exceeded() is None
    assert _meter(Figures(2.01, 1, 1), folder).exceeded() is RunStatus.CPU_LIMIT


@pytest.mark.parametrize("group", [None, Figures(0.1, None, 1)], ids=["no_groups", "no_memory_group"])
def test_without_a_memory_group_the_sample_decides(
    group: Figures | None, folder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "sample", lambda _: watchdog.Sample(0.5, 65 * MEBIBYTE, 4))
    meter = _meter(group, folder)
    assert meter.exceeded() is RunStatus.MEMORY_LIMIT
    assert meter.cpu_seconds == (0.5 if group is None else 0.1)


def test_figures_never_fall(folder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = iter([watchdog.Sample(1.0, 5000, 9), watchdog.Sample(0.2, 100, 3)])
    monkeypatch.setattr(watchdog, "sample", lambda _: next(samples))
    meter = _meter(None, folder)
    meter.measure()
    assert meter.cpu_seconds == 1.0
    assert meter.peak_processes == 7
