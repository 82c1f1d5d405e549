"""The shield is really executed here; for aarch64 only its form can be looked at on another machine."""

import os
import platform
import subprocess
from pathlib import Path

import pytest

from shipworthy.sandbox import landlock, shield

needs_x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="executes x86_64 code")


def _run(tmp_path: Path, code: bytes, *argv: str, ruleset: int = -1) -> tuple[bytes, bytes]:
    """Execute the shield with a status pipe at 3 and `ruleset` at 9; return its output and what it reported."""
    program = tmp_path / "shield"
    program.write_bytes(code)
    program.chmod(0o755)
    reading, writing = os.pipe()
    outputs = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, outputs[1], 1), (os.POSIX_SPAWN_DUP2, writing, 3)]
    if ruleset >= 0:
        actions.append((os.POSIX_SPAWN_DUP2, ruleset, 9))
    process = os.posix_spawn(program, ["shield", *argv], {"WORD": "seen"}, file_actions=actions)
    os.close(writing)
    os.close(outputs[1])
    with os.fdopen(reading, "rb") as status, os.fdopen(outputs[0], "rb") as output:
        told = (output.read(), status.read())
    os.waitpid(process, 0)
    return told


def _reported(status: bytes) -> int:
    assert status[:1] == shield.STARTED
    assert len(status) in {5, 6}
    return int.from_bytes(status[-4:], "little")


@needs_x86
def test_it_runs_the_program_with_its_arguments_and_environment(tmp_path: Path) -> None:
    code = shield.emit("x86_64", landlock=False)
    output, status = _run(tmp_path, code, "/bin/sh", "-c", 'echo "$WORD $0 $1"; exit 3', "zero", "one")
    assert output == b"seen zero one\n"
    assert os.waitstatus_to_exitcode(_reported(status)) == 3


@needs_x86
def test_it_reports_the_signal_that_ended_the_program(tmp_path: Path) -> None:
    _, status = _run(tmp_path, shield.emit("x86_64", landlock=False), "/bin/sh", "-c", "kill -9 $$")
    assert os.WTERMSIG(_reported(status)) == 9


@needs_x86
def test_it_refuses_to_run_anything_when_the_descriptor_is_no_ruleset(tmp_path: Path) -> None:
    with Path("/dev/null").open() as not_a_ruleset:
        output, status = _run(
            tmp_path, shield.emit("x86_64"), "/bin/sh", "-c", "echo ran", ruleset=not_a_ruleset.fileno()
        )
    assert output == b""
    assert status[1:2] == shield.UNRESTRICTED
    assert os.waitstatus_to_exitcode(_reported(status)) == shield.NO_LANDLOCK_EXIT


@needs_x86
def test_it_says_when_the_program_cannot_be_executed(tmp_path: Path) -> None:
    _, status = _run(tmp_path, shield.emit("x86_64", landlock=False), "/no/such/program")
    assert os.waitstatus_to_exitcode(_reported(status)) == shield.NO_EXECUTION_EXIT


@needs_x86
def test_the_program_gets_no_descriptor_but_the_standard_ones(tmp_path: Path) -> None:
    code = shield.emit("x86_64", landlock=False)
    output, _ = _run(tmp_path, code, "/bin/sh", "-c", "for fd in 3 4 9; do [ -e /proc/self/fd/$fd ] && echo $fd; done")
    assert output == b""


@needs_x86
@pytest.mark.skipif(landlock.version() == 0, reason="the kernel has no Landlock")
def test_the_program_is_under_the_ruleset(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    ruleset = landlock.build_ruleset(
        landlock.version(), writable=[str(tmp_path / "open")], executable=["/usr", "/bin", "/lib", "/lib64"], devices=[]
    )
    script = f"echo x > {tmp_path}/open/file && echo allowed; echo x > {tmp_path}/file || echo refused"
    set_up = ["/usr/bin/setpriv", "--no-new-privs", str(tmp_path / "shield"), "/bin/sh", "-c", script]
    (tmp_path / "shield").write_bytes(shield.emit("x86_64"))
    (tmp_path / "shield").chmod(0o755)
    high = os.dup(ruleset)

    def place() -> None:
        os.dup2(high, 9)
        os.dup2(2, 3)

    ended = subprocess.run(set_up, capture_output=True, preexec_fn=place, close_fds=False, check=False)
    os.close(high)
    os.close(ruleset)
    assert ended.stdout == b"allowed\nrefused\n"


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 62), ("aarch64", 183)])
def test_form_of_the_file(machine: str, number: int) -> None:
    code = shield.emit(machine)
    assert code[:4] == b"\x7fELF"
    assert int.from_bytes(code[18:20], "little") == number
    assert len(code) < 700
    assert len(shield.emit(machine, landlock=False)) < len(code)


def _aarch64_calls(  # noqa: C901, PLR0912 - one branch for each instruction
    answers: list[int],
) -> list[tuple[int, int, int, int]]:
    """Follow the code for aarch64, answering its calls in turn; return number and first three arguments of each call.

    Knows the few instructions that the shield is made of; the addresses of stack and code are made up.
    """
    code = shield.emit("aarch64")[176:]
    words = [int.from_bytes(code[at : at + 4], "little") for at in range(0, len(code), 4)]
    argc, stack = 2, 0x1000
    memory = {stack: argc, stack + 16: 0xABC}
    registers, at, equal, calls = {31: stack}, 0, False, []
    while at < len(words):
        word, step = words[at], 1
        target, source = word & 31, word >> 5 & 31
        if word >> 23 == 0b110100101:  # movz
            registers[target] = word >> 5 & 0xFFFF
        elif word in {0x12800001, 0x92800000}:  # movn w1, 0; movn x0, 0
            registers[target] = 0xFFFFFFFF if word >> 31 == 0 else -1
        elif word >> 22 in {0b1001000100, 0b1101000100}:  # add, sub with a number
            sign = 1 if word >> 30 & 1 == 0 else -1
            registers[target] = registers[source] + sign * (word >> 10 & 0xFFF)
        elif word >> 22 == 0b1111100100:  # str
            memory[registers[source]] = registers[target]
        elif word >> 22 == 0b1111100101:  # ldr
            registers[target] = memory[registers[source] + (word >> 10 & 0xFFF) * 8]
        elif word == 0xAA0003F4:  # mov x20, x0
            registers[20] = registers[0]
        elif word == 0x8B030C22:  # add x2, x1, x3, lsl 3
            registers[2] = registers[1] + (registers[3] << 3)
        elif word == 0xEB14001F:  # cmp x0, x20
            equal = registers[0] == registers[20]
        elif word >> 24 == 0xB4:  # cbz
            step = (word >> 5 & 0x7FFFF) if registers[target] == 0 else 1
        elif word >> 19 == 0xB6F80000 >> 19:  # tbz, sign bit
            step = (word >> 5 & 0x3FFF) if registers[target] >= 0 else 1
        elif word >> 24 == 0x54:  # b.ne, backwards
            step = 1 if equal else (word >> 5 & 0x7FFFF) - (1 << 19)
        elif word == 0xD4000001:  # svc 0
            calls.append((registers[8], registers[0], registers[1], registers.get(2, 0)))
            if registers[8] == 94:
                break
            registers[0] = answers.pop(0)
        else:
            pytest.fail(f"unknown instruction {word:08x} at {at}")
        at += step
    return calls


def test_parent_for_aarch64_waits_for_its_child_and_reports() -> None:
    calls = _aarch64_calls([0, 1, 77, 0, 0, 50, 77, 4])
    numbers = [number for number, *_ in calls]
    assert numbers == [167, 64, 220, 436, 436, 260, 260, 64, 94]  # an orphan is reaped before the child
    assert calls[0][:3] == (167, 4, 0)
    assert calls[3][1:] == (0, 2, 0)
    assert calls[4][1:] == (4, 0xFFFFFFFF, 0)
    assert calls[5][1] == -1
    assert calls[7][1:] == (shield.STATUS_FD, 0x1000 - 16, 4)
    assert calls[8][1] == 0


def test_child_for_aarch64_restricts_itself_and_executes_its_arguments() -> None:
    calls = _aarch64_calls([0, 1, 0, 0, 0, -2])
    assert [number for number, *_ in calls] == [167, 64, 220, 446, 436, 221, 94]
    assert calls[3][1:3] == (shield.RULESET_FD, 0)
    assert calls[4][1:] == (shield.STATUS_FD, 0xFFFFFFFF, 0)
    assert calls[5] == (221, 0xABC, 0x1000 + 16, 0x1000 + 16 + 8 * 2)
    assert calls[6][1] == shield.NO_EXECUTION_EXIT


def test_child_for_aarch64_ends_when_it_cannot_be_restricted() -> None:
    calls = _aarch64_calls([0, 1, 0, -77, 1])
    assert calls[-2] == (64, shield.STATUS_FD, 0x1000 - 32, 1)
    assert calls[-1][:2] == (94, shield.NO_LANDLOCK_EXIT)


def test_parent_for_aarch64_ends_when_there_is_no_child() -> None:
    assert _aarch64_calls([0, 1, -11])[-1][:2] == (94, shield.NO_EXECUTION_EXIT)


def test_other_machines_are_refused() -> None:
    with pytest.raises(KeyError):
        shield.emit("riscv64")
