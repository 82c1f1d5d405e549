"""How one run of a submission went, in figures and in a sentence for the candidate."""

import re
import signal
from dataclasses import dataclass

from shipworthy.grading.decoding import shown
from shipworthy.grading.errors import BadAnswer
from shipworthy.sandbox.entities import MEBIBYTE, Limits, RunResult, RunStatus


@dataclass(frozen=True)
class Run:
    """How one run of the submission went.

    `reason` is a sentence for the candidate; seconds and mebibytes are `None` where they could not be measured.
    """

    command: str
    status: RunStatus
    exit_code: int | None
    stdout: bytes
    stderr: bytes
    reason: str
    wall_seconds: float
    cpu_seconds: float | None
    peak_memory_mb: float | None

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with exit code 0."""
        return self.status is RunStatus.EXITED and self.exit_code == 0

    def require(self) -> "Run":
        """Return itself when it went well; raise `BadAnswer` with the reason otherwise."""
        if not self.ok:
            raise BadAnswer(self.reason)
        return self


def run_of(command: str, result: RunResult, limits: Limits) -> Run:
    """Tell how a run went from what the sandbox gave back."""
    memory = result.usage.peak_memory_bytes
    return Run(
        command=command,
        status=result.status,
        exit_code=result.exit_code,
        stdout=result.stdout,
        stderr=result.stderr,
        reason=reason_of(command, result, limits),
        wall_seconds=result.usage.wall_seconds,
        cpu_seconds=result.usage.cpu_seconds,
        peak_memory_mb=None if memory is None else memory / MEBIBYTE,
    )


def reason_of(command: str, result: RunResult, limits: Limits) -> str:
    """Say in one sentence, for the candidate, how a run ended."""
    ends = {
        RunStatus.WALL_LIMIT: f"did not end within {limits.wall_seconds:g} s",
        RunStatus.CPU_LIMIT: f"used more than {limits.cpu_seconds:g} s of processor time",
        RunStatus.MEMORY_LIMIT: f"needed more than {limits.memory_bytes // MEBIBYTE} MB of memory",
        RunStatus.OUTPUT_LIMIT: f"printed more than {limits.output_bytes / MEBIBYTE:g} MB",
        RunStatus.STOPPED: "was stopped when the judge had finished",
    }
    end = ends.get(result.status)
    if end is None and result.status is RunStatus.SIGNALLED:
        end = f"was ended by {_signal_name(result.signal)}"
    end = end or f"ended with exit code {result.exit_code}"
    return f"`{command}` {end}{_last_words(result.stderr) if result.exit_code else ''}."


def _signal_name(number: int | None) -> str:
    try:
        return signal.Signals(number or 0).name
    except ValueError:
        return f"signal {number}"


def _last_words(stderr: bytes) -> str:
    lines = [line for line in stderr[-4096:].decode("utf-8", "replace").splitlines() if line.strip()]
    if not lines:
        return ""
    return f": {shown(re.sub(r'0x[0-9a-f]+', '0x…', lines[-1].strip())).removesuffix('.')}"
