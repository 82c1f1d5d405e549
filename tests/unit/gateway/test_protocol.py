"""Requests are read as the OpenAI protocol spells them; what is wrong with one is told with the field at fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.entities import ChatRequest, Message, Role, ToolCall
from shipworthy.gateway.errors import CallRefusedError
from shipworthy.gateway.protocol import ChatCall, read_chat
from shipworthy.gateway.tokens import count_tokens

HELLO: JSONValue = [{"role": "user", "content": "hello"}]
SEARCH: JSONValue = {
    "type": "function",
    "function": {
        "name": "search",
        "description": "Search the mail.",
        "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    },
}
CALL: JSONValue = {"id": "c1", "type": "function", "function": {"name": "search", "arguments": '{"query":"a"}'}}


def read(**fields: JSONValue) -> ChatCall:
    return read_chat({"model": "m", "messages": HELLO, **fields}, "digest", 3)


def request(**fields: JSONValue) -> ChatRequest:
    return read(**fields).request


def test_a_plain_request() -> None:
    assert request() == ChatRequest(
        model="m",
        messages=(Message(Role.USER, "hello"),),
        tools=(),
        tool_choice="none",
        response_schema=None,
        stream=False,
        max_tokens=None,
        temperature=1.0,
        digest="digest",
        occurrence=3,
    )


def test_text_parts_are_put_together() -> None:
    parts: JSONValue = [{"type": "text", "text": "one "}, {"type": "text", "text": "two"}]
    assert request(messages=[{"role": "user", "content": parts}]).messages[0].content == "one two"


def test_a_conversation_with_calls_of_tools() -> None:
    messages: JSONValue = [
        {"role": "developer", "content": "Be brief.", "name": "boss"},
        {"role": "user", "content": "search"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "found"},
    ]
    read_messages = request(messages=messages, tools=[SEARCH]).messages
    assert read_messages[0] == Message(Role.DEVELOPER, "Be brief.", "boss")
    assert read_messages[2] == Message(Role.ASSISTANT, "", "", (ToolCall("c1", "search", '{"query":"a"}'),))
    assert read_messages[3] == Message(Role.TOOL, "found", "", (), "c1")


@pytest.mark.parametrize(
    ("choice", "read_as"),
    [
        (None, "auto"),
        ("none", "none"),
        ("required", "required"),
        ({"type": "function", "function": {"name": "search"}}, "search"),
    ],
)
def test_the_choice_of_tools(choice: JSONValue, read_as: str) -> None:
    assert request(tools=[SEARCH], tool_choice=choice).tool_choice == read_as


def test_wanted_shapes_of_the_answer() -> None:
    schema: JSONValue = {"type": "object", "properties": {"n": {"type": ["integer", "null"]}}}
    assert request(response_format={"type": "text"}).response_schema is None
    assert request(response_format={"type": "json_object"}).response_schema == {}
    named: JSONValue = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema, "strict": True}}
    assert request(response_format=named).response_schema == schema


def test_limits_stops_and_usage() -> None:
    assert request(max_tokens=5).max_tokens == 5
    assert request(max_completion_tokens=6).max_tokens == 6
    assert read(stop="x").stop == ("x",)
    assert read(stop=["x", "y"]).stop == ("x", "y")
    assert read(stream=True, stream_options={"include_usage": True}).include_usage
    assert not read(stream=True).include_usage


def test_settings_that_change_nothing_here_are_accepted() -> None:
    given = request(top_p=0.5, seed=7, user="u", metadata={"a": "b"}, logit_bias=None)
    assert given == request()


def test_tokens_of_a_prompt_are_those_of_its_texts_and_tools() -> None:
    assert read().prompt_tokens == 4 + count_tokens("hello")
    assert read(tools=[SEARCH]).prompt_tokens > read().prompt_tokens + count_tokens("Search the mail.")


WRONG: list[tuple[dict[str, JSONValue], str, str]] = [
    ({"messages": None}, "messages", "missing_required_parameter"),
    ({"messages": []}, "messages", "invalid_value"),
    ({"messages": "hello"}, "messages", "invalid_type"),
    ({"messages": ["hello"]}, "messages[0]", "invalid_type"),
    ({"messages": [{"content": "hello"}]}, "messages[0].role", "missing_required_parameter"),
    ({"messages": [{"role": "king", "content": "hello"}]}, "messages[0].role", "invalid_value"),
    ({"messages": [{"role": "user"}]}, "messages[0].content", "missing_required_parameter"),
    ({"messages": [{"role": "user", "content": 3}]}, "messages[0].content", "invalid_type"),
    (
        {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
        "messages[0].content[0].type",
        "invalid_value",
    ),
    ({"messages": [{"role": "user", "content": "a", "mood": 1}]}, "messages[0].mood", "unknown_parameter"),
    ({"messages": [{"role": "tool", "content": "a"}]}, "messages[0].tool_call_id", "missing_required_parameter"),
    (
        {"messages": [{"role": "tool", "content": "a", "tool_call_id": "c9"}]},
        "messages[0].tool_call_id",
        "invalid_value",
    ),
    (
        {"messages": [{"role": "assistant", "tool_calls": [CALL]}, {"role": "user", "content": "a"}]},
        "messages[1]",
        "invalid_value",
    ),
    ({"messages": [{"role": "user", "content": "a", "tool_calls": [CALL]}]}, "messages[0].tool_calls", "invalid_value"),
    ({"model": 3}, "model", "invalid_type"),
    ({"model": ""}, "model", "invalid_value"),
    ({"temperature": "hot"}, "temperature", "invalid_type"),
    ({"temperature": 3}, "temperature", "invalid_value"),
    ({"temperature": True}, "temperature", "invalid_type"),
    ({"max_tokens": 0}, "max_tokens", "invalid_value"),
    ({"max_tokens": 1.5}, "max_tokens", "invalid_type"),
    ({"max_tokens": 10**19}, "max_tokens", "invalid_value"),
    ({"max_tokens": 5, "max_completion_tokens": 5}, "max_tokens", "invalid_value"),
    ({"parallel_tool_calls": "no"}, "parallel_tool_calls", "invalid_type"),
    ({"stream": "yes"}, "stream", "invalid_type"),
    ({"stream_options": {"include_usage": True}}, "stream_options", "invalid_value"),
    ({"n": 2}, "n", "invalid_value"),
    ({"logprobs": True}, "logprobs", "invalid_value"),
    ({"stop": [1]}, "stop", "invalid_type"),
    ({"stop": ""}, "stop", "invalid_value"),
    ({"stop": ["a"] * 5}, "stop", "invalid_value"),
    ({"tools": []}, "tools", "invalid_value"),
    ({"tools": [SEARCH, SEARCH]}, "tools", "invalid_value"),
    ({"tools": [{"type": "function"}]}, "tools[0].function", "missing_required_parameter"),
    ({"tools": [{"type": "magic", "function": {"name": "a"}}]}, "tools[0].type", "invalid_value"),
    ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools[0].function.name", "invalid_value"),
    (
        {"tools": [{"type": "function", "function": {"name": "a", "parameters": {"type": "string"}}}]},
        "tools[0].function.parameters.type",
        "invalid_value",
    ),
    ({"tool_choice": "auto"}, "tool_choice", "invalid_value"),
    (
        {"tools": [SEARCH], "tool_choice": {"type": "function", "function": {"name": "other"}}},
        "tool_choice.function.name",
        "invalid_value",
    ),
    ({"response_format": {"type": "xml"}}, "response_format.type", "invalid_value"),
    ({"response_format": {"type": "json_schema"}}, "response_format.json_schema", "missing_required_parameter"),
    ({"functions": []}, "functions", "invalid_value"),
    ({"temprature": 1}, "temprature", "unknown_parameter"),
]


@pytest.mark.parametrize(("fields", "param", "reason"), WRONG)
def test_what_is_wrong_is_told_with_its_field(fields: dict[str, JSONValue], param: str, reason: str) -> None:
    with pytest.raises(CallRefusedError) as raised:
        read(**fields)
    error = raised.value
    assert (error.status, error.kind, error.param, error.reason) == (400, "invalid_request_error", param, reason)
    assert param in error.what


NAMES = st.sampled_from([
    "model", "messages", "role", "content", "name", "tools", "tool_calls", "tool_call_id", "tool_choice", "type",
    "function", "parameters", "properties", "items", "required", "enum", "anyOf", "arguments", "id", "response_format",
    "json_schema", "schema", "stream", "stream_options", "include_usage", "n", "stop", "text", "max_tokens",
])  # fmt: skip
WORDS = st.sampled_from(["user", "assistant", "tool", "system", "function", "text", "json_schema", "object", "a", ""])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-1, 3) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=30,
)
ALMOST = st.fixed_dictionaries({"model": WORDS | ANYTHING, "messages": ANYTHING}, optional={
    "tools": ANYTHING, "tool_choice": ANYTHING, "response_format": ANYTHING, "stop": ANYTHING, "stream": ANYTHING,
    "stream_options": ANYTHING,
})  # fmt: skip


@given(ANYTHING | ALMOST)
def test_any_body_is_read_or_refused_with_a_field_that_it_could_have(body: JSONValue) -> None:
    try:
        call = read_chat(body, "digest", 0)
    except CallRefusedError as error:
        told = error
    else:
        assert call.request.messages
        return
    assert told.status == 400
    assert told.reason


def test_a_body_that_is_no_object_is_refused() -> None:
    bodies: list[JSONValue] = [[], "a", None, 3]
    for body in bodies:
        with pytest.raises(CallRefusedError):
            read_chat(body, "digest", 0)
