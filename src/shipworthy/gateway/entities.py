"""What passes through the gateway: requests, replies, faults, budgets, and the record of calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from shipworthy.core.canonical import JSONValue


class Role(StrEnum):
    """Who speaks in a message."""

    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool that the model asks for; `arguments` are JSON text, as in the protocol."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Message:
    """One message of a conversation; `content` is the text of all its parts, in order."""

    role: Role
    content: str
    name: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""


@dataclass(frozen=True)
class ToolDefinition:
    """A tool that a call offers; `parameters` is its JSON schema."""

    name: str
    description: str
    parameters: Mapping[str, JSONValue]


@dataclass(frozen=True)
class ChatRequest:
    """A request for a chat completion, as far as a behaviour may look at it.

    `tool_choice` is `none`, `auto`, `required` or the name of a tool; `response_schema` is the JSON schema of
    `response_format`, an empty one for `json_object`, and None where free text is wanted. `digest` identifies the
    canonical bytes of the whole request, `occurrence` counts earlier requests with the same digest: a behaviour that
    draws from (seed, digest, occurrence) answers the same in whatever order concurrent calls arrive.
    """

    model: str
    messages: tuple[Message, ...]
    tools: tuple[ToolDefinition, ...]
    tool_choice: str
    response_schema: Mapping[str, JSONValue] | None
    stream: bool
    max_tokens: int | None
    temperature: float
    digest: str
    occurrence: int


class FaultKind(StrEnum):
    """How a call goes wrong on the way to the client."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    SLOW_STREAM = "slow_stream"
    TRUNCATED_STREAM = "truncated_stream"
    REPEATED_CHUNKS = "repeated_chunks"
    REORDERED_CHUNKS = "reordered_chunks"


@dataclass(frozen=True)
class Fault:
    """A fault of the transport; `retry_after` is in seconds, for a rate limit."""

    kind: FaultKind
    retry_after: float = 0.0


@dataclass(frozen=True)
class Reply:
    """What the model says: text, calls of tools, or neither; and what goes wrong on the way, if anything.

    `finish_reason` is `stop`, `length`, `tool_calls` or `content_filter`. `trace` says for the judge why the model said
    it (which payload it obeyed, which passage it used); a client never sees it.
    """

    content: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str = "stop"
    fault: Fault | None = None
    trace: Mapping[str, JSONValue] | None = None


class Behaviour(Protocol):
    """A model: a pure policy from a request to a reply. It keeps nothing between calls."""

    @property
    def name(self) -> str:
        """The name under which `/v1/models` lists it."""
        ...

    def reply(self, request: ChatRequest) -> Reply:
        """Return what the model says to a request; the same for the same request and occurrence."""
        ...


@dataclass(frozen=True)
class Budget:
    """What one submission may use; over it every call gets 429 until the end. Cost is in micro-dollars."""

    calls: int = 1000
    tokens: int = 2_000_000
    cost: int = 10_000_000


@dataclass(frozen=True)
class CallRecord:
    """One call as the judge sees it.

    `path` is the endpoint, `request` the decoded body (None where it could not be decoded), `status` the HTTP status;
    tokens are counted by the fixed tokenizer; `latency_ms` is simulated on the virtual clock.
    """

    path: str
    digest: str
    occurrence: int
    request: JSONValue
    status: int
    reply: Reply | None
    prompt_tokens: int
    completion_tokens: int
    cost: int
    latency_ms: float


@dataclass(frozen=True)
class GatewayRecord:
    """All calls of one run, sorted by digest and occurrence, so that concurrent calls leave the same bytes."""

    calls: Sequence[CallRecord]
    refused: Mapping[str, int]
