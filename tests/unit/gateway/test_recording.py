"""The record is laid out in an order of its own, and can be spelled for evidence."""

import json

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import canonical_bytes
from shipworthy.gateway.entities import Fault, FaultKind, Reply, ToolCall
from shipworthy.gateway.recording import Question, Recorder, Result, spelled_record

CALLS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([200, 400, 429])), max_size=12)


def recorded(calls: list[tuple[str, int]]) -> Recorder:
    recorder = Recorder()
    for digest, status in calls:
        recorder.keep(Question("/v1/x", digest, recorder.occurrence(digest), b"{}"), Result(status))
    return recorder


@given(CALLS)
def test_calls_are_sorted_and_equal_ones_are_numbered(calls: list[tuple[str, int]]) -> None:
    found = [(call.digest, call.occurrence) for call in recorded(calls).record().calls]
    digests = sorted(digest for digest, _ in calls)
    assert found == [(digest, digests[:at].count(digest)) for at, digest in enumerate(digests)]


def test_a_record_is_spelled_with_everything_in_it() -> None:
    recorder = Recorder()
    fault = Fault(FaultKind.SLOW_STREAM, 1.5)
    reply = Reply(None, (ToolCall("c", "send", "{}"),), "tool_calls", fault, {"why": "said so"})
    recorder.keep(Question("/v1/x", "a", 0, b'{"b":1}', 2), Result(200, reply, 5, 6, 7, 8.5))
    recorder.keep(Question("/v1/x", "b", 0, None), Result(400))
    recorder.refuse("over_budget")
    assert json.loads(canonical_bytes(spelled_record(recorder.record()))) == {
        "calls": [
            {
                "path": "/v1/x",
                "digest": "a",
                "occurrence": 0,
                "request": {"b": 1},
                "status": 200,
                "reply": {
                    "content": None,
                    "tool_calls": [{"id": "c", "name": "send", "arguments": "{}"}],
                    "finish_reason": "tool_calls",
                    "fault": {"kind": "slow_stream", "retry_after": 1.5},
                    "trace": {"why": "said so"},
                },
                "prompt_tokens": 5,
                "completion_tokens": 6,
                "cost": 7,
                "latency_ms": 8.5,
            },
            {
                "path": "/v1/x",
                "digest": "b",
                "occurrence": 0,
                "request": None,
                "status": 400,
                "reply": None,
                "prompt_tokens": 0,
                "completion_tokens": 0,
                "cost": 0,
                "latency_ms": 0.0,
            },
        ],
        "refused": {"over_budget": 1},
    }


def test_the_weight_grows_with_what_is_kept() -> None:
    recorder = Recorder()
    light = recorder.weight_with(Question("/v1/x", "a", 0, b"{}", 1), None)
    assert recorder.weight == 0 < light
    assert recorder.weight_with(Question("/v1/x", "a", 0, b"{}" * 1000, 1), None) >= light + 1998
    assert recorder.weight_with(Question("/v1/x", "a", 0, b"{}", 1000), None) > light + 1998
    assert recorder.weight_with(Question("/v1/x", "a", 0, b"{}", 1), Reply("x" * 5000)) > light + 5000
