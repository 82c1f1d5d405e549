"""Makes the protocol's completion from a behaviour's reply: where it stops, what it is called, what it used."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import Reply, ToolCall
from shipworthy.gateway.protocol import MOST_OUTPUT, ChatCall
from shipworthy.gateway.tokens import count_tokens, first_tokens

_FIRST_MOMENT = 1_767_225_600
_A_DAY = 86_400


@dataclass(frozen=True)
class Completion:
    """A reply as the client will see it, with its names and its usage in tokens.

    `created` is in seconds since 1970, drawn and not read from a clock.
    """

    id: str
    created: int
    model: str
    fingerprint: str
    reply: Reply
    prompt_tokens: int
    completion_tokens: int

    def usage(self) -> dict[str, JSONValue]:
        """Return the usage as the protocol spells it."""
        total = self.prompt_tokens + self.completion_tokens
        used = {"prompt_tokens": self.prompt_tokens, "completion_tokens": self.completion_tokens}
        return {**used, "total_tokens": total}


def complete(call: ChatCall, reply: Reply, draws: Draws) -> Completion:
    """Return the completion that a reply becomes: cut at stop texts and at the most tokens asked for, and named."""
    most = min(call.request.max_tokens or MOST_OUTPUT, MOST_OUTPUT)
    said = _cut(_named(_stopped(reply, call.stop), call, draws), most)
    return _completed(call, said, (call.prompt_tokens, completion_tokens(said)), draws)


def complete_as_said(call: ChatCall, reply: Reply, used: tuple[int, int], draws: Draws) -> Completion:
    """Return the completion of a reply that was cut where it was made, with the tokens that were used there."""
    return _completed(call, _named(reply, call, draws), used, draws)


def _completed(call: ChatCall, said: Reply, used: tuple[int, int], draws: Draws) -> Completion:
    request = call.request
    drawn = (request.digest, request.occurrence)
    return Completion(
        id=f"chatcmpl-{draws.hexadecimal('completion', *drawn, digits=29)}",
        created=_FIRST_MOMENT + draws.below(_A_DAY, "created", *drawn),
        model=request.model,
        fingerprint=f"fp_{draws.hexadecimal('fingerprint', request.model, 0, digits=10)}",
        reply=said,
        prompt_tokens=used[0],
        completion_tokens=used[1],
    )


def completion_tokens(reply: Reply) -> int:
    """Return the tokens of a reply: its text, and the name and arguments of each call of a tool."""
    called = sum(count_tokens(call.name) + count_tokens(call.arguments) for call in reply.tool_calls)
    return count_tokens(reply.content or "") + called


def completion_body(completion: Completion) -> dict[str, JSONValue]:
    """Return a completion as the protocol spells it, for a client that does not stream."""
    reply = completion.reply
    message: dict[str, JSONValue] = {"role": "assistant", "content": reply.content, "refusal": None}
    if reply.tool_calls:
        message["tool_calls"] = [spelled_call(call) for call in reply.tool_calls]
    choice: Mapping[str, JSONValue] = {
        "index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish_reason,
    }  # fmt: skip
    return {**head(completion, "chat.completion"), "choices": [choice], "usage": completion.usage()}


def head(completion: Completion, kind: str) -> dict[str, JSONValue]:
    """Return the fields that a completion and each of its chunks begin with."""
    return {
        "id": completion.id,
        "object": kind,
        "created": completion.created,
        "model": completion.model,
        "system_fingerprint": completion.fingerprint,
        "service_tier": "default",
    }


def spelled_call(call: ToolCall) -> dict[str, JSONValue]:
    """Return a call of a tool as the protocol spells it."""
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _stopped(reply: Reply, stops: tuple[str, ...]) -> Reply:
    """Return a reply that ends before the first stop text; calls of tools come after the text and are lost with it."""
    content = reply.content or ""
    places = [place for place in (content.find(stop) for stop in stops) if place >= 0]
    if not places:
        return reply
    return replace(reply, content=content[: min(places)], tool_calls=(), finish_reason="stop")


def _named(reply: Reply, call: ChatCall, draws: Draws) -> Reply:
    """Return a reply with at most as many calls of tools as were asked for, each with an id."""
    if not reply.tool_calls:
        return reply
    drawn = (call.request.digest, call.request.occurrence)
    wanted = reply.tool_calls[:1] if call.one_tool else reply.tool_calls
    calls = tuple(
        one if one.id else replace(one, id=f"call_{draws.hexadecimal(f'call {at}', *drawn, digits=24)}")
        for at, one in enumerate(wanted)
    )
    reason = "tool_calls" if reply.finish_reason == "stop" else reply.finish_reason
    return replace(reply, tool_calls=calls, finish_reason=reason)


def _cut(reply: Reply, most: int) -> Reply:
    if completion_tokens(reply) <= most:
        return reply
    content = None if reply.content is None else first_tokens(reply.content, most)
    left, calls = most - count_tokens(content or ""), []
    for call in reply.tool_calls:
        left -= count_tokens(call.name)
        if left < 0:
            break
        arguments = first_tokens(call.arguments, left)
        calls.append(replace(call, arguments=arguments))
        left -= count_tokens(arguments)
        if arguments != call.arguments:
            break
    return replace(reply, content=content, tool_calls=tuple(calls), finish_reason="length")
