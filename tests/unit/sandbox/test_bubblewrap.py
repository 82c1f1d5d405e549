"""The sandbox as its users see it. What hostile programs do to it is in tests/hostile."""

import dataclasses
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.sandbox import cgroups, landlock
from shipworthy.sandbox.bubblewrap import CGROUP_LAYERS, BubblewrapSandbox
from shipworthy.sandbox.entities import Collection, Limits, RunRequest, RunStatus, RuntimeFolder
from shipworthy.sandbox.errors import LayerMissingError, RequestRefusedError, SandboxError

SYSTEM = RuntimeFolder(Path("/usr"), "bin/python3", "system")
MISSING = frozenset() if os.geteuid() == 0 else frozenset(CGROUP_LAYERS)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BubblewrapSandbox]:
    with BubblewrapSandbox(tmp_path_factory.mktemp("data"), allowed_missing=MISSING) as made:
        yield made


def _request(program: str, **changed: object) -> RunRequest:
    request = RunRequest(SYSTEM, ("python", "-I", "-S", "-c", program))
    return dataclasses.replace(request, **changed)  # type: ignore[arg-type]


def test_a_program_gets_its_files_tools_input_and_environment(sandbox: BubblewrapSandbox) -> None:
    program = """
import os, sys
print(open("in/data.txt").read(), open("/tools/check.py").read(), sys.stdin.read(), os.environ["SEED"], os.getcwd())
print("trouble", file=sys.stderr)
open("out.txt", "w").write("made")
sys.exit(4)
"""
    result = sandbox.run(
        _request(
            program,
            files={"in/data.txt": b"content"},
            tools={"check.py": b"tool"},
            stdin=b"typed",
            environment={"SEED": "7"},
        )
    )
    assert (result.status, result.exit_code) == (RunStatus.EXITED, 4)
    assert result.stdout == b"content tool typed 7 /work\n"
    assert result.stderr == b"trouble\n"
    assert result.files == {"in/data.txt": b"content", "out.txt": b"made"}
    assert result.refused == ()


def test_runs_leave_nothing_for_the_next_one(sandbox: BubblewrapSandbox) -> None:
    program = """
import os
print([os.listdir(top) for top in ("/work", "/tmp", "/dev/shm")])
for top in ("/work", "/tmp", "/dev/shm"): open(top + "/left", "w").close()
"""
    first, second = sandbox.run(_request(program)), sandbox.run(_request(program))
    assert first.stdout == second.stdout == b"[[], [], []]\n"


def test_usage_is_measured(sandbox: BubblewrapSandbox) -> None:
    result = sandbox.run(_request("kept = bytearray(b'x') * (32 << 20); n = sum(range(3000000))"))
    usage = result.usage
    assert usage.wall_seconds > 0
    assert usage.cpu_seconds is not None
    assert usage.peak_memory_bytes is not None
    if os.geteuid() == 0:
        assert usage.peak_memory_bytes > 32 << 20
        assert usage.cpu_seconds > 0.01


def test_large_input_and_output_do_not_lock_each_other_up(sandbox: BubblewrapSandbox) -> None:
    program = "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    content = bytes(range(256)) * 12_000
    result = sandbox.run(_request(program, stdin=content, limits=Limits(output_bytes=4 << 20)))
    assert result.stdout == content


def test_input_that_is_not_read_is_no_fault(sandbox: BubblewrapSandbox) -> None:
    result = sandbox.run(_request("print('done')", stdin=b"x" * 1_000_000))
    assert (result.status, result.stdout) == (RunStatus.EXITED, b"done\n")


def test_a_program_that_does_not_exist_ends_with_126(sandbox: BubblewrapSandbox) -> None:
    result = sandbox.run(RunRequest(SYSTEM, ("no-such-program",)))
    assert (result.status, result.exit_code) == (RunStatus.EXITED, 126)


def test_files_that_do_not_fit_are_the_fault_of_the_request(sandbox: BubblewrapSandbox) -> None:
    request = _request("pass", files={"large": bytes(1 << 20)}, limits=Limits(disk_bytes=1 << 18))
    with pytest.raises(SandboxError, match="do not fit") as raised:
        sandbox.run(request)
    assert "disk_bytes" in raised.value.remedy
    assert sandbox.run(_request("print('well')")).stdout == b"well\n"


def test_a_runtime_that_is_gone_is_a_clear_error(sandbox: BubblewrapSandbox, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="gone"):
        sandbox.run(RunRequest(RuntimeFolder(tmp_path / "gone", "bin/python3", "d"), ("python",)))
    assert sandbox.run(_request("print('well')")).stdout == b"well\n"


def test_names_that_lead_elsewhere_are_refused_before_anything_runs(sandbox: BubblewrapSandbox) -> None:
    with pytest.raises(RequestRefusedError):
        sandbox.run(_request("pass", files={"../outside": b""}))


def test_only_what_is_wanted_is_collected(sandbox: BubblewrapSandbox) -> None:
    result = sandbox.run(_request("open('a', 'w').write('x' * 100)", collection=Collection(total_bytes=10)))
    assert result.files == {}
    assert [one.reason for one in result.refused] == ["too_big"]


def test_a_script_may_be_executed_from_the_work_folder(sandbox: BubblewrapSandbox) -> None:
    program = """
import os, subprocess
open("tool", "w").write("#!/bin/sh\\necho ran\\n"); os.chmod("tool", 0o755)
print(subprocess.run(["./tool"], capture_output=True).stdout)
"""
    result = sandbox.run(dataclasses.replace(_request(program), argv=("python", "-I", "-c", program)))
    assert result.stdout == b"b'ran\\n'\n"


def test_processes_and_shared_memory_work_as_libraries_expect(sandbox: BubblewrapSandbox) -> None:
    program = """
import multiprocessing as mp
from multiprocessing import shared_memory
def square(x): return x * x
if __name__ == "__main__":
    block = shared_memory.SharedMemory(create=True, size=1000); block.close(); block.unlink()
    with mp.Pool(2) as pool: print(pool.map(square, range(4)))
    with mp.get_context("spawn").Pool(1) as pool: print(pool.map(abs, [-1]))
"""
    result = sandbox.run(RunRequest(SYSTEM, ("python", "main.py"), files={"main.py": program.encode()}))
    assert result.stdout == b"[0, 1, 4, 9]\n[1]\n"


def test_a_socket_of_the_host_can_be_lent_by_name(sandbox: BubblewrapSandbox, tmp_path: Path) -> None:
    program = """
import os, socket
one = socket.socket(socket.AF_UNIX); one.connect("/sockets/gateway"); one.sendall(b"hello")
print(one.recv(100).decode(), os.listdir("/sockets"))
"""
    (tmp_path / "closed").mkdir(mode=0o700)
    path = tmp_path / "closed" / "listening"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        with pytest.raises(RequestRefusedError, match="everybody may write"):
            sandbox.run(_request(program, sockets={"gateway": path}))
        path.chmod(0o666)
        live = sandbox.start(_request(program, sockets={"gateway": path}))
        peer, _ = listener.accept()
        with peer:
            peer.sendall(peer.recv(100).upper())
        result = live.finish(grace=5)
    assert result.stdout == b"HELLO ['gateway']\n"


def test_only_sockets_are_lent(sandbox: BubblewrapSandbox, tmp_path: Path) -> None:
    (tmp_path / "file").touch(mode=0o666)
    for path in (tmp_path / "file", tmp_path / "absent", tmp_path):
        with pytest.raises(RequestRefusedError):
            sandbox.run(_request("pass", sockets={"gateway": path}))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root reaches folders that are closed to the slot's user")
def test_a_runtime_in_a_closed_folder_can_be_used_by_root(sandbox: BubblewrapSandbox, tmp_path: Path) -> None:
    runtime = tmp_path / "closed" / "runtime"
    (runtime / "bin").mkdir(parents=True)
    (runtime / "bin" / "python3").write_text("#!/bin/sh\necho from the runtime: $0\n")
    (runtime / "bin" / "python3").chmod(0o755)
    (tmp_path / "closed").chmod(0o700)
    result = sandbox.run(RunRequest(RuntimeFolder(runtime, "bin/python3", "d"), ("python",)))
    assert result.stdout == b"from the runtime: /runtime/bin/python3\n"


@pytest.mark.parametrize("layer", sorted(CGROUP_LAYERS))
def test_a_missing_control_group_is_refused_with_a_remedy(
    layer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {controller: tmp_path for controller in cgroups.CONTROLLERS if controller != CGROUP_LAYERS[layer]}
    monkeypatch.setattr(cgroups, "find_places", lambda: cgroups.Places(1, others))
    sandbox = BubblewrapSandbox(tmp_path)
    with pytest.raises(LayerMissingError, match=f"layer {layer} is missing") as raised:
        sandbox.run(_request("pass"))
    assert "systemd-run" in raised.value.remedy
    sandbox.close()


def test_missing_landlock_is_refused_unless_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    with (
        BubblewrapSandbox(tmp_path, allowed_missing=MISSING) as strict,
        pytest.raises(LayerMissingError, match="landlock"),
    ):
        strict.run(_request("pass"))
    with BubblewrapSandbox(tmp_path, allowed_missing=MISSING | {"landlock"}) as lenient:
        assert lenient.run(_request("print('ran')")).stdout == b"ran\n"


def test_close_leaves_no_group_and_can_be_repeated(tmp_path: Path) -> None:
    sandbox = BubblewrapSandbox(tmp_path, allowed_missing=MISSING)
    sandbox.run(_request("pass"))
    groups = [slot.group for slot in sandbox.held_slots()]
    sandbox.close()
    sandbox.close()
    assert not any(folder.exists() for group in groups if group for folder in group.folders)
    assert sandbox.run(_request("print('again')")).stdout == b"again\n"
    sandbox.close()


def test_no_descriptor_is_left_open(sandbox: BubblewrapSandbox) -> None:
    sandbox.run(_request("pass"))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        sandbox.run(_request("pass"))
        sandbox.start(_request("import time; time.sleep(60)")).finish()
    assert len(os.listdir("/proc/self/fd")) == before
