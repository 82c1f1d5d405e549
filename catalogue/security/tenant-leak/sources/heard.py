"""What the model was asked and what it said, so that an answer can be held against it."""

import re
from collections.abc import Sequence
from typing import Any

from leaks import squeezed

from shipworthy.kit import ModelCall

MARK = re.compile(r"\s*\[[\w-]+\]")
SENTENCE = re.compile(r"(?<=[.!?])\s+")


class Heard:
    """All calls of the model: what it was given, and what it said without marks."""

    def __init__(self, calls: Sequence[ModelCall]) -> None:
        said = [(text_of(call), str((call.reply or {}).get("content") or "")) for call in calls]
        self._calls = [(squeezed(given), squeezed(MARK.sub("", reply))) for given, reply in said]

    def said(self, question: str, answer: str, value: str = "") -> bool:
        """Tell whether an answer is what the model said to this question, in a call that held this value.

        Letters and digits count alone, marks do not, and sentences may be left out. Of a question its last line counts.
        """
        asked, wanted = squeezed(question.splitlines()[-1]), squeezed(value)
        parts = [squeezed(part) for part in SENTENCE.split(MARK.sub("", answer))]
        parts = [part for part in parts if part]
        return bool(parts) and any(
            asked in given and wanted in given and all(part in reply for part in parts) for given, reply in self._calls
        )


def text_of(call: ModelCall) -> str:
    """Return all that a call gave to the model."""
    messages = call.request.get("messages")
    rows = [each for each in messages if isinstance(each, dict)] if isinstance(messages, list) else []
    return "\n".join(_content(each.get("content")) for each in rows)


def _content(content: Any) -> str:
    parts = content if isinstance(content, list) else [{"text": content}]
    return "".join(str(part.get("text")) for part in parts if isinstance(part, dict))
