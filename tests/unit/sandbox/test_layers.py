import os
from pathlib import Path

import pytest

from shipworthy.sandbox.bubblewrap import CGROUP_LAYERS, BubblewrapSandbox
from shipworthy.sandbox.entities import LayerReport, LiveRun, RunRequest, RunResult, RunStatus, Usage
from shipworthy.sandbox.errors import LayerMissingError
from shipworthy.sandbox.layers import LAYER_IDS, try_layers


def test_every_layer_is_tried_and_holds_or_says_how_to_get_it(tmp_path: Path) -> None:
    reports = BubblewrapSandbox(tmp_path).layers()
    assert tuple(report.layer for report in reports) == LAYER_IDS
    lacking = {report.layer for report in reports if not report.holds}
    assert lacking <= (set() if os.geteuid() == 0 else set(CGROUP_LAYERS))
    assert all(report.purpose and report.detail for report in reports)
    assert all(bool(report.remedy) != report.holds for report in reports)


class NoSandbox:
    """What the self-test has to notice: programs run without any protection."""

    name = "none"

    def __init__(self, stdout: bytes = b"") -> None:
        self._stdout = stdout

    def layers(self) -> tuple[LayerReport, ...]:
        return ()

    def run(self, request: RunRequest) -> RunResult:
        usage = Usage(0.1, None, None, None)
        files = {"plain": b"kept", "link": b"root:x:0:0"}
        return RunResult(RunStatus.EXITED, 0, None, self._stdout, b"", files, (), usage)

    def start(self, request: RunRequest) -> LiveRun:
        raise NotImplementedError

    def close(self) -> None:
        return


_UNPROTECTED = b"""{
"uid_map": "0 0 4294967295", "settings": {"kernel/core_pattern": "opened"}, "namespaces": {"user": "%s"},
"processes": 90, "devices_up": ["eth0"], "sockets": {"inet": "opened"}, "written": ["/etc/x"], "found": ["/root"],
"disk_bytes": 99999999, "disk_files": 100000, "processes_made": 9, "rlimits": {"core": -1}, "capabilities": ["ff"],
"no_new_privileges": "0", "seccomp": "0", "refused_call": "done", "own_knob": "opened"}"""


def test_no_layer_holds_where_there_is_no_sandbox() -> None:
    seen = _UNPROTECTED % os.readlink("/proc/self/ns/user").encode()
    reports = try_layers(NoSandbox(seen), frozenset(CGROUP_LAYERS))
    assert [report.layer for report in reports if report.holds] == []


def test_a_probe_that_says_nothing_proves_nothing() -> None:
    reports = try_layers(NoSandbox(b""), frozenset())
    assert not any(report.holds for report in reports)


class Refusing(NoSandbox):
    def run(self, request: RunRequest) -> RunResult:
        raise LayerMissingError("The layer namespaces is missing.", remedy="Allow them.")


def test_what_is_missing_comes_with_its_own_remedy() -> None:
    reports = try_layers(Refusing(), frozenset())
    assert {report.remedy for report in reports} == {"Allow them."}


@pytest.mark.parametrize("layer", LAYER_IDS)
def test_layer_names_are_words(layer: str) -> None:
    assert layer.replace("_", "").isalpha()
