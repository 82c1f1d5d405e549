"""A program that is running and is talked to, line by line or over a Unix socket."""

import select
import socket
import threading
import time
from collections.abc import Callable

from shipworthy.sandbox.connection import open_connection
from shipworthy.sandbox.entities import Collection, RunResult, RunStatus
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError
from shipworthy.sandbox.supervision import TICK_SECONDS, Supervision

_NEWLINE = b"\n"


class LiveProgram:
    """A `LiveRun`. A thread of its own reads standard error and watches the limits; `released` is called at the end."""

    def __init__(self, supervision: Supervision, wanted: Collection, released: Callable[[], None]) -> None:
        self._released = released
        self._supervision = supervision
        self._wanted = wanted
        self._read_to = 0
        self._result: RunResult | None = None
        self._finishing = threading.Event()
        self._fault: Exception | None = None
        self._watcher = threading.Thread(target=self._watch, name="sandbox-watch", daemon=True)
        self._watcher.start()

    def _watch(self) -> None:
        supervision = self._supervision
        try:
            while not self._finishing.is_set() and not supervision.has_ended():
                self._await_error_output()
                while not supervision.error.overflowed and supervision.error.pump():
                    continue
                supervision.watch()
        except Exception as error:  # raised again by finish, in the thread that can handle it
            self._fault = error

    def _await_error_output(self) -> None:
        poll = select.poll()
        if not self._supervision.error.ended:
            poll.register(self._supervision.error.descriptor, select.POLLIN)
        poll.register(self._supervision.started.monitor, select.POLLIN)
        poll.poll(TICK_SECONDS * 1000)

    def send(self, data: bytes) -> None:
        """Write to its standard input. Raises `RunEndedError` when nothing reads it any more."""
        stdin, output = self._supervision.input, self._supervision.output
        stdin.add(data)
        stdin.push()
        while stdin.pending:
            poll = select.poll()
            poll.register(stdin.descriptor, select.POLLOUT)
            if not output.ended:
                poll.register(output.descriptor, select.POLLIN)
            for descriptor, _ in poll.poll(TICK_SECONDS * 1000):
                if descriptor == output.descriptor:
                    output.pump()
                else:
                    stdin.push()
        if stdin.broken:
            raise RunEndedError(self._end_text())

    def read_line(self, *, timeout: float, limit: int) -> bytes:
        """Return its next line without the newline; see `LiveRun.read_line`."""
        output = self._supervision.output
        deadline = time.monotonic() + timeout
        searched = self._read_to
        while True:
            end = output.kept.find(_NEWLINE, searched, self._read_to + limit + 1)
            if end >= 0:
                line = bytes(output.kept[self._read_to : end])
                self._read_to = end + 1
                return line
            if len(output.kept) - self._read_to > limit:
                raise AnswerTooLongError(f"The program's line is longer than {limit} bytes.")
            searched = len(output.kept)
            self._await_output(deadline, timeout)

    def _await_output(self, deadline: float, timeout: float) -> None:
        output = self._supervision.output
        if output.ended or output.overflowed:
            raise RunEndedError(self._end_text())
        poll = select.poll()
        poll.register(output.descriptor, select.POLLIN)
        if poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            output.pump()
        elif time.monotonic() >= deadline:
            raise AnswerTimeoutError(f"The program did not answer within {timeout:g} seconds.")

    def connect(self, path: str, *, timeout: float) -> socket.socket:
        """Connect to the Unix socket that it listens on at `path`; see `LiveRun.connect`."""
        deadline = time.monotonic() + timeout
        while True:
            connection = open_connection(self._supervision.started.folder, path)
            if connection is not None:
                return connection
            if self._supervision.has_ended(within=min(0.005, max(0.0, deadline - time.monotonic()))):
                raise RunEndedError(self._end_text())
            if time.monotonic() >= deadline:
                message = f"The program did not listen on {path} within {timeout:g} seconds."
                raise AnswerTimeoutError(message)

    def _end_text(self) -> str:
        verdict = self._supervision.verdict
        return f"The program was ended: {verdict.value}." if verdict else "The program has ended."

    def finish(self, *, grace: float = 0.0) -> RunResult:
        """Close its input, give it `grace` seconds to end by itself, end it, and collect what it left."""
        if self._result is None:
            self._supervision.input.close()
            self._let_end(grace)
            try:
                self._supervision.kill(RunStatus.STOPPED)
            finally:
                self._finishing.set()
                self._watcher.join()
            self._result = self._supervision.conclude(self._wanted)
            self._released()
            if self._fault is not None:
                raise self._fault
        return self._result

    def _let_end(self, grace: float) -> None:
        supervision = self._supervision
        deadline = time.monotonic() + grace
        while (left := deadline - time.monotonic()) > 0 and not supervision.has_ended(within=min(left, 0.002)):
            while not supervision.output.overflowed and supervision.output.pump():
                continue
