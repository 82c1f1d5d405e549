"""A stream says what the whole answer says, and is damaged exactly as its fault tells."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.gateway.completions import complete
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import Fault, FaultKind, Reply, ToolCall
from shipworthy.gateway.protocol import read_chat
from shipworthy.gateway.streaming import DONE, events

DRAWS = Draws(1)
DRAWN = ("digest", 0)
PLAIN = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
CALLS = st.lists(st.builds(ToolCall, st.just(""), st.sampled_from(["search", "send_mail"]), PLAIN), max_size=3)
REPLIES = st.builds(Reply, st.none() | PLAIN, CALLS.map(tuple))


def streamed(reply: Reply, *, include_usage: bool = False) -> list[bytes]:
    call = read_chat({"model": "m", "messages": [{"role": "user", "content": "a"}]}, *DRAWN)
    completion = complete(call, reply, DRAWS)
    return list(events(completion, include_usage=include_usage, draws=DRAWS, drawn=DRAWN))


def put_together(told: list[bytes]) -> tuple[str, list[list[str]], list[str]]:
    """Return text, calls (id, name, arguments) and reasons to finish, as a client would read them from a stream."""
    text, calls, reasons = "", [], []
    for event in told:
        if event == DONE:
            continue
        for choice in json.loads(event.removeprefix(b"data: "))["choices"]:
            text += choice["delta"].get("content") or ""
            reasons += [choice["finish_reason"]] if choice["finish_reason"] else []
            for part in choice["delta"].get("tool_calls", []):
                if "id" in part:
                    calls.append([part["id"], part["function"]["name"], ""])
                calls[part["index"]][2] += part["function"]["arguments"]
    return text, calls, reasons


@given(REPLIES)
def test_a_stream_says_what_the_whole_answer_says(reply: Reply) -> None:
    call = read_chat({"model": "m", "messages": [{"role": "user", "content": "a"}]}, *DRAWN)
    whole = complete(call, reply, DRAWS).reply
    text, calls, reasons = put_together(streamed(reply))
    assert text == (whole.content or "")
    assert calls == [[call.id, call.name, call.arguments] for call in whole.tool_calls]
    assert reasons == [whole.finish_reason]


def test_the_usage_comes_last_and_only_when_asked_for() -> None:
    told = streamed(Reply("one two"), include_usage=True)
    assert told[-1] == DONE
    last = json.loads(told[-2].removeprefix(b"data: "))
    assert last["choices"] == []
    assert last["usage"] == {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
    assert b"usage" not in b"".join(streamed(Reply("one two")))


LONG = "one two three four five six seven eight nine ten eleven twelve"


def test_a_truncated_stream_lacks_its_end() -> None:
    told = streamed(Reply(LONG, fault=Fault(FaultKind.TRUNCATED_STREAM)))
    text, _, reasons = put_together(told)
    assert LONG.startswith(text)
    assert text != LONG
    assert not reasons
    assert DONE not in told


def test_repeated_chunks_say_something_twice() -> None:
    told = streamed(Reply(LONG, fault=Fault(FaultKind.REPEATED_CHUNKS)))
    assert len(put_together(told)[0]) > len(LONG)
    assert sorted(set(told)) == sorted(streamed(Reply(LONG)))


def test_reordered_chunks_say_the_same_in_another_order() -> None:
    told = streamed(Reply(LONG, fault=Fault(FaultKind.REORDERED_CHUNKS)))
    assert sorted(told) == sorted(streamed(Reply(LONG)))
    assert put_together(told)[0] != LONG


@pytest.mark.parametrize("kind", [FaultKind.REPEATED_CHUNKS, FaultKind.REORDERED_CHUNKS, FaultKind.TRUNCATED_STREAM])
@pytest.mark.parametrize("content", [None, "", "one"])
def test_a_short_reply_survives_every_fault_of_its_chunks(kind: FaultKind, content: str | None) -> None:
    assert streamed(Reply(content, fault=Fault(kind)))
