"""Reads a chat request as the OpenAI protocol spells it, and refuses what this gateway cannot do."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.gateway.entities import ChatRequest, Message, ToolDefinition
from shipworthy.gateway.errors import CallRefusedError, wrong_type, wrong_value
from shipworthy.gateway.fields import Fields
from shipworthy.gateway.messages import read_messages
from shipworthy.gateway.schemas import check_object_schema
from shipworthy.gateway.tokens import count_tokens

MOST_OUTPUT = 16_384
_MOST_TOOLS = 128
_MOST_STOPS = 4
_PER_MESSAGE = 4
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_READ = (
    "model", "messages", "tools", "tool_choice", "response_format", "stream", "stream_options", "n", "max_tokens",
    "max_completion_tokens", "stop", "temperature", "logprobs", "top_logprobs", "modalities", "audio", "functions",
    "function_call", "parallel_tool_calls",
)  # fmt: skip
_WITHOUT_EFFECT = (
    "top_p", "frequency_penalty", "presence_penalty", "seed", "user", "metadata", "store", "logit_bias",
    "reasoning_effort", "service_tier", "verbosity", "prediction", "safety_identifier",
    "prompt_cache_key",
)  # fmt: skip
_UNSUPPORTED = ("audio", "functions", "function_call", "top_logprobs")


@dataclass(frozen=True)
class ChatCall:
    """A chat request with what only the gateway needs.

    `stop` are the texts to stop before; `one_tool` says that a reply may call one tool alone; `include_usage`, that a
    stream tells its usage.
    """

    request: ChatRequest
    stop: tuple[str, ...]
    one_tool: bool
    include_usage: bool
    prompt_tokens: int


def read_chat(body: JSONValue, digest: str, occurrence: int) -> ChatCall:
    """Return a chat request. Raises `CallRefusedError` with the field at fault."""
    fields = Fields.of(body, "")
    fields.refuse_others((*_READ, *_WITHOUT_EFFECT))
    model, messages = fields.text("model"), read_messages(fields)
    _refuse_unsupported(fields)
    tools = _tools(fields)
    request = ChatRequest(
        model=model,
        messages=messages,
        tools=tools,
        tool_choice=_tool_choice(fields, {tool.name for tool in tools}),
        response_schema=_response_schema(fields),
        stream=fields.flag("stream"),
        max_tokens=_most_tokens(fields),
        temperature=fields.number("temperature", 0, 2, 1),
        digest=digest,
        occurrence=occurrence,
    )
    one_tool = fields.values.get("parallel_tool_calls") is not None and not fields.flag("parallel_tool_calls")
    return ChatCall(request, _stop(fields), one_tool, _include_usage(fields), prompt_tokens(request))


def prompt_tokens(request: ChatRequest) -> int:
    """Return the tokens of a request: its texts, tools and schema, and four for each message."""
    schema = request.response_schema
    texts = [canonical_bytes(dict(schema)).decode()] if schema is not None else []
    for tool in request.tools:
        texts += [tool.name, tool.description, canonical_bytes(dict(tool.parameters)).decode()]
    for message in request.messages:
        texts += _texts(message)
    return _PER_MESSAGE * len(request.messages) + sum(count_tokens(text) for text in texts)


def _texts(message: Message) -> list[str]:
    calls = [part for call in message.tool_calls for part in (call.name, call.arguments)]
    return [message.name, message.content, *calls]


def _refuse_unsupported(fields: Fields) -> None:
    for name in _UNSUPPORTED:
        if fields.values.get(name) is not None:
            raise wrong_value(fields.at(name), "is not supported")
    if fields.whole("n", 1, 128) not in {None, 1}:
        raise wrong_value("n", "has to be 1: this gateway makes one choice per call")
    if fields.flag("logprobs"):
        raise wrong_value("logprobs", "is not supported")
    if fields.optional_rows("modalities") not in (None, ["text"]):
        raise wrong_value("modalities", "has to be ['text']")


def _tools(fields: Fields) -> tuple[ToolDefinition, ...]:
    found = tuple(_tool(tool) for tool in fields.objects("tools"))
    if fields.values.get("tools") is not None and not 0 < len(found) <= _MOST_TOOLS:
        raise wrong_value("tools", f"has to hold from 1 to {_MOST_TOOLS} tools")
    if len({tool.name for tool in found}) < len(found):
        raise wrong_value("tools", "holds two tools of the same name")
    return found


def _tool(tool: Fields) -> ToolDefinition:
    tool.refuse_others(("type", "function"))
    tool.chosen("type", ("function",))
    function = tool.within("function")
    function.refuse_others(("name", "description", "parameters", "strict"))
    function.flag("strict")
    parameters = function.optional_within("parameters")
    if parameters is not None:
        check_object_schema(parameters)
    described = function.optional_text("description") or ""
    return ToolDefinition(_named(function), described, parameters.values if parameters else {})


def _named(fields: Fields) -> str:
    name = fields.text("name")
    if not _NAME.fullmatch(name):
        raise wrong_value(fields.at("name"), "has to be 1 to 64 letters, digits, '_' or '-'")
    return name


def _tool_choice(fields: Fields, names: Collection[str]) -> str:
    choice = fields.values.get("tool_choice")
    if choice is None:
        return "auto" if names else "none"
    if isinstance(choice, str):
        return _plain_choice(choice, names)
    chosen = Fields.of(choice, "tool_choice")
    chosen.chosen("type", ("function",))
    name = chosen.within("function").text("name")
    if name not in names:
        raise wrong_value("tool_choice.function.name", "names no tool of this request")
    return name


def _plain_choice(choice: str, names: Collection[str]) -> str:
    if choice not in {"none", "auto", "required"}:
        raise wrong_value("tool_choice", "has to be 'none', 'auto', 'required', or an object that names a tool")
    if not names and choice != "none":
        raise wrong_value("tool_choice", "is allowed with 'tools' alone")
    return choice


def _response_schema(fields: Fields) -> Mapping[str, JSONValue] | None:
    wanted = fields.optional_within("response_format")
    kind = wanted.chosen("type", ("text", "json_object", "json_schema")) if wanted else "text"
    if wanted is None or kind == "text":
        return None
    if kind == "json_object":
        return {}
    named = wanted.within("json_schema")
    named.refuse_others(("name", "description", "schema", "strict"))
    named.flag("strict")
    _named(named)
    schema = named.within("schema")
    check_object_schema(schema)
    return schema.values


def _most_tokens(fields: Fields) -> int | None:
    old = fields.whole("max_tokens", 1, MOST_OUTPUT)
    new = fields.whole("max_completion_tokens", 1, MOST_OUTPUT)
    if old is not None and new is not None:
        raise wrong_value("max_tokens", "cannot be given together with 'max_completion_tokens'")
    return new if new is not None else old


def _stop(fields: Fields) -> tuple[str, ...]:
    value = fields.values.get("stop")
    rows = [value] if isinstance(value, str) else fields.optional_rows("stop") or []
    stops = tuple(row for row in rows if isinstance(row, str))
    if len(stops) < len(rows):
        raise wrong_type("stop", "text or a list of texts", rows)
    if len(stops) > _MOST_STOPS or not all(stops):
        raise wrong_value("stop", f"has to be at most {_MOST_STOPS} texts, none of them empty")
    return stops


def _include_usage(fields: Fields) -> bool:
    options = fields.optional_within("stream_options")
    if options is None:
        return False
    if not fields.flag("stream"):
        raise wrong_value("stream_options", "is allowed with 'stream' alone")
    options.refuse_others(("include_usage", "include_obfuscation"))
    return options.flag("include_usage")


def refuse_overlong(call: ChatCall, window: int) -> None:
    """Refuse a request whose prompt does not fit the model's context window, in tokens."""
    if call.prompt_tokens > window:
        what = f"The messages have {call.prompt_tokens} tokens; this model's context window has {window}."
        raise CallRefusedError(what, param="messages", reason="context_length_exceeded")


def model_named(body: JSONValue) -> str:
    """Return the model that a request asks for. Raises `CallRefusedError`."""
    return Fields.of(body, "").text("model")
