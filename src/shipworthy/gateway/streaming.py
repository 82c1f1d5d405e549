"""Spells a completion as server-sent events, whole or damaged on the way."""

from collections.abc import Iterator, Mapping

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.answers import spelled
from shipworthy.gateway.completions import Completion, head
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import FaultKind, ToolCall
from shipworthy.gateway.tokens import tokens

DONE = b"data: [DONE]\n\n"
_PER_CHUNK = 3

Delta = Mapping[str, JSONValue]


def events(completion: Completion, *, include_usage: bool, draws: Draws, drawn: tuple[str, int]) -> tuple[bytes, ...]:
    """Return the events of a streamed completion, each ready to be sent.

    A reply with a fault of its chunks yields them as that fault leaves them: some said twice, two in the wrong order,
    or only the first half and no end. `drawn` is the (digest, occurrence) that faults are drawn from.
    """
    kind = completion.reply.fault.kind if completion.reply.fault else None
    deltas = _damaged(list(_deltas(completion)), kind, draws, drawn)
    start = head(completion, "chat.completion.chunk")
    usage: dict[str, JSONValue] = {"usage": None} if include_usage else {}
    told = [_event({**start, "choices": [_choice(delta, None)], **usage}) for delta in deltas]
    if kind is FaultKind.TRUNCATED_STREAM:
        return tuple(told[: max(1, len(told) // 2)])
    told.append(_event({**start, "choices": [_choice({}, completion.reply.finish_reason)], **usage}))
    if include_usage:
        told.append(_event({**start, "choices": [], "usage": completion.usage()}))
    return (*told, DONE)


def _deltas(completion: Completion) -> Iterator[Delta]:
    reply = completion.reply
    yield {"role": "assistant", "content": None if reply.content is None else "", "refusal": None}
    for piece in _pieces(reply.content or ""):
        yield {"content": piece}
    for at, call in enumerate(reply.tool_calls):
        yield from _call_deltas(at, call)


def _call_deltas(at: int, call: ToolCall) -> Iterator[Delta]:
    opened: JSONValue = {"name": call.name, "arguments": ""}
    yield {"tool_calls": [{"index": at, "id": call.id, "type": "function", "function": opened}]}
    for piece in _pieces(call.arguments):
        yield {"tool_calls": [{"index": at, "function": {"arguments": piece}}]}


def _pieces(text: str) -> Iterator[str]:
    parts = tokens(text)
    for at in range(0, len(parts), _PER_CHUNK):
        yield "".join(parts[at : at + _PER_CHUNK])


def _damaged(deltas: list[Delta], kind: FaultKind | None, draws: Draws, drawn: tuple[str, int]) -> list[Delta]:
    """Repeat or reorder chunks after the first, which only names the speaker; one chunk alone cannot be reordered."""
    body = deltas[1:]
    if kind is FaultKind.REPEATED_CHUNKS and body:
        sure = draws.below(len(body), "repeated", *drawn)
        twice = [at == sure or draws.fraction(f"repeated {at}", *drawn) < 0.2 for at in range(len(body))]
        body = [delta for delta, again in zip(body, twice, strict=True) for _ in range(1 + again)]
    if kind is FaultKind.REORDERED_CHUNKS and len(body) > 1:
        at = draws.below(len(body) - 1, "reordered", *drawn)
        body[at], body[at + 1] = body[at + 1], body[at]
    return [*deltas[:1], *body]


def _choice(delta: Delta, finish_reason: str | None) -> JSONValue:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


def _event(body: Mapping[str, JSONValue]) -> bytes:
    return b"data: " + spelled(body) + b"\n\n"
