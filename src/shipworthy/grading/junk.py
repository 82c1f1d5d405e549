"""Plays a recorded transcript with junk in place of what the submission said: a judge has to survive all of it."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from shipworthy.core.canonical import JSONValue, digest
from shipworthy.grading.exchange import Conversation
from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.grading.lending import ModelSetup
from shipworthy.grading.playing import learned_of, runs_and_models
from shipworthy.grading.transcript import Transcript, result_of
from shipworthy.sandbox.entities import RunRequest, RunResult, RunStatus, Usage
from shipworthy.sandbox.errors import RunEndedError

DEEP = 5000
NOTHING_MORE = RunResult(
    status=RunStatus.EXITED,
    exit_code=1,
    signal=None,
    stdout=b"",
    stderr=b"",
    files={},
    refused=(),
    usage=Usage(0.0, 0.0, 0, 1),
)


@dataclass(frozen=True)
class Junk:
    """One kind of junk: as the content of a file, and as the value of an answer (JSON text, or a bare line)."""

    content: Callable[[bytes], bytes]
    value: str
    framed: bool = True


def cells(spelled: str) -> Callable[[bytes], bytes]:
    """Keep a file's first line, and put `spelled` into every cell below it."""

    def spoil(content: bytes) -> bytes:
        head, _, rest = content.partition(b"\n")
        count = rest.count(b"\n") or 1
        line = b",".join([spelled.encode()] * (head.count(b",") + 1))
        return head + b"\n" + (line + b"\n") * min(count, 50_000)

    return spoil


def always(junk: bytes) -> Callable[[bytes], bytes]:
    """Put the same bytes in place of any content."""
    return lambda _: junk


KINDS: Mapping[str, Junk] = {
    "empty": Junk(always(b""), "", framed=False),
    "random bytes": Junk(always(hashlib.shake_256(b"junk").digest(4096)), "\x00\x01\x7f", framed=False),
    "invalid UTF-8": Junk(always(b"\xff\xfe\xc3\x28" * 64), "\udcff", framed=False),
    "NaN": Junk(cells("NaN"), "NaN"),
    "infinity": Junk(cells("inf"), "Infinity"),
    "huge numbers": Junk(cells("9" * 400), "1" + "0" * 400),
    "huge exponents": Junk(cells("1e400"), "1e400"),
    "deep JSON": Junk(always(b"[" * DEEP + b"]" * DEEP), "[" * DEEP + "]" * DEEP),
    "null": Junk(always(b"null"), "null"),
    "text for numbers": Junk(cells("always-equal"), '"always-equal"'),
    "an object for all": Junk(always(b'{"score": 1, "passed": true}'), '{"score": 1, "passed": true}'),
    "an empty list": Junk(always(b"[]"), "[]"),
    "negative numbers": Junk(cells("-1"), "-1"),
    "half the file": Junk(lambda content: content[: len(content) // 2], '{"half', framed=False),
    "a repeated header": Junk(lambda content: content + content, "[[], [], []]"),
    "two answers": Junk(lambda content: content * 2, "1}\n{", framed=True),
}


class JunkPlayer:
    """Answers as the recorded submission did, but for junk of one kind in every file and every answer."""

    def __init__(self, transcript: Transcript, kind: str) -> None:
        self._entries, self._models = runs_and_models(transcript)
        self._blobs = transcript.blobs
        self._junk = KINDS[kind]

    def run(self, request: RunRequest) -> RunResult:
        """Give back the next recorded run with its files and output spoiled; a failed run when there is none."""
        entry = next(self._entries, None)
        if not isinstance(entry, Mapping):
            return NOTHING_MORE
        given = {digest(content): content for content in request.files.values()}
        try:
            result = result_of(entry["result"], given | self._blobs)
        except KeyError:
            return NOTHING_MORE
        return self._spoilt(result, request)

    def _spoilt(self, result: RunResult, request: RunRequest) -> RunResult:
        changed = {path: content for path, content in result.files.items() if request.files.get(path) != content}
        spoilt = {path: self._junk.content(content) for path, content in changed.items()}
        return replace(
            result, stdout=self._junk.content(result.stdout), files={**request.files, **result.files, **spoilt}
        )

    def start(self, request: RunRequest) -> Conversation:
        """Start a conversation in which every answer is junk."""
        return JunkConversation(self._junk, self.run(request))

    @contextmanager
    def open_model(self, setup: ModelSetup) -> Iterator["JunkModel"]:  # noqa: ARG002 - what is served plays no part
        """Give back the recorded calls of a model, or none at all where junk is no answer."""
        entry = next(self._models, None)
        yield JunkModel(learned_of(entry, self._blobs) if entry and self._junk.framed else [])


class JunkModel:
    """Gives back recorded calls for as long as there are any, and then none."""

    socket = Path("/nowhere")

    def __init__(self, learned: list[JSONValue]) -> None:
        self._learned = iter(learned)

    def record(self) -> JSONValue:
        """Return what was learned, or that nothing was called."""
        nothing: JSONValue = {"calls": [], "refused": {}}
        return next(self._learned, nothing)

    def close(self) -> None:
        """Do nothing: nothing is served."""


class JunkConversation:
    """Answers every question with the same junk; the first, which loads the submission, is answered well."""

    def __init__(self, junk: Junk, result: RunResult) -> None:
        self._junk = junk
        self._result = result
        self._loaded = False

    def ask(self, line: bytes, *, timeout: float, limit: int) -> bytes:  # noqa: ARG002 - junk comes at once
        """Answer a line."""
        number = json.loads(line)["id"]
        value = self._junk.value if self._loaded else "null"
        framed = self._junk.framed or not self._loaded
        self._loaded = True
        answer = f'{{"id":{number},"value":{value}}}' if framed else value
        return answer.split("\n")[0].encode("utf-8", "surrogateescape")

    def ask_http(self, path: str, question: HttpQuestion, *, timeout: float) -> HttpAnswer:  # noqa: ARG002
        """Answer an HTTP request, or hang up where junk is no answer at all."""
        if not self._junk.value:
            raise RunEndedError("The server hung up before it had answered.")
        body = self._junk.value.encode("utf-8", "surrogateescape")
        return HttpAnswer(200, (("content-type", "application/json"),), body)

    def finish(self, *, grace: float) -> RunResult:  # noqa: ARG002
        """Give back how the recorded process ended."""
        return self._result
