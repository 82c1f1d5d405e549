"""Gives a judge back what was recorded, and insists that it asks for the same."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from shipworthy.core.canonical import JSONValue, digest
from shipworthy.grading.errors import BundleError, ReplayDivergedError
from shipworthy.grading.exchange import Conversation
from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.grading.lending import ModelSetup
from shipworthy.grading.transcript import Transcript, request_digest, result_of, unspelled
from shipworthy.sandbox.entities import RunRequest, RunResult
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError

RUN_FAULTS = {error.code: error for error in (RunEndedError, AnswerTimeoutError, AnswerTooLongError)}


class Player:
    """Gives back what was recorded, and insists that the judge asks for the same."""

    def __init__(self, transcript: Transcript) -> None:
        self._entries, self._models = runs_and_models(transcript)
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

    @contextmanager
    def open_model(self, setup: ModelSetup) -> Iterator["PlayedModel"]:
        """Give back what was learned of a model's calls."""
        entry = next(self._models, None)
        if entry is None or entry.get("setup") != setup.digest():
            raise ReplayDivergedError("The judge's models are not the recorded ones.")
        yield PlayedModel(learned_of(entry, self._blobs))

    def expect_end(self) -> None:
        """Raise `ReplayDivergedError` when the transcript holds runs that the judge did not ask for."""
        if next(self._entries, None) is not None or next(self._models, None) is not None:
            raise ReplayDivergedError("The judge ran less than the transcript holds.")

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


class PlayedModel:
    """Gives back what was learned of the calls, time after time."""

    socket = Path("/nowhere")

    def __init__(self, learned: list[JSONValue]) -> None:
        self._learned = iter(learned)

    def record(self) -> JSONValue:
        """Return what the judge learned when it asked for the first, second, ... time."""
        seen = next(self._learned, None)
        if seen is None:
            raise ReplayDivergedError("The judge asked for a model's calls more often than was recorded.")
        return seen

    def close(self) -> None:
        """Do nothing: nothing is served."""


def learned_of(entry: Mapping[str, JSONValue], blobs: Mapping[str, bytes]) -> list[JSONValue]:
    """Return what was learned of a model's calls, time after time. Raises `BundleError`."""
    try:
        names = entry["learned"]
        return [json.loads(blobs[str(name)]) for name in names] if isinstance(names, list) else []
    except (KeyError, ValueError) as error:
        raise BundleError(f"A model's calls in the bundle's transcript cannot be read: {error!r}.") from None


def runs_and_models(transcript: Transcript) -> tuple[Iterator[JSONValue], Iterator[Mapping[str, JSONValue]]]:
    """Return the entries of runs and those of models, each in their order: a model is open while runs go on."""
    models = [entry for entry in transcript.entries if isinstance(entry, Mapping) and entry.get("kind") == "model"]
    runs = [entry for entry in transcript.entries if not (isinstance(entry, Mapping) and entry.get("kind") == "model")]
    return iter(runs), iter(models)


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
        return unspelled(self._next())

    def ask_http(self, path: str, question: HttpQuestion, *, timeout: float) -> HttpAnswer:  # noqa: ARG002
        """Return the recorded answer to an HTTP request."""
        self._asked.update(question.spelled())
        answer = self._next()
        if not isinstance(answer, dict):
            raise BundleError("An HTTP answer in the bundle's transcript cannot be read.")
        headers = tuple((str(name), str(value)) for name, value in answer["headers"])
        return HttpAnswer(int(answer["status"]), headers, unspelled(answer["body"]))

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
