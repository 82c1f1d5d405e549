"""A submission that answers from a script, for tests of what stands above the sandbox."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from shipworthy.grading.exchange import Conversation
from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.grading.lending import ModelSetup, OpenModel
from shipworthy.grading.playing import PlayedModel
from shipworthy.sandbox.entities import RunRequest, RunResult, RunStatus, RuntimeFolder, Usage
from shipworthy.sandbox.errors import RunEndedError

RUNTIME = RuntimeFolder(Path("/usr"), "bin/python3", "0" * 64)


def result(
    *,
    files: dict[str, bytes] | None = None,
    exit_code: int | None = 0,
    stdout: bytes = b"",
    stderr: bytes = b"",
    status: RunStatus = RunStatus.EXITED,
    signal: int | None = None,
) -> RunResult:
    """Return a run's result."""
    usage = Usage(wall_seconds=0.5, cpu_seconds=0.25, peak_memory_bytes=1024 * 1024, peak_processes=1)
    return RunResult(status, exit_code, signal, stdout, stderr, files or {}, (), usage)


class ScriptedExchange:
    """Gives scripted results in turn, and keeps what was asked."""

    def __init__(self, results: Sequence[RunResult], answers: Sequence[bytes | HttpAnswer] = ()) -> None:
        self.requests: list[RunRequest] = []
        self._results = iter(results)
        self._answers = answers

    def run(self, request: RunRequest) -> RunResult:
        self.requests.append(request)
        return next(self._results)

    def start(self, request: RunRequest) -> Conversation:
        self.requests.append(request)
        return ScriptedConversation(self._answers, next(self._results))

    def open_model(self, setup: ModelSetup) -> AbstractContextManager[OpenModel]:
        return nullcontext(PlayedModel([]))


class ScriptedConversation:
    """Gives scripted answers in turn; when they run out, the program has ended."""

    def __init__(self, answers: Sequence[bytes | HttpAnswer], ended: RunResult) -> None:
        self._answers = iter(answers)
        self._ended = ended

    def ask(self, line: bytes, *, timeout: float, limit: int) -> bytes:
        answer = next(self._answers, None)
        if not isinstance(answer, bytes):
            raise RunEndedError
        return answer

    def ask_http(self, path: str, question: HttpQuestion, *, timeout: float) -> HttpAnswer:
        answer = next(self._answers, None)
        if not isinstance(answer, HttpAnswer):
            raise RunEndedError
        return answer

    def finish(self, *, grace: float) -> RunResult:
        return self._ended
