"""Parsing on texts, version 2 on a folder that looks like one, version 1 (or 2) for real where this user may."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.sandbox import cgroups
from shipworthy.sandbox.entities import MEBIBYTE, Limits

_MOUNTINFO = """\
30 24 0:26 / /sys/fs/cgroup ro shared:9 - tmpfs tmpfs ro,mode=755
31 30 0:27 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw,nsdelegate
36 30 0:32 / /sys/fs/cgroup/cpu,cpuacct rw shared:15 - cgroup cgroup rw,cpu,cpuacct
37 30 0:33 /docker/abc /sys/fs/cgroup/memory rw shared:16 - cgroup cgroup rw,memory
"""


def test_mounts_of_both_versions_are_found() -> None:
    mounts = cgroups.parse_mounts(_MOUNTINFO)
    assert mounts["2"] == (Path("/sys/fs/cgroup/unified"), "/")
    assert mounts["cpuacct"] == (Path("/sys/fs/cgroup/cpu,cpuacct"), "/")
    assert mounts["memory"] == (Path("/sys/fs/cgroup/memory"), "/docker/abc")


def test_membership_in_both_versions() -> None:
    own = cgroups.parse_membership("9:name=systemd:/\n4:memory:/a/b\n2:cpu,cpuacct:/\n0::/user.slice/x:y\n")
    assert own == {"name=systemd": "/", "memory": "/a/b", "cpu": "/", "cpuacct": "/", "2": "/user.slice/x:y"}


@pytest.fixture
def unified(tmp_path: Path) -> Path:
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids")
    (tmp_path / "cgroup.subtree_control").write_text("memory pids")
    (tmp_path / "cgroup.procs").write_text("")
    return tmp_path


def test_a_unified_hierarchy_with_its_controllers_is_a_place(unified: Path) -> None:
    assert cgroups.unified_place(unified) == cgroups.Places(2, dict.fromkeys(cgroups.CONTROLLERS, unified))


def test_a_unified_hierarchy_without_memory_is_none(unified: Path) -> None:
    (unified / "cgroup.controllers").write_text("hugetlb")
    assert cgroups.unified_place(unified).folders == {}


def test_missing_controllers_are_enabled(unified: Path) -> None:
    (unified / "cgroup.subtree_control").write_text("")
    cgroups.enable_controllers(unified)
    assert (unified / "cgroup.subtree_control").read_text() == "+memory +pids"


class TestUnifiedGroup:
    @pytest.fixture
    def group(self, tmp_path: Path) -> cgroups.UnifiedGroup:
        for name, text in {
            "memory.current": "1048576",
            "memory.events": "low 0\noom 0\noom_kill 2\n",
            "cpu.stat": "usage_usec 1000\nuser_usec 1\n",
            "pids.current": "4",
            "cgroup.procs": "",
        }.items():
            (tmp_path / name).write_text(text)
        return cgroups.UnifiedGroup(tmp_path)

    def test_limits_are_set(self, group: cgroups.UnifiedGroup, tmp_path: Path) -> None:
        group.begin(Limits(memory_bytes=64 * MEBIBYTE, processes=8))
        assert int((tmp_path / "memory.max").read_text()) == 72 * MEBIBYTE
        assert (tmp_path / "memory.swap.max").read_text() == "0"
        assert int((tmp_path / "pids.max").read_text()) == 11

    def test_figures_are_differences_to_the_beginning(self, group: cgroups.UnifiedGroup, tmp_path: Path) -> None:
        group.begin(Limits())
        (tmp_path / "cpu.stat").write_text("usage_usec 2501000\n")
        (tmp_path / "memory.current").write_text("3145728")
        assert group.cpu_seconds() == 2.5
        assert group.peak_memory() == 2 * MEBIBYTE
        assert group.processes() == 1
        assert not group.ran_out_of_memory()
        (tmp_path / "memory.events").write_text("oom_kill 3\n")
        assert group.ran_out_of_memory()

    def test_the_peak_is_remembered(self, group: cgroups.UnifiedGroup, tmp_path: Path) -> None:
        group.begin(Limits())
        (tmp_path / "memory.current").write_text("9437184")
        group.processes()
        (tmp_path / "memory.current").write_text("1048576")
        assert group.peak_memory() == 8 * MEBIBYTE

    def test_memory_in_use_beyond_a_lower_limit_is_reclaimed_first(
        self, group: cgroups.UnifiedGroup, tmp_path: Path
    ) -> None:
        (tmp_path / "memory.current").write_text(str(100 * MEBIBYTE))
        group.begin(Limits(memory_bytes=32 * MEBIBYTE))
        assert int((tmp_path / "memory.reclaim").read_text()) == 60 * MEBIBYTE


@pytest.mark.skipif(not cgroups.find_places().folders, reason="this user may not make control groups")
class TestRealGroup:
    @pytest.fixture
    def group(self) -> Iterator[cgroups.Group]:
        made = cgroups.make_group(cgroups.find_places(), f"shipworthy-test-{os.getpid()}")
        assert made is not None
        yield made
        made.close()
        cgroups.remove_groups(set(made.folders))
        assert not any(folder.exists() for folder in made.folders)

    def test_a_process_in_it_is_counted_limited_and_killed(self, group: cgroups.Group) -> None:
        group.begin(Limits(processes=4))
        with subprocess.Popen(["/bin/sh", "-c", "while :; do :; done"]) as process:
            group.join(process.pid)
            while (group.cpu_seconds() or 0.0) < 0.05:
                continue
            cgroups.empty_groups(set(group.folders))
            assert process.wait(timeout=10) == -9

    def test_limits_can_be_lowered_and_raised(self, group: cgroups.Group) -> None:
        for size in (512, 64, 1024, 32):
            group.begin(Limits(memory_bytes=size * MEBIBYTE))
        assert not group.ran_out_of_memory()
        assert group.peak_memory() is not None
