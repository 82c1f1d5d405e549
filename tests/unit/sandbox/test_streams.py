import os
from collections.abc import Iterator

import pytest

from shipworthy.sandbox.streams import CappedOutput, Input


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_output_up_to_the_cap_is_kept_and_more_is_noticed(pipe: tuple[int, int]) -> None:
    output = CappedOutput(pipe[0], cap=10)
    os.write(pipe[1], b"x" * 10)
    output.pump()
    assert not output.overflowed
    os.write(pipe[1], b"y")
    output.pump()
    assert (bytes(output.kept), output.overflowed) == (b"x" * 10, True)


def test_pumping_an_empty_pipe_does_not_block(pipe: tuple[int, int]) -> None:
    output = CappedOutput(pipe[0], cap=10)
    assert not output.pump()
    assert not output.ended
    os.close(pipe[1])
    output.drain()
    assert output.ended


def test_input_that_nobody_reads_does_not_block(pipe: tuple[int, int]) -> None:
    stdin = Input(pipe[1], b"x" * 1_000_000)
    stdin.push()
    assert stdin.pending
    assert not stdin.broken


def test_input_to_a_closed_pipe_is_broken(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    stdin = Input(pipe[1])
    stdin.add(b"hello")
    stdin.push()
    assert stdin.broken
    assert not stdin.pending


def test_input_is_written_in_order(pipe: tuple[int, int]) -> None:
    stdin = Input(pipe[1], b"one ")
    stdin.add(b"two")
    stdin.push()
    assert os.read(pipe[0], 100) == b"one two"
    stdin.close()
    stdin.close()
    assert os.read(pipe[0], 100) == b""
