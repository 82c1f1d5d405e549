"""Spells a call for a live model, and reads what it says: strictly, because nothing that it says can be relied on."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.completions import completion_tokens
from shipworthy.gateway.embeddings import EmbeddingCall, packed
from shipworthy.gateway.entities import Reply, ToolCall
from shipworthy.gateway.errors import CallRefusedError, UpstreamFailedError
from shipworthy.gateway.fields import Fields
from shipworthy.gateway.protocol import ChatCall

PASSED_ON = (
    "messages", "tools", "tool_choice", "response_format", "max_tokens", "max_completion_tokens", "stop", "temperature",
    "parallel_tool_calls", "top_p", "frequency_penalty", "presence_penalty", "seed", "reasoning_effort",
)  # fmt: skip
"""What of a chat request a live model is told; the rest names or keeps something, or changes how the answer is sent."""

MOST_USED = 10_000_000
MOST_CALLS = 128
_LONGEST_ID = 200
_REASONS = frozenset({"stop", "length", "tool_calls", "content_filter"})


@dataclass(frozen=True)
class Said:
    """What a live model said, and the tokens that it says it used: of the prompt, and of the answer."""

    reply: Reply
    used: tuple[int, int]


@dataclass(frozen=True)
class Embedded:
    """The embeddings of a live model, as they are sent, and the tokens that it says it used."""

    rows: tuple[tuple[float, ...], ...]
    prompt_tokens: int
    trace: Mapping[str, JSONValue]


def chat_question(body: JSONValue, own_name: str) -> dict[str, JSONValue]:
    """Return the body for a live model of this name. It is asked for a whole answer: streaming is the gateway's."""
    fields = Fields.of(body, "")
    kept = {name: fields.values[name] for name in PASSED_ON if fields.values.get(name) is not None}
    return {**kept, "model": own_name, "stream": False}


def chat_said(answer: JSONValue, call: ChatCall) -> Said:
    """Read the answer to a chat request. Raises `UpstreamFailedError` unless it is one."""
    try:
        fields = Fields.of(answer, "")
        choice = fields.objects("choices")[0]
        message = choice.within("message")
        reply = Reply(
            content=_content(message),
            tool_calls=tuple(_call(each) for each in message.objects("tool_calls"))[:MOST_CALLS],
            finish_reason=_reason(choice),
            trace=_told(fields),
        )
        _require_text(reply)
    except (CallRefusedError, IndexError):
        raise UpstreamFailedError("its answer is no completion") from None
    return Said(reply, _used(fields, call.prompt_tokens, completion_tokens(reply)))


def _content(message: Fields) -> str | None:
    content = message.optional_text("content")
    return message.optional_text("refusal") if content is None else content


def _call(call: Fields) -> ToolCall:
    function = call.within("function")
    arguments = function.optional_text("arguments") or ""
    return ToolCall((call.optional_text("id") or "")[:_LONGEST_ID], function.text("name")[:_LONGEST_ID], arguments)


def _reason(choice: Fields) -> str:
    reason = choice.optional_text("finish_reason")
    return reason if reason in _REASONS else "stop"


def _require_text(reply: Reply) -> None:
    """Refuse half surrogate pairs, which no evidence could spell."""
    called = [part for call in reply.tool_calls for part in (call.id, call.name, call.arguments)]
    try:
        "".join([reply.content or "", *called]).encode()
    except UnicodeEncodeError:
        raise UpstreamFailedError("its answer is no text") from None


def _told(fields: Fields) -> dict[str, JSONValue]:
    """Return by what name the endpoint calls what answered, for the judge."""
    names = ("model", "system_fingerprint")
    told = {name: fields.values.get(name) for name in names}
    return {"live": {name: _plain(value) for name, value in told.items() if isinstance(value, str)}}


def _plain(text: str) -> str:
    return text[:_LONGEST_ID].encode("utf-8", "replace").decode()


def _used(fields: Fields, prompt: int, completion: int) -> tuple[int, int]:
    """Return what the endpoint says was used; by the fixed tokenizer where it says nothing that can be."""
    usage = fields.values.get("usage")
    told = usage if isinstance(usage, Mapping) else {}
    return _count(told.get("prompt_tokens"), prompt), _count(told.get("completion_tokens"), completion)


def _count(value: JSONValue, otherwise: int) -> int:
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_USED
    return int(str(value)) if sound else otherwise


def embedding_question(call: EmbeddingCall, own_name: str) -> dict[str, JSONValue]:
    """Return the body for a live model that embeds."""
    wanted: dict[str, JSONValue] = {"dimensions": call.dimensions} if call.dimensions_named else {}
    return {"model": own_name, "input": list(call.texts), "encoding_format": "float", **wanted}


def embedding_said(answer: JSONValue, call: EmbeddingCall) -> Embedded:
    """Read the answer to a request for embeddings. Raises `UpstreamFailedError` unless it is one."""
    try:
        fields = Fields.of(answer, "")
        found = {row.whole("index", 0, len(call.texts) - 1): _numbers(row) for row in fields.objects("data")}
        rows = tuple(found[at] for at in range(len(call.texts)))
    except (CallRefusedError, KeyError, OverflowError):
        raise UpstreamFailedError("its answer holds no embeddings") from None
    if len({len(row) for row in rows}) != 1 or len(found) != len(call.texts):
        raise UpstreamFailedError("its embeddings differ in length")
    kept: list[JSONValue] = [packed(row) for row in rows]
    return Embedded(rows, _used(fields, call.prompt_tokens, 0)[0], {**_told(fields), "embeddings": kept})


def _numbers(row: Fields) -> tuple[float, ...]:
    values = row.rows("embedding")
    numbers = tuple(float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool))
    if len(numbers) < len(values) or not all(map(math.isfinite, numbers)):
        raise UpstreamFailedError("its embeddings are no numbers")
    return tuple(struct.unpack(f"<{len(numbers)}f", struct.pack(f"<{len(numbers)}f", *numbers)))
