"""Gives a judge back what was recorded, and insists that it asks for the same."""

import hashlib
from collections.abc import Iterator, Mapping

from shipworthy.core.canonical import JSONValue, digest
from shipworthy.grading.errors import BundleError, ReplayDivergedError
from shipworthy.grading.exchange import Conversation
from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.grading.transcript import Transcript, request_digest, result_of, unspelled
from shipworthy.sandbox.entities import RunRequest, RunResult
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError

RUN_FAULTS = {error.code: error for error in (RunEndedError, AnswerTimeoutError, AnswerTooLongError)}


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

    def expect_end(self) -> None:
        """Raise `ReplayDivergedError` when the transcript holds runs that the judge did not ask for."""
        if next(self._entries, None) is not None:
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
