"""How behaviours look at a request: what stands in it, what it offers, what its user asks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.gateway.behaviours.plans import Plan
from shipworthy.gateway.entities import ChatRequest, Message, Role, ToolDefinition

_ASKING = (Role.USER, Role.SYSTEM, Role.DEVELOPER)


@dataclass(frozen=True)
class Match:
    """The plan for what is asked, the groups of its pattern, and the number of the message that asks."""

    plan: Plan
    groups: Mapping[str, JSONValue]
    turn: int


def readable_texts(request: ChatRequest) -> list[tuple[str, str]]:
    """Return everything in a request that a model reads, in order, each with its place (`message 3, tool`)."""
    found = [(_place(number, message), text) for number, message in enumerate(request.messages)
             for text in _texts_of(message)]  # fmt: skip
    return found + [(f"tool {tool.name}", text) for tool in offered_tools(request) for text in _texts_of_tool(tool)]


def offered_tools(request: ChatRequest) -> tuple[ToolDefinition, ...]:
    """Return the tools that the model may call in this request."""
    if request.tool_choice == "none":
        return ()
    named = tuple(tool for tool in request.tools if tool.name == request.tool_choice)
    return named or request.tools


def asked(request: ChatRequest, plans: Sequence[Plan]) -> Match | None:
    """Return the first plan that matches what was asked last: by a user, or else by the system prompt."""
    for turn, message in _asking(request.messages):
        for plan in plans:
            found = re.search(plan.when, message.content, re.IGNORECASE)
            if found:
                groups = {name: text or "" for name, text in found.groupdict().items()}
                return Match(plan, groups, turn)
    return None


def _asking(messages: Sequence[Message]) -> Iterator[tuple[int, Message]]:
    for roles in (_ASKING[:1], _ASKING[1:]):
        numbered = [(turn, message) for turn, message in enumerate(messages) if message.role in roles]
        yield from reversed(numbered)


def _place(number: int, message: Message) -> str:
    return f"message {number}, {message.role.value}"


def _texts_of(message: Message) -> Iterator[str]:
    yield from (text for text in (message.content, message.name) if text)
    yield from (call.arguments for call in message.tool_calls if call.arguments)


def _texts_of_tool(tool: ToolDefinition) -> Iterator[str]:
    yield from (text for text in (tool.description,) if text)
    if tool.parameters:
        yield canonical_bytes(tool.parameters).decode("utf-8", "surrogatepass")
