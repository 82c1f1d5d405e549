"""Runs submissions in a sandbox and writes down every byte that comes back."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.core.clock import monotonic
from shipworthy.core.held_folder import held_folder
from shipworthy.core.live_settings import LiveSettings
from shipworthy.grading.entities import RunCost
from shipworthy.grading.exchange import Conversation
from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.grading.lending import ModelSetup, ServingModel
from shipworthy.grading.transcript import Transcript, request_digest, result_entry, spelled
from shipworthy.sandbox.entities import LiveRun, RunRequest, RunResult, Sandbox
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError


class Recorder:
    """Runs in a sandbox and writes down what came back.

    `submission_seconds` sums how long the submission ran, `exchange_seconds` how long the judge waited for it, both as
    wall clock; the difference is the sandbox's own work. `live` is the operator's endpoint for live models, and
    `lent_live` is told their names before anybody can ask them anything.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        announce: Callable[[RunRequest], None],
        data_folder: Path,
        *,
        live: LiveSettings | None = None,
        lent_live: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:
        self.transcript = Transcript()
        self.submission_seconds = 0.0
        self.exchange_seconds = 0.0
        self.costs: list[RunCost] = []
        self._sandbox = sandbox
        self._announce = announce
        self._data_folder = data_folder
        self._live = live
        self._lent_live = lent_live

    def run(self, request: RunRequest) -> RunResult:
        """Run a program to its end."""
        self._announce(request)
        started = monotonic()
        result = self._sandbox.run(request)
        self.record(request, result, {"kind": "run"}, monotonic() - started)
        return result

    def record(self, request: RunRequest, result: RunResult, seen: Mapping[str, JSONValue], seconds: float) -> None:
        """Write down one ended run and what was seen of it while it ran."""
        self.submission_seconds += result.usage.wall_seconds
        self.exchange_seconds += seconds
        self.costs.append(cost_of(request, result))
        entry = result_entry(self.transcript, request, result)
        self.transcript.entries.append({**seen, "request": request_digest(request), "result": entry})

    def start(self, request: RunRequest) -> Conversation:
        """Start a program to talk to."""
        self._announce(request)
        started = monotonic()
        return RecordedConversation(self, self._sandbox.start(request), request, started)

    @contextmanager
    def open_model(self, setup: ModelSetup) -> Iterator[ServingModel]:
        """Serve models until the block ends, and write down what the judge learns of the calls."""
        learned: list[JSONValue] = []
        live: dict[str, JSONValue] = {"live": list(setup.live)} if setup.live else {}
        self.transcript.entries.append({"kind": "model", "setup": setup.digest(), "learned": learned, **live})
        if setup.live:
            self._lent_live(setup.live)
        with held_folder(self._data_folder / "models") as folder:
            model = ServingModel(
                setup, folder, lambda seen: learned.append(self.transcript.keep(canonical_bytes(seen))), self._live
            )
            try:
                yield model
            finally:
                model.close()


class RecordedConversation:
    """Talks to a live run and writes down its answers."""

    def __init__(self, recorder: Recorder, live: LiveRun, request: RunRequest, started: float) -> None:
        self._recorder = recorder
        self._live = live
        self._request = request
        self._started = started
        self._asked = hashlib.sha256()
        self._answers: list[JSONValue] = []

    def ask(self, line: bytes, *, timeout: float, limit: int) -> bytes:
        """Send one line and return the next line of its output."""
        self._asked.update(line)
        with self._faults_recorded():
            self._live.send(line)
            answer = self._live.read_line(timeout=timeout, limit=limit)
        self._answers.append(spelled(answer))
        return answer

    def ask_http(self, path: str, question: HttpQuestion, *, timeout: float) -> HttpAnswer:
        """Send one HTTP request over the Unix socket `path`."""
        from shipworthy.grading.http_client import ask_over  # noqa: PLC0415 - costs every judge a third of its start

        self._asked.update(question.spelled())
        with self._faults_recorded():
            answer = ask_over(lambda wait: self._live.connect(path, timeout=wait), question, timeout=timeout)
        self._answers.append(
            {"status": answer.status, "headers": [list(pair) for pair in answer.headers], "body": spelled(answer.body)}
        )
        return answer

    def _faults_recorded(self) -> "_FaultRecord":
        return _FaultRecord(self._answers)

    def finish(self, *, grace: float) -> RunResult:
        """End it and collect what it left."""
        result = self._live.finish(grace=grace)
        seen = {"kind": "conversation", "asked": self._asked.hexdigest(), "answers": self._answers}
        self._recorder.record(self._request, result, seen, monotonic() - self._started)
        return result


class _FaultRecord:
    def __init__(self, answers: list[JSONValue]) -> None:
        self._answers = answers

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, RunEndedError | AnswerTimeoutError | AnswerTooLongError):
            self._answers.append({"fault": error.code, "what": error.what})


def cost_of(request: RunRequest, result: RunResult) -> RunCost:
    """Set what a run used beside what it was allowed."""
    return RunCost(
        command=" ".join(request.argv),
        status=result.status.value,
        wall_seconds=result.usage.wall_seconds,
        wall_limit=request.limits.wall_seconds,
        cpu_seconds=result.usage.cpu_seconds,
        cpu_limit=request.limits.cpu_seconds,
        memory_bytes=result.usage.peak_memory_bytes,
        memory_limit=request.limits.memory_bytes,
    )
