"""The desk answers every request in the protocol's words, counts exactly, and records in an order no race changes."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.gateway import desk as desk_module
from shipworthy.gateway.answers import Delivery
from shipworthy.gateway.desk import Desk
from shipworthy.gateway.entities import Budget, FaultKind, GatewayRecord
from shipworthy.gateway.models import ChatModel
from shipworthy.gateway.recording import spelled_record
from tests.support.gateways import CHAT, MODELS, Broken, Parrot, body_of, chat_body, chunks_of, desk

TOOLS: JSONValue = [{"type": "function", "function": {"name": "send"}}]


def error_of(desk: Desk, method: str, target: str, body: bytes = b"") -> tuple[int, JSONValue, JSONValue]:
    answer = desk.answer(method, target, body)
    error = body_of(answer)["error"]
    assert isinstance(error, dict)
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    return answer.status, error["code"], error["param"]


@pytest.mark.parametrize(
    ("method", "target", "body", "told"),
    [
        ("POST", CHAT, b"{", (400, "invalid_json", None)),
        ("POST", CHAT, b"[]", (400, "invalid_type", "")),
        ("POST", CHAT, b"{}", (400, "missing_required_parameter", "model")),
        ("POST", CHAT, b'{"model": "parrot"}', (400, "missing_required_parameter", "messages")),
        ("POST", CHAT, chat_body(model="gone"), (404, "model_not_found", "model")),
        ("POST", CHAT, chat_body(model="hashed-embedding"), (400, "invalid_value", "model")),
        ("POST", CHAT, chat_body("word " * 130_000), (400, "context_length_exceeded", "messages")),
        ("POST", "/v1/embeddings", b'{"model": "parrot", "input": "a"}', (400, "invalid_value", "model")),
        ("GET", CHAT, b"", (405, "method_not_supported", None)),
        ("DELETE", "/v1/models", b"", (405, "method_not_supported", None)),
        ("POST", "/v1/completions", b"{}", (404, "unknown_url", None)),
        ("GET", "/", b"", (404, "unknown_url", None)),
        ("GET", "/v1/models/gone", b"", (404, "model_not_found", "model")),
    ],
)
def test_errors_have_the_protocol_s_body(
    method: str, target: str, body: bytes, told: tuple[int, str | None, str | None]
) -> None:
    assert error_of(desk(), method, target, body) == told


def test_models_are_listed_and_found() -> None:
    listed = body_of(desk().answer("GET", "/v1/models?limit=3", b""))["data"]
    assert isinstance(listed, list)
    assert [row["id"] for row in listed] == ["hashed-embedding", "parrot"]
    assert body_of(desk().answer("GET", "/v1/models/parrot", b""))["id"] == "parrot"


def test_a_call_is_recorded_with_its_reply_tokens_cost_and_trace() -> None:
    served = desk()
    answer = served.answer("POST", CHAT, chat_body("hello you"))
    (call,) = served.record().calls
    assert answer.status == call.status == 200
    assert (call.path, call.occurrence) == (CHAT, 0)
    assert call.request == {"model": "parrot", "messages": [{"role": "user", "content": "hello you"}]}
    assert call.reply is not None
    assert (call.reply.content, call.reply.trace) == ("hello you", {"heard": "hello you"})
    assert (call.prompt_tokens, call.completion_tokens) == (6, 2)
    assert call.cost == 3  # 6 times 150 and 2 times 600 nano-dollars, rounded up
    assert call.latency_ms > 0
    assert b"heard" not in b"".join(answer.parts)


def test_failed_calls_are_recorded_too() -> None:
    served = desk()
    served.answer("POST", CHAT, b"{nonsense")
    served.answer("POST", CHAT, b'{"model":"parrot"}')
    calls = {call.status: call for call in served.record().calls}
    assert len(served.record().calls) == 2
    assert {str(call.request) for call in served.record().calls} == {"None", "{'model': 'parrot'}"}
    assert calls[400].reply is None


def mixed_calls() -> list[bytes]:
    """Return calls of several kinds, some of them equal."""
    plain = [chat_body(f"text {number % 7}") for number in range(40)]
    streamed = [chat_body(f"text {number % 5}", stream=True) for number in range(20)]
    return [*plain, *streamed, chat_body("fault repeated_chunks and more", stream=True), b"{broken"]


def bytes_of(record: GatewayRecord) -> bytes:
    return canonical_bytes(spelled_record(record))


def test_the_same_seed_gives_the_same_bytes_in_any_order_and_from_any_thread() -> None:
    bodies = mixed_calls()
    one, other = desk(), desk()
    told = sorted(b"".join(one.answer("POST", CHAT, body).parts) for body in bodies)
    random.Random(5).shuffle(bodies)
    with ThreadPoolExecutor(8) as pool:
        again = sorted(pool.map(lambda body: b"".join(other.answer("POST", CHAT, body).parts), bodies))
    assert told == again
    assert bytes_of(one.record()) == bytes_of(other.record())


def test_another_seed_gives_other_names_and_the_same_words() -> None:
    one, other = (body_of(desk(seed=seed).answer("POST", CHAT, chat_body())) for seed in (1, 2))
    assert one["id"] != other["id"]
    assert one["choices"] == other["choices"]


def test_equal_requests_are_told_apart_by_their_occurrence() -> None:
    served = desk()
    ids = {str(body_of(served.answer("POST", CHAT, chat_body()))["id"]) for _ in range(3)}
    assert len(ids) == 3
    assert [call.occurrence for call in served.record().calls] == [0, 1, 2]
    assert len({call.digest for call in served.record().calls}) == 1


def test_the_spelling_of_a_request_does_not_matter_to_its_digest() -> None:
    served = desk()
    served.answer("POST", CHAT, b'{"model":"parrot","messages":[{"role":"user","content":"\\u0061"}]}')
    served.answer("POST", CHAT, b'{ "messages": [{"content": "a", "role": "user"}], "model": "parrot" }')
    assert [call.occurrence for call in served.record().calls] == [0, 1]


def test_exactly_as_many_calls_are_answered_as_the_budget_has() -> None:
    served = desk(budget=Budget(calls=50))
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda at: served.answer("POST", CHAT, chat_body(str(at))).status, range(200)))
    assert (statuses.count(200), statuses.count(429)) == (50, 150)
    assert len(served.record().calls) == 50
    assert served.record().refused == {"over_budget": 150}
    assert error_of(served, "GET", "/v1/models") == (429, "insufficient_quota", None)


def test_tokens_and_cost_never_go_beyond_the_budget() -> None:
    for budget in (Budget(tokens=100), Budget(cost=40)):
        served = desk(budget=budget)
        for at in range(60):
            served.answer("POST", CHAT, chat_body(f"number {at}"))
        spent, calls = served.spent(), served.record().calls
        assert spent.tokens == sum(call.prompt_tokens + call.completion_tokens for call in calls) <= budget.tokens
        assert spent.cost == sum(call.cost for call in calls) <= budget.cost
        assert served.record().refused["over_budget"] == 60 - len(calls) > 0


def test_the_record_keeps_no_more_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "MOST_WEIGHT", 1024 * 1024)
    served = desk(budget=Budget(tokens=10**9, cost=10**9))
    statuses = [served.answer("POST", CHAT, chat_body("x" * 100_000)).status for _ in range(20)]
    assert statuses == sorted(statuses)
    assert set(statuses) == {200, 429}
    assert len(bytes_of(served.record())) < 2 * 1024 * 1024


@pytest.mark.parametrize(
    ("kind", "status", "code", "delivery"),
    [
        (FaultKind.RATE_LIMITED, 429, "rate_limit_exceeded", Delivery.WHOLE),
        (FaultKind.SERVER_ERROR, 500, None, Delivery.WHOLE),
        (FaultKind.TIMEOUT, 504, "timeout", Delivery.HELD),
    ],
)
def test_calls_that_fail_by_a_fault_of_the_model(kind: FaultKind, status: int, code: str, delivery: Delivery) -> None:
    served = desk()
    answer = served.answer("POST", CHAT, chat_body(f"fault {kind.value}"))
    error = body_of(answer)["error"]
    assert isinstance(error, dict)
    assert (answer.status, error["code"], answer.delivery) == (status, code, delivery)
    (call,) = served.record().calls
    assert call.reply is not None
    assert call.reply.fault is not None
    assert (call.status, call.prompt_tokens, call.cost) == (status, 0, 0)


def test_a_rate_limit_says_when_to_try_again() -> None:
    headers = desk().answer("POST", CHAT, chat_body("fault rate_limited")).headers
    assert (headers["retry-after"], headers["retry-after-ms"]) == ("1", "500")


def test_a_slow_and_a_cut_answer_say_how_they_are_sent() -> None:
    slow = desk().answer("POST", CHAT, chat_body("fault slow_stream", stream=True))
    assert slow.delivery is Delivery.SLOW
    cut = desk().answer("POST", CHAT, chat_body("fault truncated_stream"))
    assert cut.delivery is Delivery.CUT
    assert int(cut.headers["content-length"]) > len(b"".join(cut.parts))


def test_tools_are_called() -> None:
    answer = desk().answer("POST", CHAT, chat_body("go", tools=TOOLS, stream=True))
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks_of(answer)]  # type: ignore[index,call-overload]
    assert reasons[-1] == "tool_calls"


def test_a_behaviour_that_fails_is_our_fault_and_is_not_hidden() -> None:
    served = desk(models=[ChatModel("broken", Broken())])
    assert served.answer("POST", CHAT, chat_body(model="broken")).status == 500
    assert served.failure is not None
    assert "nothing to say" in served.failure.what


def test_two_models_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="same name"):
        desk(models=[*MODELS, ChatModel("parrot", Parrot())])


def test_a_client_learns_the_simulated_time_and_a_name_for_its_request() -> None:
    served = desk()
    headers = served.answer("POST", CHAT, chat_body()).headers
    assert headers["x-request-id"].startswith("req_")
    assert int(headers["openai-processing-ms"]) == round(served.record().calls[0].latency_ms)
