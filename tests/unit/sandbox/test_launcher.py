import os
from pathlib import Path

import pytest

from shipworthy.sandbox import launcher
from shipworthy.sandbox.entities import RunRequest, RuntimeFolder
from shipworthy.sandbox.errors import LayerMissingError, SandboxError
from shipworthy.sandbox.preparation import make_plan


@pytest.mark.parametrize(
    "detail",
    [
        "[Errno 1] Operation not permitted: 'unshare'",
        "bwrap: setting up uid map: Permission denied",
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow user namespace",
        "[Errno 1] Operation not permitted: 'mount on /dev/shm'",
        "[Errno 38] Function not implemented: 'system call 429'",
    ],
)
def test_missing_namespaces_come_with_a_remedy(detail: str) -> None:
    fault = launcher.start_fault(detail)
    assert isinstance(fault, LayerMissingError)
    assert "layer namespaces" in fault.what
    assert "kernel.apparmor_restrict_unprivileged_userns" in fault.remedy


def test_other_faults_are_told_as_they_are() -> None:
    fault = launcher.start_fault("bwrap: Can't find source path /gone: No such file or directory")
    assert type(fault) is SandboxError
    assert "/gone" in fault.what
    assert fault.remedy


def test_bubblewrap_is_in_its_wheel() -> None:
    package, executable = launcher.bubblewrap_place()
    assert os.access(package / executable, os.X_OK)


def test_a_launcher_that_has_ended_is_a_clear_error() -> None:
    made = launcher.Launcher()
    made.greet(b"", -1)
    made.close()
    plan = make_plan(RunRequest(RuntimeFolder(Path("/usr"), "bin/python3", "d"), ("python",)), landlock=0)
    with pytest.raises(SandboxError, match="launcher has ended"):
        made.start(plan, [])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has its launcher change its user id")
def test_a_launcher_that_cannot_settle_says_why() -> None:
    made = launcher.Launcher()
    made.greet(b"", 1_000_000_000_000)
    plan = make_plan(RunRequest(RuntimeFolder(Path("/usr"), "bin/python3", "d"), ("python",)), landlock=0)
    with pytest.raises(SandboxError, match=r"could not be set up|namespaces"):
        made.start(plan, [])
    made.close()
