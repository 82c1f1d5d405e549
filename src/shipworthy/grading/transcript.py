"""Every byte that crosses between judge and sandbox, recorded, so that a judgement can be repeated without running."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from shipworthy.core.canonical import JSONValue, canonical_bytes, digest
from shipworthy.core.clock import monotonic
from shipworthy.grading.entities import RunCost
from shipworthy.grading.errors import BundleError, ReplayDivergedError
from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.sandbox.entities import LiveRun, RefusedFile, RunRequest, RunResult, RunStatus, Sandbox, Usage
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError

RUN_FAULTS = {error.code: error for error in (RunEndedError, AnswerTimeoutError, AnswerTooLongError)}
RunFault = RunEndedError | AnswerTimeoutError | AnswerTooLongError


class Conversation(Protocol):
    """A running submission that the judge talks to."""

    def ask(self, line: bytes, *, timeout: float, limit: int) -> bytes:
        """Send one line and return the next line of its output. Raises what `LiveRun.read_line` raises."""

    def ask_http(self, path: str, question: HttpQuestion, *, timeout: float) -> HttpAnswer:
        """Send one HTTP request over the Unix socket `path`. Raises `RunEndedError` or `AnswerTimeoutError`."""

    def finish(self, *, grace: float) -> RunResult:
        """End it and collect what it left."""


class Exchange(Protocol):
    """The only way from the judge to a submission."""

    def run(self, request: RunRequest) -> RunResult:
        """Run a program to its end."""

    def start(self, request: RunRequest) -> Conversation:
        """Start a program to talk to."""


def request_digest(request: RunRequest) -> str:
    """Identify what was asked of the sandbox; the runtime's place on disk does not count, its digest does."""
    limits, collection = vars(request.limits), vars(request.collection)
    return digest(
        canonical_bytes(
            {
                "runtime": request.runtime.digest,
                "argv": list(request.argv),
                "files": {path: digest(content) for path, content in request.files.items()},
                "tools": {path: digest(content) for path, content in request.tools.items()},
                "stdin": digest(request.stdin),
                "environment": dict(request.environment),
                "limits": dict(limits),
                "collection": dict(collection),
            }
        )
    )


@dataclass
class Transcript:
    """The recorded entries, and the bytes that they name by digest."""

    entries: list[JSONValue] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def keep(self, content: bytes) -> str:
        """Store bytes and return the digest that names them."""
        name = digest(content)
        self.blobs[name] = content
        return name


def result_entry(transcript: Transcript, request: RunRequest, result: RunResult) -> dict[str, JSONValue]:
    """Spell a run's result; files that the judge itself wrote are named by digest but not stored again."""
    given = {digest(content) for content in request.files.values()}
    files: dict[str, JSONValue] = {}
    for path, content in result.files.items():
        name = digest(content)
        files[path] = name if name in given else transcript.keep(content)
    return {
        "status": result.status.value,
        "exit_code": result.exit_code,
        "signal": result.signal,
        "stdout": transcript.keep(result.stdout),
        "stderr": transcript.keep(result.stderr),
        "files": files,
        "refused": [[refused.path, refused.reason] for refused in result.refused],
        "usage": dict(vars(result.usage)),
    }


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


class Recorder:
    """Runs in a sandbox and writes down what came back.

    `submission_seconds` sums how long the submission ran, `exchange_seconds` how long the judge waited for it, both as
    wall clock; the difference is the sandbox's own work.
    """

    def __init__(self, sandbox: Sandbox, announce: Callable[[RunRequest], None]) -> None:
        self.transcript = Transcript()
        self.submission_seconds = 0.0
        self.exchange_seconds = 0.0
        self.costs: list[RunCost] = []
        self._sandbox = sandbox
        self._announce = announce

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
        self._answers.append(_spelled(answer))
        return answer

    def ask_http(self, path: str, question: HttpQuestion, *, timeout: float) -> HttpAnswer:
        """Send one HTTP request over the Unix socket `path`."""
        from shipworthy.grading.http_client import ask_over  # noqa: PLC0415 - costs every judge a third of its start

        self._asked.update(question.spelled())
        with self._faults_recorded():
            answer = ask_over(lambda wait: self._live.connect(path, timeout=wait), question, timeout=timeout)
        self._answers.append(
            {"status": answer.status, "headers": [list(pair) for pair in answer.headers], "body": _spelled(answer.body)}
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


def _spelled(content: bytes) -> JSONValue:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def _unspelled(value: JSONValue) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, Mapping) and isinstance(value.get("base64"), str):
        return base64.b64decode(str(value["base64"]))
    raise BundleError("An answer in the bundle's transcript cannot be read.")


class Player:
    """Gives back what was recorded, and insists that the judge asks for the same."""

    def __init__(self, transcript: Transcript) -> None:
        self._entries: Iterator[JSONValue] = iter(transcript.entries)
        self._blobs = transcript.blobs

    def run(self, request: RunRequest) -> RunResult:
        """Give back a recorded run."""
        return self._result(self._next("run", request), request)

    def start(self, request: RunRequest) -> Conversation:
        """Give back a recorded conversation."""
        entry = self._next("conversation", request)
        answers = entry["answers"]
        if not isinstance(answers, list):
            raise BundleError("A conversation in the bundle's transcript cannot be read.")
        return PlayedConversation(answers, str(entry["asked"]), self._result(entry, request))

    def _next(self, kind: str, request: RunRequest) -> Mapping[str, JSONValue]:
        entry = next(self._entries, None)
        if not isinstance(entry, Mapping) or entry.get("kind") != kind:
            raise ReplayDivergedError("The judge ran more, or something else, than the transcript holds.")
        if entry.get("request") != request_digest(request):
            raise ReplayDivergedError(f"The judge's request `{' '.join(request.argv)}` is not the recorded one.")
        return entry

    def _result(self, entry: Mapping[str, JSONValue], request: RunRequest) -> RunResult:
        given = {digest(content): content for content in request.files.values()}
        try:
            return result_of(entry["result"], given | self._blobs)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BundleError(f"A run in the bundle's transcript cannot be read: {error!r}.") from None


def result_of(result: JSONValue, blobs: Mapping[str, bytes]) -> RunResult:
    """Read what `result_entry` spelled; `blobs` holds every named content. Raises `KeyError` when one is missing."""
    if not isinstance(result, dict):
        raise TypeError("not an object")
    return RunResult(
        status=RunStatus(result["status"]),
        exit_code=result["exit_code"],
        signal=result["signal"],
        stdout=blobs[result["stdout"]],
        stderr=blobs[result["stderr"]],
        files={path: blobs[name] for path, name in result["files"].items()},
        refused=tuple(RefusedFile(path, reason) for path, reason in result["refused"]),
        usage=Usage(**result["usage"]),
    )


class PlayedConversation:
    """Gives recorded answers back in their order."""

    def __init__(self, answers: list[JSONValue], asked: str, result: RunResult) -> None:
        self._answers = iter(answers)
        self._expected = asked
        self._asked = hashlib.sha256()
        self._result = result

    def ask(self, line: bytes, *, timeout: float, limit: int) -> bytes:  # noqa: ARG002 - the recorded answer kept them
        """Return the recorded answer to a line."""
        self._asked.update(line)
        return _unspelled(self._next())

    def ask_http(self, path: str, question: HttpQuestion, *, timeout: float) -> HttpAnswer:  # noqa: ARG002
        """Return the recorded answer to an HTTP request."""
        self._asked.update(question.spelled())
        answer = self._next()
        if not isinstance(answer, dict):
            raise BundleError("An HTTP answer in the bundle's transcript cannot be read.")
        headers = tuple((str(name), str(value)) for name, value in answer["headers"])
        return HttpAnswer(int(answer["status"]), headers, _unspelled(answer["body"]))

    def _next(self) -> JSONValue:
        answer = next(self._answers, None)
        if answer is None:
            raise ReplayDivergedError("The judge asked more than the transcript holds.")
        if isinstance(answer, Mapping) and "fault" in answer:
            raise RUN_FAULTS[str(answer["fault"])](str(answer["what"]))
        return answer

    def finish(self, *, grace: float) -> RunResult:  # noqa: ARG002
        """Return the recorded end."""
        if self._asked.hexdigest() != self._expected:
            raise ReplayDivergedError("The judge asked something else than what was recorded.")
        return self._result


def write_transcript(transcript: Transcript, folder: Path) -> None:
    """Write the transcript into a folder: `transcript.json`, and `blobs/` named by digest."""
    (folder / "blobs").mkdir(exist_ok=True)
    (folder / "transcript.json").write_bytes(canonical_bytes(transcript.entries))
    for name, content in transcript.blobs.items():
        (folder / "blobs" / name).write_bytes(content)


def read_transcript(folder: Path) -> Transcript:
    """Read what `write_transcript` wrote."""
    entries = json.loads((folder / "transcript.json").read_bytes())
    return Transcript(entries, {path.name: path.read_bytes() for path in (folder / "blobs").iterdir()})
