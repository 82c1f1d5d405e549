import os
import resource
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.sandbox.entities import Limits, RunRequest, RuntimeFolder
from shipworthy.sandbox.errors import RequestRefusedError
from shipworthy.sandbox.preparation import checked_path, make_plan, place_of, rlimits

SYSTEM = RuntimeFolder(Path("/usr"), "bin/python3", "system")


def _request(**changed: object) -> RunRequest:
    return RunRequest(**{"runtime": SYSTEM, "argv": ("python", "main.py"), **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../up", "a/../b", "a//b", "./a", "a/", "nul\0", "x" * 256, "\udcff"]
)
def test_paths_that_could_lead_elsewhere_are_refused(path: str) -> None:
    with pytest.raises(RequestRefusedError):
        checked_path(path)


@given(st.lists(st.text("abc.-_é ", min_size=1, max_size=20).filter(lambda name: name not in {".", ".."}), min_size=1))
def test_plain_paths_stay_as_they_are(names: list[str]) -> None:
    path = "/".join(names)
    assert checked_path(path) == path


@given(st.text(max_size=30))
def test_an_accepted_path_never_leaves_its_folder(path: str) -> None:
    try:
        accepted = checked_path(path)
    except RequestRefusedError:
        return
    assert os.path.normpath(f"/work/{accepted}").startswith("/work/")


def test_the_word_python_means_the_interpreter_of_the_runtime(tmp_path: Path) -> None:
    runtime = RuntimeFolder(tmp_path, "bin/python3.11", "d")
    plan = make_plan(_request(runtime=runtime), landlock=1)
    assert plan["argv"] == ["/runtime/bin/python3.11", "main.py"]
    assert plan["runtime"] == str(tmp_path)
    assert plan["environment"]["PATH"].startswith("/runtime/bin:")


def test_a_runtime_of_the_system_is_used_in_place() -> None:
    assert place_of(SYSTEM) == ("", "/usr")
    assert make_plan(_request(), landlock=1)["argv"][0] == "/usr/bin/python3"


def test_programs_are_found_in_the_runtime_before_the_system(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uvicorn").touch()
    runtime = RuntimeFolder(tmp_path, "bin/python3", "d")
    assert make_plan(_request(runtime=runtime, argv=("uvicorn",)), landlock=1)["argv"] == ["/runtime/bin/uvicorn"]
    assert make_plan(_request(runtime=runtime, argv=("ls", "-l")), landlock=1)["argv"] == ["/usr/bin/ls", "-l"]


def test_the_environment_is_the_sandbox_own_and_the_request_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_JUDGE", "x")
    plan = make_plan(_request(environment={"HOME": "/work", "SEED": "7"}), landlock=1)
    assert "SECRET_OF_JUDGE" not in plan["environment"]
    assert plan["environment"]["SEED"] == "7"
    assert plan["environment"]["HOME"] == "/work"
    assert plan["environment"]["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize("environment", [{"": "x"}, {"A=B": "x"}, {"A": "x\0y"}])
def test_impossible_variables_are_refused(environment: dict[str, str]) -> None:
    with pytest.raises(RequestRefusedError):
        make_plan(_request(environment=environment), landlock=1)


def test_arguments_with_nul_are_refused() -> None:
    with pytest.raises(RequestRefusedError):
        make_plan(_request(argv=("python", "a\0b")), landlock=1)


@given(st.floats(0.1, 3600), st.integers(1 << 20, 1 << 36), st.integers(1, 4096))
def test_resource_limits_never_bite_before_the_limits_of_the_run(cpu: float, memory: int, processes: int) -> None:
    limits = Limits(cpu_seconds=cpu, memory_bytes=memory, processes=processes)
    soft = {number: value for number, value, _ in rlimits(limits)}
    assert soft[resource.RLIMIT_CPU] >= cpu
    assert soft[resource.RLIMIT_AS] > memory
    assert soft[resource.RLIMIT_NPROC] > processes
    assert soft[resource.RLIMIT_CORE] == 0
