"""What is sent back to a client, as values."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.errors import CallRefusedError


class Delivery(StrEnum):
    """How an answer is sent."""

    WHOLE = "whole"
    SLOW = "slow"
    """Part by part, with pauses."""
    CUT = "cut"
    """The connection ends before the body does."""
    HELD = "held"
    """Nothing is sent for a while."""


@dataclass(frozen=True)
class Answer:
    """A response: status, headers, its body in one or more parts, and how it is sent.

    A body whose length is not among the headers is sent in chunks.
    """

    status: int
    headers: Mapping[str, str]
    parts: tuple[bytes, ...]
    delivery: Delivery = Delivery.WHOLE


def json_answer(
    body: Mapping[str, JSONValue],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    delivery: Delivery = Delivery.WHOLE,
) -> Answer:
    """Return an answer with a JSON body; a cut one has half of it."""
    text = spelled(body)
    told = {"content-type": "application/json", "content-length": str(len(text)), **(headers or {})}
    return Answer(status, told, (text[: len(text) // 2] if delivery is Delivery.CUT else text,), delivery)


def refusal(error: CallRefusedError, headers: Mapping[str, str] | None = None) -> Answer:
    """Return the answer that tells a client why its call was refused."""
    again: dict[str, str] = {}
    if error.retry_after > 0:
        again = {
            "retry-after": str(math.ceil(error.retry_after)),
            "retry-after-ms": str(math.ceil(1000 * error.retry_after)),
        }
    return json_answer(error.body(), status=error.status, headers={**again, **(headers or {})})


def spelled(body: Mapping[str, JSONValue]) -> bytes:
    """Spell a body for the client, in ASCII, so that no text of a behaviour can break it."""
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode("ascii")
