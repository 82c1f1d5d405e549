"""Calling a function of the submission many times in one sandboxed process, over JSON lines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shipworthy.core.canonical import JSONValue
from shipworthy.grading.decoding import decode_json, shown
from shipworthy.grading.errors import BadAnswer
from shipworthy.grading.exchange import Conversation
from shipworthy.grading.runs import Run
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError

CALLEE = Path(__file__).with_name("callee.py")
MAX_ANSWER = 16 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What one call gave: a value, or the reason why there is none."""

    ok: bool
    value: JSONValue
    reason: str


class Calls:
    """A function of the submission, ready to be called. `run` says how the process went, once it has ended."""

    run: Run

    def __init__(self, conversation: Conversation, *, call_seconds: float) -> None:
        self._conversation = conversation
        self._call_seconds = call_seconds
        self._number = 0
        self._broken = ""

    def prepare(self, arguments: Sequence[JSONValue], *, seconds: float) -> None:
        """Import the file and call its setup function; raises `BadAnswer`."""
        answer = self._ask(arguments, seconds)
        if not answer.ok:
            raise BadAnswer(f"The submission could not be loaded: {answer.reason}")

    def call(self, *arguments: JSONValue) -> JSONValue:
        """Return what the function gives for these arguments; raises `BadAnswer` for an error or no proper answer."""
        answer = self._ask(arguments, self._call_seconds)
        if not answer.ok:
            raise BadAnswer(answer.reason)
        return answer.value

    def try_call(self, *arguments: JSONValue) -> Answer:
        """Return what the function gives, or why it gives nothing, without raising."""
        return self._ask(arguments, self._call_seconds)

    def _ask(self, arguments: Sequence[JSONValue], seconds: float) -> Answer:
        if self._broken:
            return Answer(ok=False, value=None, reason=self._broken)
        self._number += 1
        line = json.dumps({"id": self._number, "args": list(arguments)}, separators=(",", ":")).encode() + b"\n"
        try:
            raw = self._conversation.ask(line, timeout=seconds, limit=MAX_ANSWER)
            return self._understood(raw)
        except AnswerTimeoutError:
            return self._break(f"a call did not answer within {seconds:g} s, so no further call was made.")
        except AnswerTooLongError:
            return self._break(f"a call answered with more than {MAX_ANSWER // 1024**2} MB.")
        except RunEndedError:
            return self._break("the process ended while it was being called.")
        except BadAnswer as answer:
            return self._break(str(answer))

    def _break(self, reason: str) -> Answer:
        self._broken = reason
        return Answer(ok=False, value=None, reason=reason)

    def _understood(self, raw: bytes) -> Answer:
        answer = decode_json(raw, "The answer to a call")
        if not isinstance(answer, dict) or answer.get("id") != self._number or len(answer) != 2:
            raise BadAnswer("The answer to a call does not belong to it; write nothing but return values.")
        if "error" in answer:
            return Answer(ok=False, value=None, reason=f"a call raised {shown(answer['error'])}")
        if "value" not in answer:
            raise BadAnswer("The answer to a call holds no value.")
        return Answer(ok=True, value=answer["value"], reason="")
