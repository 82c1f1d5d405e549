"""HTTP/1.1 over a Unix socket, with limits; how a server that a candidate wrote is spoken to."""

import socket
from collections.abc import Callable
from contextlib import suppress

import h11

from shipworthy.core.clock import monotonic
from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError

MAX_BODY = 16 * 1024 * 1024
CHUNK = 64 * 1024


def ask_over(connect: Callable[[float], socket.socket], question: HttpQuestion, *, timeout: float) -> HttpAnswer:
    """Send one request over a fresh connection and return the response.

    `connect` takes the seconds it may wait. Raises `AnswerTimeoutError` after `timeout` seconds, `RunEndedError` when
    the server hangs up or speaks no HTTP, `AnswerTooLongError` beyond 16 MiB.
    """
    deadline = monotonic() + timeout
    with connect(timeout) as connection:
        try:
            return _exchange(connection, question, deadline)
        except TimeoutError:
            raise AnswerTimeoutError(f"The server did not answer {question.target} within {timeout:g} s.") from None
        except (OSError, h11.RemoteProtocolError) as error:
            raise RunEndedError(f"The server's answer to {question.target} is no HTTP: {error}.") from None


def _exchange(connection: socket.socket, question: HttpQuestion, deadline: float) -> HttpAnswer:
    protocol = h11.Connection(our_role=h11.CLIENT)
    headers = [("host", "submission"), ("connection", "close"), ("content-length", str(len(question.body)))]
    request = h11.Request(method=question.method, target=question.target, headers=[*headers, *question.headers])
    parts = (request, h11.Data(data=question.body), h11.EndOfMessage())
    spelled = b"".join(protocol.send(part) or b"" for part in parts)
    connection.settimeout(_remaining(deadline))
    with suppress(BrokenPipeError):  # a server may answer and hang up before it has read everything
        connection.sendall(spelled)
    return _response(connection, protocol, deadline)


def _response(connection: socket.socket, protocol: h11.Connection, deadline: float) -> HttpAnswer:
    status, body = 0, bytearray()
    headers: tuple[tuple[str, str], ...] = ()
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            connection.settimeout(_remaining(deadline))
            protocol.receive_data(connection.recv(CHUNK))
        elif isinstance(event, h11.Response):
            status = event.status_code
            headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers)
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MAX_BODY:
                raise AnswerTooLongError(f"The server's answer is longer than {MAX_BODY // 1024**2} MiB.")
        elif isinstance(event, h11.EndOfMessage):
            return HttpAnswer(status, headers, bytes(body))
        elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
            raise RunEndedError("The server hung up before it had answered.")


def _remaining(deadline: float) -> float:
    remaining = deadline - monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining
