"""Reads the messages of a chat request, and whether they make a conversation."""

from shipworthy.gateway.entities import Message, Role, ToolCall
from shipworthy.gateway.errors import missing, wrong_type, wrong_value
from shipworthy.gateway.fields import Fields

_KNOWN = ("role", "content", "name", "tool_calls", "tool_call_id", "refusal", "audio", "annotations", "function_call")
_UNSUPPORTED = ("audio", "function_call")


def read_messages(request: Fields) -> tuple[Message, ...]:
    """Return the messages of a request. Raises `CallRefusedError`."""
    request.rows("messages")
    given = request.objects("messages")
    read = tuple(_message(fields) for fields in given)
    _check_answers(read, given)
    return read


def _message(fields: Fields) -> Message:
    fields.refuse_others(_KNOWN)
    role = Role(fields.chosen("role", [role.value for role in Role]))
    for name in _UNSUPPORTED:
        if fields.values.get(name) is not None:
            raise wrong_value(fields.at(name), "is not supported")
    calls = tuple(_tool_call(call) for call in fields.objects("tool_calls"))
    if calls and role is not Role.ASSISTANT:
        raise wrong_value(fields.at("tool_calls"), "belongs to messages of the assistant alone")
    answered = fields.text("tool_call_id") if role is Role.TOOL else ""
    return Message(role, _content(fields, role, calls), fields.optional_text("name") or "", calls, answered)


def _content(fields: Fields, role: Role, calls: tuple[ToolCall, ...]) -> str:
    content = fields.values.get("content")
    if content is None:
        refusal = fields.optional_text("refusal")
        if role is Role.ASSISTANT and (calls or refusal):
            return refusal or ""
        raise missing(fields.at("content"))
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise wrong_type(fields.at("content"), "text or a list of text parts", content)
    return "".join(_part(part, role) for part in fields.objects("content"))


def _part(part: Fields, role: Role) -> str:
    kinds = {"text": "text", **({"refusal": "refusal"} if role is Role.ASSISTANT else {})}
    kind = part.chosen("type", kinds)
    text = part.optional_text(kinds[kind])
    if text is None:
        raise missing(part.at(kinds[kind]))
    return text


def _tool_call(call: Fields) -> ToolCall:
    call.refuse_others(("id", "type", "function"))
    call.chosen("type", ("function",))
    function = call.within("function")
    arguments = function.optional_text("arguments")
    if arguments is None:
        raise missing(function.at("arguments"))
    return ToolCall(call.text("id"), function.text("name"), arguments)


def _check_answers(messages: tuple[Message, ...], given: list[Fields]) -> None:
    """Check that every tool message answers a call just made, and that every call is answered before others speak."""
    open_calls: set[str] = set()
    for message, fields in zip(messages, given, strict=True):
        if message.role is Role.TOOL:
            if message.tool_call_id not in open_calls:
                raise wrong_value(fields.at("tool_call_id"), "answers no open call of the assistant")
            open_calls.discard(message.tool_call_id)
        else:
            _check_closed(open_calls, fields)
            open_calls = {call.id for call in message.tool_calls}
    _check_closed(open_calls, given[-1])


def _check_closed(open_calls: set[str], fields: Fields) -> None:
    if open_calls:
        left = ", ".join(sorted(open_calls))[:200]
        raise wrong_value(fields.place, f"leaves calls of tools without an answer by role 'tool': {left}")
