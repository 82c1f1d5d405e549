"""One program while it runs and when it ends: limits are watched, everything is killed, results are collected."""

import os
import select
import signal
import time
from contextlib import suppress

from shipworthy.sandbox import shield
from shipworthy.sandbox.collection import collect
from shipworthy.sandbox.entities import Collection, Limits, RefusedFile, RunResult, RunStatus, Usage
from shipworthy.sandbox.errors import LayerMissingError, SandboxError
from shipworthy.sandbox.kernel import open_confined
from shipworthy.sandbox.launcher import Started
from shipworthy.sandbox.meter import Meter
from shipworthy.sandbox.streams import CappedOutput, Input

TICK_SECONDS = 0.02
_DEATH_SECONDS = 10.0
_STATUS_BYTES = 4


class Supervision:
    """The watch over one started program.

    `verdict` is set once, by whoever ends the program; it stays `None` when the program ends by itself.
    """

    def __init__(self, started: Started, limits: Limits, meter: Meter, stdin: bytes = b"") -> None:
        self.started = started
        self.input = Input(started.stdin, stdin)
        self.output = CappedOutput(started.stdout, limits.output_bytes)
        self.error = CappedOutput(started.stderr, limits.output_bytes)
        self.verdict: RunStatus | None = None
        self.wall_seconds = 0.0
        self._meter = meter
        self._begun = time.monotonic()
        self._deadline = self._begun + limits.wall_seconds

    def run_to_end(self) -> None:
        """Feed standard input and read both outputs until the program has ended or was ended."""
        if not self.input.pending:
            self.input.close()
        while not self.has_ended():
            self._wait_and_pump()
            self.watch()

    def _wait_and_pump(self) -> None:
        poll = select.poll()
        outputs = {stream.descriptor: stream for stream in (self.output, self.error) if not stream.ended}
        for descriptor in outputs:
            poll.register(descriptor, select.POLLIN)
        if self.input.pending:
            poll.register(self.input.descriptor, select.POLLOUT)
        poll.register(self.started.monitor, select.POLLIN)
        for descriptor, _ in poll.poll(TICK_SECONDS * 1000):
            if descriptor in outputs:
                outputs[descriptor].pump()
            elif descriptor == self.input.descriptor:
                self._feed()

    def _feed(self) -> None:
        self.input.push()
        if not self.input.pending:
            self.input.close()

    def has_ended(self, *, within: float = 0.0) -> bool:
        """Say whether everything in the sandbox is dead, waiting at most `within` seconds for it."""
        poll = select.poll()
        poll.register(self.started.monitor, select.POLLIN)
        return bool(poll.poll(max(0.0, within) * 1000))

    def watch(self) -> None:
        """End the program if it passed a limit."""
        if self.output.overflowed or self.error.overflowed:
            self.kill(RunStatus.OUTPUT_LIMIT)
            return
        if time.monotonic() > self._deadline:
            self.kill(RunStatus.WALL_LIMIT)
            return
        with suppress(ProcessLookupError):
            self._meter.measure()
        exceeded = self._meter.exceeded()
        if exceeded is not None:
            self.kill(exceeded)

    def kill(self, verdict: RunStatus) -> None:
        """End process 1 of the sandbox, with which the kernel ends all others, and wait until they are dead."""
        if self.verdict is None and not self.has_ended():
            self.verdict = verdict
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.started.process_one, signal.SIGKILL)
        if not self.has_ended(within=_DEATH_SECONDS):
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.started.monitor, signal.SIGKILL)
            message = "A sandboxed program could not be ended."
            raise SandboxError(message, remedy="Look for processes in uninterruptible sleep; restart the machine.")

    def stop(self) -> None:
        """End what is still there, whatever went wrong."""
        if not self.has_ended():
            self.kill(RunStatus.STOPPED)

    def conclude(self, wanted: Collection) -> RunResult:
        """Return the result; everything in the sandbox has to be dead. Closes all descriptors."""
        self.wall_seconds = time.monotonic() - self._begun
        self.input.close()
        self.output.drain()
        self.error.drain()
        with suppress(ProcessLookupError):
            self._meter.measure()
        try:
            files, refused = self._collected(wanted)
            status, exit_code, number = self._ending()
        finally:
            self.started.close()
        return RunResult(
            status=status,
            exit_code=exit_code,
            signal=number,
            stdout=bytes(self.output.kept),
            stderr=bytes(self.error.kept),
            files=files,
            refused=refused,
            usage=self._usage(),
        )

    def _collected(self, wanted: Collection) -> tuple[dict[str, bytes], tuple[RefusedFile, ...]]:
        work = open_confined(self.started.folder, b"work", os.O_RDONLY | os.O_DIRECTORY)
        try:
            return collect(work, wanted)
        finally:
            os.close(work)

    def _usage(self) -> Usage:
        meter = self._meter
        return Usage(self.wall_seconds, meter.cpu_seconds, meter.peak_memory, meter.peak_processes)

    def _ending(self) -> tuple[RunStatus, int | None, int | None]:
        exit_code, number = self._wait_status()
        verdict = self.verdict or self._late_verdict(number)
        if verdict is not None:
            return verdict, None, None
        if exit_code is not None:
            return RunStatus.EXITED, exit_code, None
        return RunStatus.SIGNALLED, None, number

    def _late_verdict(self, number: int | None) -> RunStatus | None:
        """Return the limit that shows only after the end, for a program that was faster than the watch."""
        if self.output.overflowed or self.error.overflowed:
            return RunStatus.OUTPUT_LIMIT
        if number == signal.SIGXCPU:
            return RunStatus.CPU_LIMIT
        return self._meter.exceeded()

    def _wait_status(self) -> tuple[int | None, int | None]:
        """Read the wait status that process 1 reported; nothing there means that it was killed itself."""
        text = os.read(self.started.status, _STATUS_BYTES + 1)
        if len(text) > _STATUS_BYTES and text.startswith(shield.UNRESTRICTED):
            message = "The layer landlock is missing: the kernel refused to restrict the program, which did not run."
            raise LayerMissingError(message, remedy="Run `shipworthy sandbox check` on this machine.")
        if len(text) < _STATUS_BYTES:
            return None, signal.SIGKILL
        status = int.from_bytes(text, "little")
        if os.WIFEXITED(status):
            return os.WEXITSTATUS(status), None
        return None, os.WTERMSIG(status)
