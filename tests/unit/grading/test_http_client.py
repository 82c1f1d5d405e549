"""Servers that answer early, late, too much or not at all."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.grading.http_client import ask_over
from shipworthy.sandbox.errors import AnswerTimeoutError, RunEndedError

QUESTION = HttpQuestion("POST", "/x", (("content-type", "text/plain"),), b"x" * 1000)
ANSWER = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nX-Kind: test\r\n\r\nno"


@contextmanager
def server(act: Callable[[socket.socket], None]) -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=act, args=(theirs,))
    thread.start()
    try:
        yield ours
    finally:
        thread.join()
        theirs.close()


def asked(act: Callable[[socket.socket], None], *, timeout: float = 5.0) -> HttpAnswer:
    with server(act) as connection:
        return ask_over(lambda _: connection, QUESTION, timeout=timeout)


def test_an_answer_comes_back_with_status_headers_and_body() -> None:
    def polite(connection: socket.socket) -> None:
        received = b""
        while not received.endswith(QUESTION.body):
            received += connection.recv(65536)
        connection.sendall(ANSWER)

    answer = asked(polite)
    assert (answer.status, answer.body) == (404, b"no")
    assert ("x-kind", "test") in answer.headers


def test_a_server_that_answers_and_hangs_up_before_it_is_asked_is_still_heard() -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(ANSWER)
    theirs.close()
    assert ask_over(lambda _: ours, QUESTION, timeout=5.0).status == 404


@pytest.mark.parametrize("words", [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"])
def test_what_is_no_whole_http_answer_is_told_apart(words: bytes) -> None:
    def odd(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(words)
        connection.shutdown(socket.SHUT_RDWR)

    with pytest.raises(RunEndedError):
        asked(odd)


def test_a_silent_server_is_waited_for_only_so_long() -> None:
    def silent(connection: socket.socket) -> None:
        connection.recv(65536)

    with pytest.raises(AnswerTimeoutError, match="/x"):
        asked(silent, timeout=0.2)
