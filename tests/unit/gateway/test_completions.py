"""A reply becomes a completion that ends where it should, and its stream says the same."""

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.completions import complete, completion_body, completion_tokens
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import Reply, ToolCall
from shipworthy.gateway.protocol import read_chat
from shipworthy.gateway.tokens import count_tokens

DRAWS = Draws(1)
DRAWN = ("digest", 0)
PLAIN = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
CALLS = st.lists(st.builds(ToolCall, st.just(""), st.sampled_from(["search", "send_mail"]), PLAIN), max_size=3)
REPLIES = st.builds(Reply, st.none() | PLAIN, CALLS.map(tuple))


def completed(reply: Reply, **fields: JSONValue) -> Reply:
    call = read_chat({"model": "m", "messages": [{"role": "user", "content": "a"}], **fields}, *DRAWN)
    return complete(call, reply, DRAWS).reply


def test_a_reply_is_cut_at_the_most_tokens() -> None:
    cut = completed(Reply("one two three four"), max_tokens=2)
    assert (cut.content, cut.finish_reason) == ("one two", "length")
    whole = completed(Reply("one two"), max_tokens=2)
    assert (whole.content, whole.finish_reason) == ("one two", "stop")


def test_a_reply_ends_before_the_first_stop_text() -> None:
    cut = completed(Reply("one END two STOP", (ToolCall("", "search", "{}"),)), stop=["STOP", "END"])
    assert (cut.content, cut.tool_calls, cut.finish_reason) == ("one ", (), "stop")


def test_arguments_of_a_call_are_cut_too() -> None:
    reply = Reply("ok", (ToolCall("", "search", '{"query": "invoice"}'), ToolCall("", "search", "{}")))
    cut = completed(reply, max_tokens=5)
    assert cut.finish_reason == "length"
    assert [call.arguments for call in cut.tool_calls] == ['{"query":']


def test_calls_of_tools_get_names_and_a_reason() -> None:
    named = completed(Reply(None, (ToolCall("", "a", "{}"), ToolCall("", "a", "{}"), ToolCall("mine", "a", "{}"))))
    ids = [call.id for call in named.tool_calls]
    assert len(set(ids)) == 3
    assert ids[2] == "mine"
    assert named.finish_reason == "tool_calls"


def test_a_client_can_ask_for_one_call_at_a_time() -> None:
    reply = Reply(None, (ToolCall("", "a", "{}"), ToolCall("", "b", "{}")))
    assert [call.name for call in completed(reply, parallel_tool_calls=False).tool_calls] == ["a"]
    assert [call.name for call in completed(reply, parallel_tool_calls=True).tool_calls] == ["a", "b"]


@given(REPLIES, st.integers(1, 30))
def test_no_reply_has_more_tokens_than_asked_for(reply: Reply, most: int) -> None:
    cut = completed(reply, max_tokens=most)
    assert completion_tokens(cut) <= most
    assert (reply.content or "").startswith(cut.content or "")
    assert (cut.finish_reason == "length") == (completion_tokens(reply) > most)


def test_the_body_holds_text_and_calls() -> None:
    call = read_chat({"model": "m", "messages": [{"role": "user", "content": "a"}]}, *DRAWN)
    body = completion_body(complete(call, Reply("hm", (ToolCall("c", "search", "{}"),)), DRAWS))
    choice = body["choices"][0]  # type: ignore[index]
    assert choice == {
        "index": 0,
        "message": {
            "role": "assistant",
            "content": "hm",
            "refusal": None,
            "tool_calls": [{"id": "c", "type": "function", "function": {"name": "search", "arguments": "{}"}}],
        },
        "logprobs": None,
        "finish_reason": "tool_calls",
    }
    assert count_tokens("hm") + count_tokens("search") + count_tokens("{}") == body["usage"]["completion_tokens"]  # type: ignore[index,call-overload]
