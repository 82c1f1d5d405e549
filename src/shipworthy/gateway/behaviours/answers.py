"""A model that knows its answers: a table from what is asked to what is right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.gateway.entities import ChatRequest, Reply, Role

UNKNOWN = "I do not know."


@dataclass(frozen=True)
class KnownAnswer:
    """The right answer to every request whose last user message matches `when` (a regular expression, in any case)."""

    when: str
    answer: JSONValue


class TableOfAnswers:
    """Gives the first registered answer that fits the last user message, as text or as JSON.

    It stands for a model that is always right, so that what surrounds it can be measured alone. It never calls a tool.
    """

    def __init__(self, answers: Sequence[KnownAnswer], *, name: str = "answers") -> None:
        self.name = name
        self._answers = tuple(answers)

    def reply(self, request: ChatRequest) -> Reply:
        """Return the registered answer, or that there is none."""
        asked = next((message.content for message in reversed(request.messages) if message.role is Role.USER), "")
        for place, known in enumerate(self._answers):
            if re.search(known.when, asked, re.IGNORECASE):
                return Reply(content=_written(known.answer), trace={"answer": place})
        return Reply(content=UNKNOWN, trace={"answer": None})


def _written(answer: JSONValue) -> str:
    return answer if isinstance(answer, str) else canonical_bytes(answer).decode("utf-8", "surrogatepass")
