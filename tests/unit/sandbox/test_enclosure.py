"""What bubblewrap is asked for. That it holds is shown in tests/hostile."""

from pathlib import Path

import pytest

from shipworthy.sandbox.enclosure import arguments
from shipworthy.sandbox.entities import RunRequest, RuntimeFolder
from shipworthy.sandbox.plan import Plan
from shipworthy.sandbox.preparation import make_plan


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    runtime = RuntimeFolder(tmp_path, "bin/python3", "d")
    return make_plan(RunRequest(runtime, ("python", "--", "-c")), landlock=1)


def _sources(given: list[str]) -> dict[str, str]:
    """Return, by place inside, what is mounted there."""
    kinds = {"--ro-bind", "--bind", "--dev-bind"}
    return {given[at + 2]: given[at + 1] for at, word in enumerate(given[: given.index("--")]) if word in kinds}


def test_only_what_is_needed_of_the_host_is_mounted(plan: Plan, tmp_path: Path) -> None:
    sources = _sources(arguments("/point", plan, seccomp=True))
    host = {source for source in sources.values() if not source.startswith(("/point/", "/dev/"))}
    assert host <= {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", str(tmp_path)}
    assert sources["/runtime"] == str(tmp_path)


def test_only_three_folders_are_writable(plan: Plan) -> None:
    given = arguments("/point", plan, seccomp=True)
    writable = {given[at + 2] for at, word in enumerate(given) if word == "--bind"}
    assert writable == {"/work", "/tmp", "/dev/shm"}
    assert given[given.index("--remount-ro") + 1] == "/"


def test_the_program_cannot_be_taken_for_an_option(plan: Plan) -> None:
    given = arguments("/point", plan, seccomp=True)
    assert given[given.index("--") :] == ["--", "/shield", "/runtime/bin/python3", "--", "-c"]


def test_a_missing_filter_is_not_asked_for(plan: Plan) -> None:
    assert "--seccomp" in arguments("/point", plan, seccomp=True)
    assert "--seccomp" not in arguments("/point", plan, seccomp=False)


@pytest.mark.parametrize(
    "wanted", ["--unshare-user", "--unshare-pid", "--clearenv", "--die-with-parent", "--new-session"]
)
def test_nothing_of_the_sandbox_is_optional(plan: Plan, wanted: str) -> None:
    assert wanted in arguments("/point", plan, seccomp=False)
