"""The server speaks HTTP to any client, starts where it is told, and leaves nothing behind."""

import http.client
import json
import socket
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from shipworthy.gateway.connection import Bounds
from shipworthy.gateway.entities import Budget
from shipworthy.gateway.errors import BehaviourFailedError, GatewayError, SocketUnusableError
from shipworthy.gateway.models import ChatModel
from shipworthy.gateway.server import Gateway
from tests.support.gateways import (
    CHAT,
    MODELS,
    Broken,
    UnixHttp,
    asked,
    chat_body,
    connected,
    rest_of,
    said_to,
    serving,
)

POST = f"POST {CHAT} HTTP/1.1\r\nHost: gateway\r\n".encode()


def spelled(body: bytes, *headers: bytes) -> bytes:
    lines = [b"Content-Length: %d\r\n" % len(body), *(header + b"\r\n" for header in headers)]
    return POST + b"".join(lines) + b"\r\n" + body


def test_several_calls_go_over_one_connection() -> None:
    with serving() as (gateway, path):
        client = UnixHttp(path)
        replies = [client.post(chat_body(f"call {number}")) for number in range(3)]
        first = client.sock
        client.post(chat_body("again"))
        assert client.sock is first
        client.close()
        assert [status for status, _ in replies] == [200, 200, 200]
        assert len(gateway.record().calls) == 4
        assert gateway.spent().calls == 4


def test_a_stream_arrives_as_events() -> None:
    with serving() as (_, path):
        client = UnixHttp(path)
        client.request("POST", CHAT, chat_body("one two three four", stream=True))
        response = client.getresponse()
        assert response.headers["content-type"].startswith("text/event-stream")
        events = response.read().decode().split("\n\n")
        client.close()
    assert events[-2:] == ["data: [DONE]", ""]
    assert all(json.loads(event.removeprefix("data: "))["choices"] for event in events[:-2])


def test_pipelined_calls_are_answered_in_their_order() -> None:
    with serving() as (_, path):
        told = said_to(path, b"".join(spelled(chat_body(f"call {number}")) for number in range(20)))
    places = [told.index(f'"content":"call {number}"'.encode()) for number in range(20)]
    assert places == sorted(places)


def test_a_body_in_chunks_and_a_client_that_asks_first() -> None:
    body = chat_body("chunked")
    chunks = b"".join(b"1\r\n%c\r\n" % sign for sign in body) + b"0\r\n\r\n"
    with serving() as (_, path):
        assert b'"content":"chunked"' in said_to(path, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
        with connected(path) as client:
            client.sendall(POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
            assert client.recv(1000).startswith(b"HTTP/1.1 100")
            client.sendall(body)
            assert client.recv(10_000).startswith(b"HTTP/1.1 200")


def test_a_head_request_gets_no_body() -> None:
    with serving() as (_, path):
        told = said_to(path, b"HEAD /v1/models HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 405")
    assert told.endswith(b"\r\n\r\n")


def test_everybody_may_write_to_the_socket_unless_told_otherwise(tmp_path: Path) -> None:
    with Gateway(MODELS, seed=1).start(tmp_path / "open"), Gateway(MODELS, seed=1).start(tmp_path / "own", mode=0o600):
        assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o666
        assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o600


def test_stopping_leaves_no_thread_and_no_socket(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    gateway = Gateway(MODELS, seed=1).start(tmp_path / "socket")
    with connected(tmp_path / "socket") as idle, connected(tmp_path / "socket") as half:
        half.sendall(POST)
        asked(tmp_path / "socket", chat_body())
        record = gateway.stop()
        assert idle.recv(10) == b""
    assert set(threading.enumerate()) == before
    assert not list(tmp_path.iterdir())
    assert len(record.calls) == 1
    assert gateway.stop() == record


def test_a_gateway_starts_once(tmp_path: Path) -> None:
    with Gateway(MODELS, seed=1).start(tmp_path / "one") as gateway, pytest.raises(GatewayError, match="before"):
        gateway.start(tmp_path / "two")


def test_a_path_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    for path in (tmp_path / "taken", tmp_path / "none" / "socket", tmp_path / ("x" * 120)):
        with pytest.raises(SocketUnusableError):
            Gateway(MODELS, seed=1).start(path)
    assert (tmp_path / "taken").exists()


def test_a_failing_behaviour_is_raised_when_it_ends(tmp_path: Path) -> None:
    gateway = Gateway([ChatModel("broken", Broken())], seed=1).start(tmp_path / "socket")
    status, _ = asked(tmp_path / "socket", chat_body(model="broken"))
    assert status == 500
    with pytest.raises(BehaviourFailedError, match="nothing to say"):
        gateway.stop()
    assert not (tmp_path / "socket").exists()


def test_an_error_in_the_block_is_not_hidden_by_a_failing_behaviour(tmp_path: Path) -> None:
    def fail() -> None:
        with Gateway([ChatModel("broken", Broken())], seed=1).start(tmp_path / "socket"):
            asked(tmp_path / "socket", chat_body(model="broken"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()


def test_counting_is_exact_when_many_call_at_once() -> None:
    with serving(budget=Budget(calls=60)) as (gateway, path):

        def call_ten_times(worker: int) -> list[int]:
            client = UnixHttp(path)
            statuses = [client.post(chat_body(f"{worker} {number}"))[0] for number in range(10)]
            client.close()
            return statuses

        with ThreadPoolExecutor(16) as pool:
            statuses = [status for found in pool.map(call_ten_times, range(16)) for status in found]
        assert (statuses.count(200), statuses.count(429)) == (60, 100)
        assert gateway.record().refused == {"over_budget": 100}


def test_more_clients_than_places_are_all_served() -> None:
    with serving(bounds=Bounds(connections=3)) as (gateway, path):
        with ThreadPoolExecutor(24) as pool:
            statuses = list(pool.map(lambda number: asked(path, chat_body(str(number)))[0], range(48)))
        assert statuses == [200] * 48
        assert len(gateway.record().calls) == 48


def test_a_call_that_never_answers_ends_in_the_end() -> None:
    with serving(bounds=Bounds(hold=0.2)) as (_, path):
        assert asked(path, chat_body("fault timeout"))[0] == 504


def test_a_client_that_gives_up_frees_its_place_at_once() -> None:
    with serving(bounds=Bounds(connections=1, hold=60)) as (_, path):
        with connected(path) as impatient:
            impatient.sendall(spelled(chat_body("fault timeout")))
            time.sleep(0.2)
        assert asked(path, chat_body("next"))[0] == 200


def test_a_cut_answer_is_seen_to_be_incomplete() -> None:
    with serving() as (_, path):
        for stream in (True, None):
            with closing(UnixHttp(path)) as client:
                client.request("POST", CHAT, chat_body("fault truncated_stream with more words", stream=stream))
                with pytest.raises(http.client.IncompleteRead):
                    client.getresponse().read()


def test_a_slow_stream_arrives_piece_by_piece() -> None:
    with serving(bounds=Bounds(slow=1.0)) as (_, path), connected(path) as client:
        client.sendall(spelled(chat_body("fault slow_stream and some more words", stream=True), b"Connection: close"))
        parts = []
        while part := client.recv(65536):
            parts.append(part)
    assert len(parts) > 3
    assert b"[DONE]" in parts[-1] or b"[DONE]" in parts[-2]


def test_nobody_listens_after_the_end(tmp_path: Path) -> None:
    with Gateway(MODELS, seed=1).start(tmp_path / "socket"):
        pass
    with socket.socket(socket.AF_UNIX) as client, pytest.raises(FileNotFoundError):
        client.connect(str(tmp_path / "socket"))


def test_rest_of_a_connection_ends_with_the_gateway() -> None:
    with serving() as (gateway, path), connected(path) as client:
        client.sendall(spelled(chat_body("fault timeout")))
        gateway.stop()
        assert rest_of(client) == b""
