"""Requests as a program around a model would send them."""

from collections.abc import Mapping

from shipworthy.core.canonical import JSONValue, canonical_bytes, digest
from shipworthy.gateway.entities import ChatRequest, Message, Role, ToolDefinition

SEND_MAIL = ToolDefinition(
    "send_mail",
    "Sends a mail.",
    {
        "type": "object",
        "properties": {"to": {"type": "string"}, "subject": {"type": "string"}, "body": {"type": "string"}},
        "required": ["to", "body"],
    },
)
READ_INBOX = ToolDefinition("read_inbox", "Lists the mails.", {"type": "object", "properties": {}})
READ_MAIL = ToolDefinition(
    "read_mail", "Reads one mail.", {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
)


def system(text: str) -> Message:
    return Message(Role.SYSTEM, text)


def user(text: str) -> Message:
    return Message(Role.USER, text)


def tool(text: str, call: str = "call_1") -> Message:
    return Message(Role.TOOL, text, tool_call_id=call)


def request(
    *messages: Message,
    tools: tuple[ToolDefinition, ...] = (),
    tool_choice: str = "auto",
    schema: Mapping[str, JSONValue] | None = None,
    occurrence: int = 0,
) -> ChatRequest:
    spelled = canonical_bytes([[message.role.value, message.content] for message in messages])
    return ChatRequest(
        model="m",
        messages=messages,
        tools=tools,
        tool_choice=tool_choice,
        response_schema=schema,
        stream=False,
        max_tokens=None,
        temperature=0.0,
        digest=digest(spelled),
        occurrence=occurrence,
    )
