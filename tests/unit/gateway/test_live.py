"""A live model behind the gateway: what passes, what never does, and what an endpoint cannot do to us."""

import base64
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.core.live_settings import LiveSettings
from shipworthy.gateway.behaviours.live import Live
from shipworthy.gateway.embeddings import read_embedding
from shipworthy.gateway.entities import Budget, FaultKind
from shipworthy.gateway.errors import LiveNotConfiguredError, UpstreamFailedError
from shipworthy.gateway.live_calls import chat_said, embedding_said
from shipworthy.gateway.models import ChatModel, EmbeddingModel
from shipworthy.gateway.protocol import read_chat
from shipworthy.gateway.recording import spelled_record
from shipworthy.gateway.server import Gateway
from tests.support.gateways import CHAT, Parrot, asked, chat_body, connected, rest_of, said_to
from tests.support.upstreams import KEY, Endpoint, completion, endpoint_that, response, sound_endpoint

MODELS = (ChatModel("live", Live()), EmbeddingModel("embedder", live=Live()), ChatModel("parrot", Parrot()))
EMBEDDINGS = "/v1/embeddings"
TOOL: JSONValue = {"type": "function", "function": {"name": "send", "parameters": {"type": "object"}}}
SHAPE: JSONValue = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}


@contextmanager
def gateway_to(settings: LiveSettings, folder: Path, budget: Budget | None = None) -> Iterator[tuple[Gateway, Path]]:
    """Yield a gateway with live models; `stop` raises what an endpoint failed at, and a test may call it itself."""
    path = folder / "gateway"
    gateway = Gateway(MODELS, seed=1, budget=budget, live=settings).start(path)
    try:
        yield gateway, path
    finally:
        with suppress(UpstreamFailedError):
            gateway.stop()


def live_body(text: str = "hello", **changed: JSONValue) -> bytes:
    return chat_body(text, model="live", **changed)


def error_of(path: Path, body: bytes = live_body()) -> tuple[int, JSONValue, str]:
    status, told = asked(path, body)
    error = told["error"]
    assert isinstance(error, dict)
    assert set(error) == {"message", "type", "param", "code"}
    return status, error["code"], str(error["message"])


def test_a_call_reaches_the_endpoint_under_its_own_name_and_comes_back_in_the_protocol(tmp_path: Path) -> None:
    with sound_endpoint() as endpoint, gateway_to(endpoint.settings(), tmp_path) as (gateway, path):
        body = live_body(
            "go", tools=[TOOL], response_format=SHAPE, temperature=0.5, top_p=0.5, store=True, user="ada", metadata={}
        )
        status, told = asked(path, body)
        (call,) = gateway.record().calls
    assert status == call.status == 200
    choices = told["choices"]
    assert isinstance(choices, list)
    assert choices[0]["finish_reason"] == "tool_calls"
    assert json.loads(choices[0]["message"]["tool_calls"][0]["function"]["arguments"]) == {"text": "go"}
    assert told["model"] == "live"
    ((target, headers, sent),) = endpoint.requests
    assert target == CHAT
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["user-agent"] == "shipworthy"
    assert sent == {
        "model": "parrot", "stream": False, "messages": [{"role": "user", "content": "go"}], "tools": [TOOL],
        "response_format": SHAPE, "temperature": 0.5, "top_p": 0.5,
    }  # fmt: skip
    assert call.reply is not None
    assert call.reply.trace is not None
    assert b'"live":{"model":"parrot","system_fingerprint":"fp_' in canonical_bytes(call.reply.trace)
    assert call.latency_ms > 0


def test_a_stream_says_what_the_endpoint_said(tmp_path: Path) -> None:
    with sound_endpoint() as endpoint, gateway_to(endpoint.settings(), tmp_path) as (_, path):
        body = live_body("one two three four", stream=True, stream_options={"include_usage": True})
        spelled = f"POST {CHAT} HTTP/1.1\r\nhost: a\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
        told = said_to(path, spelled).decode()
    chunks = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: {")]
    said = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks if chunk["choices"])
    assert said == "one two three four"
    assert chunks[-1]["usage"]["completion_tokens"] == 4
    assert told.rstrip().endswith("0")
    assert "data: [DONE]" in told
    assert endpoint.requests[0][2]["stream"] is False


def test_embeddings_come_in_both_spellings_and_are_recorded(tmp_path: Path) -> None:
    def body(spelling: str) -> bytes:
        wanted = {"model": "embedder", "input": ["a cat", "a car"], "encoding_format": spelling, "dimensions": 16}
        return json.dumps(wanted).encode()

    with sound_endpoint() as endpoint, gateway_to(endpoint.settings(), tmp_path) as (gateway, path):
        plain, packed = (asked(path, body(spelling), EMBEDDINGS)[1]["data"] for spelling in ("float", "base64"))
        calls = gateway.record().calls
    assert isinstance(plain, list)
    assert isinstance(packed, list)
    numbers = [list(struct.unpack("<16f", base64.b64decode(row["embedding"]))) for row in packed]
    assert numbers == [row["embedding"] for row in plain]
    assert {str(sent["model"]) for _, _, sent in endpoint.requests} == {"hashed-embedding"}
    assert all(call.reply and call.reply.trace for call in calls)
    assert calls[0].reply is not None
    assert calls[0].reply.trace is not None
    assert calls[0].reply.trace["embeddings"] == [row["embedding"] for row in packed]


def test_the_key_and_the_endpoint_s_words_and_headers_reach_nobody(tmp_path: Path) -> None:
    with sound_endpoint() as endpoint, gateway_to(endpoint.settings(key="sk-wrong"), tmp_path) as (gateway, path):
        body = live_body()
        told = said_to(path, f"POST {CHAT} HTTP/1.1\r\nhost: a\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
        record = canonical_bytes(spelled_record(gateway.record()))
        with pytest.raises(UpstreamFailedError) as failure:
            gateway.stop()
    everything = told + record + str(failure.value).encode() + repr(endpoint.settings()).encode()
    for secret in (KEY, "sk-wrong", "Incorrect", "x-secret-of-upstream", "127.0.0.1"):
        assert secret.encode() not in everything.replace(b"http://127.0.0.1", b"")
    assert b"500" in told.split(b"\r\n")[0]
    assert "status 401" in failure.value.what


def test_an_endpoint_without_a_key_is_sent_none(tmp_path: Path) -> None:
    with sound_endpoint() as endpoint, gateway_to(endpoint.settings(key=""), tmp_path) as (_, path):
        asked(path, live_body())
    assert "authorization" not in endpoint.requests[0][1]


def test_the_endpoint_s_usage_counts_against_the_budget(tmp_path: Path) -> None:
    told = response(completion("few words", prompt_tokens=700, completion_tokens=300))
    with (
        endpoint_that(lambda peer: peer.sendall(told)) as endpoint,
        gateway_to(endpoint.settings(), tmp_path, Budget(tokens=2500)) as (gateway, path),
    ):
        statuses = [asked(path, live_body(str(number)))[0] for number in range(4)]
        assert gateway.spent().tokens == 2000
        assert gateway.record().refused == {"over_budget": 2}
    assert statuses == [200, 200, 429, 429]
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize("usage", [{"prompt_tokens": -5}, {"prompt_tokens": 10**30}, {"prompt_tokens": "many"}, {}])
def test_usage_that_cannot_be_is_counted_by_the_fixed_tokenizer(tmp_path: Path, usage: dict[str, JSONValue]) -> None:
    with (
        endpoint_that(lambda peer: peer.sendall(response(completion("one two", **usage)))) as endpoint,
        gateway_to(endpoint.settings(), tmp_path) as (gateway, path),
    ):
        assert asked(path, live_body("hello you"))[0] == 200
        assert gateway.spent().tokens == 8


def test_no_more_calls_reach_the_endpoint_than_the_budget_has(tmp_path: Path) -> None:
    with (
        sound_endpoint(held=True) as endpoint,
        gateway_to(endpoint.settings(), tmp_path, Budget(calls=5)) as (gateway, path),
        ThreadPoolExecutor(12) as pool,
    ):
        asking = [pool.submit(asked, path, live_body(str(number))) for number in range(12)]
        while sum(one.done() for one in asking) < 7:
            time.sleep(0.01)
        endpoint.wait.set()
        statuses = sorted(one.result()[0] for one in asking)
        assert len(gateway.record().calls) == 5
    assert statuses == [200] * 5 + [429] * 7
    assert len(endpoint.requests) == 5


def test_other_calls_are_answered_while_live_ones_wait_and_equal_ones_are_told_apart(tmp_path: Path) -> None:
    with (
        sound_endpoint(held=True) as endpoint,
        gateway_to(endpoint.settings(), tmp_path) as (gateway, path),
        ThreadPoolExecutor(4) as pool,
    ):
        asking = [pool.submit(asked, path, live_body()) for _ in range(4)]
        while len(endpoint.requests) < 4:
            time.sleep(0.01)
        assert asked(path, chat_body("meanwhile"))[0] == 200
        assert gateway.record().refused == {"unfinished": 4}
        endpoint.wait.set()
        ids = {str(one.result()[1]["id"]) for one in asking}
        live = [call for call in gateway.record().calls if call.request["model"] == "live"]  # type: ignore[index,call-overload]
    assert len(ids) == 4
    assert [call.occurrence for call in live] == [0, 1, 2, 3]


def test_only_so_many_calls_are_asked_at_once(tmp_path: Path) -> None:
    with (
        sound_endpoint(held=True) as endpoint,
        gateway_to(endpoint.settings(calls=2), tmp_path) as (_, path),
        ThreadPoolExecutor(5) as pool,
    ):
        asking = [pool.submit(asked, path, live_body(str(number))) for number in range(5)]
        while len(endpoint.requests) < 2:
            time.sleep(0.01)
        assert asked(path, chat_body("meanwhile"))[0] == 200
        assert len(endpoint.requests) == 2
        endpoint.wait.set()
        assert [one.result()[0] for one in asking] == [200] * 5


def test_stopping_does_not_wait_for_the_endpoint_and_the_record_stays(tmp_path: Path) -> None:
    before = threading.active_count()
    with sound_endpoint(held=True) as endpoint, gateway_to(endpoint.settings(), tmp_path) as (gateway, path):
        with connected(path) as client:
            body = live_body()
            client.sendall(f"POST {CHAT} HTTP/1.1\r\nhost: a\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
            while not endpoint.requests:
                time.sleep(0.01)
            assert gateway.stop().refused == {"unfinished": 1}
            assert rest_of(client) == b""
        endpoint.wait.set()
        assert gateway.stop().refused == {"unfinished": 1}
    assert threading.active_count() <= before


REFUSED = [
    ("400 Bad Request", 400, "refused_by_model", None),
    ("422 Unprocessable", 400, "refused_by_model", None),
    ("429 Too Many", 429, "rate_limit_exceeded", FaultKind.RATE_LIMITED),
    ("500 Oops", 500, None, FaultKind.SERVER_ERROR),
    ("503 Busy", 500, None, FaultKind.SERVER_ERROR),
]


@pytest.mark.parametrize(("told", "status", "code", "kind"), REFUSED)
def test_what_any_client_has_to_expect_is_told_in_our_own_words(
    tmp_path: Path, told: str, status: int, code: str | None, kind: FaultKind | None
) -> None:
    words: JSONValue = {"error": {"message": "secret words"}}
    with (
        endpoint_that(lambda peer: peer.sendall(response(words, told, ["retry-after: 7"]))) as endpoint,
        gateway_to(endpoint.settings(), tmp_path) as (gateway, path),
    ):
        found = error_of(path)
        (call,) = gateway.stop().calls
    assert found[:2] == (status, code)
    assert "secret" not in found[2]
    fault = call.reply.fault if call.reply else None
    assert (fault.kind if fault else None) is kind
    if kind is FaultKind.RATE_LIMITED:
        assert fault
        assert fault.retry_after == 7.0


def test_an_endpoint_that_hangs_up_has_failed_once_and_may_be_asked_again(tmp_path: Path) -> None:
    with (
        endpoint_that(lambda peer: peer.sendall(response(completion())[:-5])) as endpoint,
        gateway_to(endpoint.settings(), tmp_path) as (gateway, path),
    ):
        assert error_of(path)[:2] == (500, None)
        assert gateway.stop().calls[0].status == 500


def drip(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nx: ")
    for _ in range(200):
        peer.sendall(b"a")
        time.sleep(0.02)


def slow_chunks(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    for _ in range(200):
        peer.sendall(b"1\r\n \r\n")
        time.sleep(0.02)


@pytest.mark.parametrize("says", [drip, slow_chunks, lambda _: time.sleep(1)])
def test_a_slow_endpoint_ends_in_a_timeout_however_it_is_slow(
    tmp_path: Path, says: Callable[[socket.socket], None]
) -> None:
    with endpoint_that(says) as endpoint, gateway_to(endpoint.settings(seconds=0.3), tmp_path) as (gateway, path):
        assert error_of(path)[:2] == (504, "timeout")
        (call,) = gateway.stop().calls
    assert call.reply is not None
    assert call.reply.fault is not None
    assert call.reply.fault.kind is FaultKind.TIMEOUT


def flood(piece: bytes, head: bytes) -> Callable[[socket.socket], None]:
    def says(peer: socket.socket) -> None:
        peer.sendall(head)
        for _ in range(4000):
            peer.sendall(piece)

    return says


CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
HOSTILE: dict[str, tuple[Callable[[socket.socket], None], str]] = {
    "a huge body": (flood(b"a" * 65536, b"HTTP/1.1 200 OK\r\ncontent-length: 300000000\r\n\r\n"), "larger than"),
    "huge chunks": (flood(b"10000\r\n" + b"a" * 65536 + b"\r\n", CHUNKED), "larger than"),
    "tiny chunks": (flood(b"1\r\na\r\n" * 5000, CHUNKED), "too many pieces"),
    "headers without end": (flood(b"x: " + b"a" * 1000 + b"\r\n", b"HTTP/1.1 200 OK\r\n"), "HTTP"),
    "many words before": (flood(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 5000, b""), "too many pieces"),
    "no HTTP": (lambda peer: peer.sendall(b"220 mail ready\r\n\r\n"), "HTTP"),
    "no JSON": (lambda peer: peer.sendall(response(b"<html>")), "no JSON"),
    "deep JSON": (lambda peer: peer.sendall(response(b"[" * 100_000)), "no JSON"),
    "a huge number": (lambda peer: peer.sendall(response(b'{"a": 1' + b"0" * 100_000 + b"}")), "no JSON"),
    "something else": (lambda peer: peer.sendall(response({"choices": []})), "no completion"),
    "half a pair": (lambda peer: peer.sendall(response(completion("\ud83d"))), "no text"),
    "the key": (lambda peer: peer.sendall(response(completion(f"Bearer {KEY}"))), "repeats the key"),
    "no such path": (lambda peer: peer.sendall(response({}, "404 Not Found")), "status 404"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_endpoint_is_a_fault_of_ours_and_the_next_client_is_served(tmp_path: Path, name: str) -> None:
    says, words = HOSTILE[name]
    with endpoint_that(says) as endpoint, gateway_to(endpoint.settings(), tmp_path) as (gateway, path):
        assert error_of(path) == (500, None, "The gateway failed.")
        assert asked(path, chat_body("next"))[0] == 200
        with pytest.raises(UpstreamFailedError, match=words) as failure:
            gateway.stop()
    assert KEY not in str(failure.value)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_never_followed_and_the_key_goes_nowhere_else(tmp_path: Path, status: str) -> None:
    with endpoint_that(lambda peer: peer.sendall(response(completion()))) as elsewhere:
        to = response({}, status, [f"location: http://127.0.0.1:{elsewhere.port}/v1/chat/completions"])
        with (
            endpoint_that(lambda peer: peer.sendall(to)) as endpoint,
            gateway_to(endpoint.settings(), tmp_path) as (gateway, path),
        ):
            assert error_of(path)[0] == 500
            with pytest.raises(UpstreamFailedError, match="not followed"):
                gateway.stop()
        assert len(endpoint.requests) == 1
        assert not elsewhere.requests


def test_an_endpoint_that_is_not_there_is_a_fault_of_ours(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        endpoint = Endpoint(gone.getsockname()[1])
    with gateway_to(endpoint.settings(), tmp_path) as (gateway, path):
        assert error_of(path)[0] == 500
        with pytest.raises(UpstreamFailedError, match="cannot be reached"):
            gateway.stop()


def test_encryption_that_cannot_be_trusted_is_not_used(tmp_path: Path) -> None:
    with sound_endpoint() as endpoint:
        settings = LiveSettings(f"https://127.0.0.1:{endpoint.port}/v1", {"*": "parrot"}, key=KEY)
        with gateway_to(settings, tmp_path) as (gateway, path):
            assert error_of(path)[0] == 500
            with pytest.raises(UpstreamFailedError, match="trusted"):
                gateway.stop()
    assert not endpoint.requests


def test_without_an_endpoint_for_it_no_live_model_is_served() -> None:
    with pytest.raises(LiveNotConfiguredError):
        Gateway(MODELS, seed=1)
    with pytest.raises(LiveNotConfiguredError, match="embedder"):
        Gateway(MODELS, seed=1, live=LiveSettings("http://localhost/v1", {"live": "parrot"}))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["choices", "message", "content", "tool_calls", "function", "name", "arguments", "usage", "data", "embedding",
         "index", "prompt_tokens"]), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(ANYTHING)
def test_whatever_an_endpoint_says_is_read_or_refused(value: JSONValue) -> None:
    call = read_chat(json.loads(live_body()), "d", 0)
    embedding = read_embedding({"model": "embedder", "input": ["a"]})
    message: JSONValue = {"choices": [{"message": value}], "usage": value}
    for answer in (value, message, {"data": [{"index": 0, "embedding": value}]}, {"data": value}):
        for read in (lambda: chat_said(answer, call), lambda: embedding_said(answer, embedding)):  # noqa: B023
            try:
                read()
            except UpstreamFailedError:
                continue
