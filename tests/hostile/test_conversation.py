"""Programs that are talked to and answer badly: the judge gets bytes or a clear error, never a hang."""

import dataclasses
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from shipworthy.sandbox.entities import LiveRun, RunRequest, RunStatus
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError
from tests.hostile.attack import PRELUDE, SMALL
from tests.hostile.battery import SYSTEM_PYTHON, sandbox_for


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BubblewrapSandbox]:
    with sandbox_for(tmp_path_factory.mktemp("data")) as made:
        yield made


def _start(sandbox: BubblewrapSandbox, program: str, **limits: float) -> LiveRun:
    argv = ("python", "-I", "-S", "-u", "-c", PRELUDE + program)
    changed = dataclasses.replace(SMALL, **limits)  # type: ignore[arg-type]
    return sandbox.start(RunRequest(SYSTEM_PYTHON, argv, limits=changed))


@pytest.mark.parametrize(
    "line",
    [
        b'{"answer": NaN}',
        b'{"answer": 1' + b"0" * 400 + b"}",
        b"[" * 20_000,
        b'{"answer": 1, "answer": 2}',
        b"\xff\xfe not text \x00\x01",
        b"",
    ],
    ids=["nan", "huge_number", "deep_nesting", "duplicate_keys", "not_text", "empty"],
)
def test_lines_come_back_as_the_bytes_they_are(sandbox: BubblewrapSandbox, line: bytes) -> None:
    program = f"os.write(1, {line!r} + b'\\n')"
    if len(line) > 10_000:
        program = f"os.write(1, {line[:1]!r} * {len(line)} + b'\\n')"
    run = _start(sandbox, program)
    try:
        assert run.read_line(timeout=5, limit=50_000) == line
    finally:
        run.finish()


def test_a_line_of_a_gigabyte_is_cut_short(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "while True: os.write(1, b'x' * 65536)")
    with pytest.raises(AnswerTooLongError, match="longer than 1000 bytes"):
        run.read_line(timeout=5, limit=1000)
    result = run.finish()
    assert len(result.stdout) <= SMALL.output_bytes


def test_half_a_line_is_the_end_and_no_answer(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "os.write(1, b'{\"half\": ')")
    with pytest.raises(RunEndedError):
        run.read_line(timeout=5, limit=1000)
    assert run.finish().stdout == b'{"half": '


def test_a_second_answer_waits_for_its_own_call(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "print('one'); print('two'); sys.stdin.readline()")
    assert run.read_line(timeout=5, limit=10) == b"one"
    assert run.read_line(timeout=5, limit=10) == b"two"
    with pytest.raises(AnswerTimeoutError, match=r"within 0\.1 seconds"):
        run.read_line(timeout=0.1, limit=10)
    run.finish()


def test_drip_without_newline_does_not_outlast_the_timeout(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "while True: os.write(1, b'.'); time.sleep(0.01)")
    with pytest.raises(AnswerTimeoutError):
        run.read_line(timeout=0.2, limit=10_000)
    assert run.finish().status is RunStatus.STOPPED


def test_a_program_that_never_reads_does_not_block_the_judge(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "time.sleep(60)", wall_seconds=0.5)
    with pytest.raises(RunEndedError, match="wall_limit"):
        run.send(b"x" * (1 << 20))
    assert run.finish().status is RunStatus.WALL_LIMIT


def test_a_program_that_only_writes_does_not_block_the_judge(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "while True: os.write(1, b'noise' * 1000)")
    with pytest.raises(RunEndedError):
        run.send(b"question\n" * 100_000)
    assert run.finish().status is RunStatus.OUTPUT_LIMIT


def test_noise_on_standard_error_does_not_block_the_program(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "os.write(2, b'x' * 200000); print('answer')", output_bytes=1 << 20)
    assert run.read_line(timeout=5, limit=100) == b"answer"
    assert len(run.finish(grace=5).stderr) == 200_000


def test_a_program_that_hangs_is_ended_while_the_judge_looks_away(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "while True: pass", cpu_seconds=0.2)
    with pytest.raises(RunEndedError, match="cpu_limit"):
        run.read_line(timeout=10, limit=10)
    assert run.finish().status is RunStatus.CPU_LIMIT


def test_finish_lets_a_program_end_by_itself(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "sys.stdin.read(); print('bye'); sys.exit(3)")
    result = run.finish(grace=5)
    assert (result.status, result.exit_code, result.stdout) == (RunStatus.EXITED, 3, b"bye\n")
    assert run.finish() is result


def test_talking_to_a_socket(sandbox: BubblewrapSandbox) -> None:
    program = """
time.sleep(0.05)
one = socket.socket(socket.AF_UNIX); one.bind("app.sock"); one.listen()
while True:
    peer, _ = one.accept(); peer.sendall(peer.recv(100).upper()); peer.close()
"""
    run = _start(sandbox, program)
    with run.connect("app.sock", timeout=5) as peer:
        peer.sendall(b"hello")
        assert peer.recv(100) == b"HELLO"
    assert run.finish().status is RunStatus.STOPPED


def test_a_symlink_does_not_lead_to_a_socket_of_the_host(sandbox: BubblewrapSandbox, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        path = tmp_path / "host.sock"
        listener.bind(os.fspath(path))
        listener.listen()
        listener.settimeout(0.1)
        traps = f"os.symlink({str(path)!r}, 'app.sock'); os.symlink({str(tmp_path)!r}, 'folder'); print('set')"
        run = _start(sandbox, traps + "\ntime.sleep(60)")
        assert run.read_line(timeout=5, limit=10) == b"set"
        for name in ("app.sock", "folder/host.sock", f"../../../../../{path}", str(path)):
            with pytest.raises(AnswerTimeoutError):
                run.connect(name, timeout=0.1)
        with pytest.raises(TimeoutError):
            listener.accept()
        run.finish()


def test_a_plain_file_is_no_socket(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "open('app.sock', 'w').close(); os.mkfifo('pipe'); time.sleep(60)")
    for name in ("app.sock", "pipe"):
        with pytest.raises(AnswerTimeoutError):
            run.connect(name, timeout=0.1)
    run.finish()


def test_connecting_to_a_program_that_has_ended(sandbox: BubblewrapSandbox) -> None:
    run = _start(sandbox, "sys.exit(1)")
    with pytest.raises(RunEndedError):
        run.connect("app.sock", timeout=5)
    run.finish()


def test_two_programs_at_once_do_not_see_each_other(sandbox: BubblewrapSandbox) -> None:
    one = _start(
        sandbox, "open('/tmp/mine', 'w').close(); open('/dev/shm/mine', 'w').close(); print('set'); sys.stdin.read()"
    )
    assert one.read_line(timeout=5, limit=10) == b"set"
    two = _start(
        sandbox,
        """
seen = [name for top in ("/work", "/tmp", "/dev/shm") for name in os.listdir(top)]
seen += [name for name in os.listdir("/proc") if name.isdigit() and int(name) > 2]
print(seen); sys.stdin.read()
""",
    )
    assert two.read_line(timeout=5, limit=100) == b"[]"
    assert one.finish(grace=5).exit_code == 0
    assert two.finish(grace=5).exit_code == 0
