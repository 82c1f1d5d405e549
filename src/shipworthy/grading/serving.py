"""Talking HTTP to a server of the submission."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue
from shipworthy.grading.decoding import decode_json
from shipworthy.grading.errors import BadAnswer
from shipworthy.grading.exchange import Conversation
from shipworthy.grading.http import HttpQuestion
from shipworthy.grading.runs import Run
from shipworthy.sandbox.errors import AnswerTimeoutError, AnswerTooLongError, RunEndedError


@dataclass(frozen=True)
class Response:
    """What the server answered: status code, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> JSONValue:
        """Return the body as JSON, read strictly; raises `BadAnswer`."""
        return decode_json(self.body, "The server's answer")


class Server:
    """A server of the submission. `run` says how its process went, once it has ended."""

    run: Run

    def __init__(self, conversation: Conversation, *, socket: str, ready: float) -> None:
        self._conversation = conversation
        self._socket = socket
        self._patience = ready

    def request(
        self,
        method: str,
        target: str,
        *,
        json_body: JSONValue = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout: float = 5.0,
    ) -> Response:
        """Send one request and return the answer; raises `BadAnswer` when there is no proper one in time."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if json_body is not None:
            body = json.dumps(json_body).encode()
            sent.setdefault("content-type", "application/json")
        question = HttpQuestion(method, target, tuple(sorted(sent.items())), body)
        try:
            answer = self._conversation.ask_http(self._socket, question, timeout=timeout + self._patience)
        except (RunEndedError, AnswerTimeoutError, AnswerTooLongError) as error:
            raise BadAnswer(error.what) from None
        self._patience = 0.0
        return Response(answer.status, dict(answer.headers), answer.body)
