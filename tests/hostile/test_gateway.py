"""Clients that attack the model gateway: each gets the protocol's error or nothing, and the next client is served."""

import json
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from shipworthy.gateway.connection import Bounds
from shipworthy.gateway.entities import Budget
from shipworthy.gateway.server import Gateway
from tests.support.gateways import CHAT, asked, chat_body, connected, rest_of, said_to, serving

POST = f"POST {CHAT} HTTP/1.1\r\nHost: gateway\r\n".encode()
QUICK = Bounds(idle=1.0, request=1.0, response=1.0, linger=0.5)
MEBIBYTE = 1024 * 1024

Served = tuple[Gateway, Path]


@pytest.fixture
def served() -> Iterator[Served]:
    before = set(threading.enumerate())
    with serving() as (gateway, path):
        yield gateway, path
        assert asked(path, chat_body("are you still there"))[0] == 200
        started = time.monotonic()
        gateway.stop()
        assert time.monotonic() - started < 5  # a busy machine may take its time; a hanging server takes for ever
    assert set(threading.enumerate()) == before
    assert not path.exists()


@pytest.fixture
def quick() -> Iterator[Served]:
    with serving(bounds=QUICK) as (gateway, path):
        yield gateway, path
        assert asked(path, chat_body("are you still there"))[0] == 200


def status_of(told: bytes) -> int:
    return int(told.split(b" ")[1])


def error_in(told: bytes) -> dict[str, object]:
    error = json.loads(told.partition(b"\r\n\r\n")[2])["error"]
    assert isinstance(error, dict)
    return error


def peak(*, anew: bool = False) -> int:
    """Return the most memory that this process has had, in bytes; from now on, when asked for anew."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in status if line.startswith("VmHWM:")).split()[1]) * 1024


BODIES = {
    "no JSON": b"hello",
    "half of it": b'{"model": "parrot", "mess',
    "invalid UTF-8": b'{"model": "\xff\xfe"}',
    "UTF-16": '{"model": "parrot"}'.encode("utf-16"),
    "nothing": b"",
    "zeros": b"\0" * 1000,
    "NaN": b'{"model": "parrot", "temperature": NaN}',
    "infinity": b'{"model": "parrot", "temperature": 1e999}',
    "a huge number": b'{"model": "parrot", "max_tokens": 1' + b"0" * 100_000 + b"}",
    "two keys": b'{"model": "parrot", "model": "other"}',
    "half a pair": b'{"model": "parrot", "messages": [{"role": "user", "content": "\\ud83d"}]}',
    "deep lists": b'{"model": "parrot", "messages": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "many values": b'{"model": "parrot", "messages": [' + b"{}," * 300_000 + b"{}]}",
    "many keys": b"{" + b",".join(b'"%d":1' % number for number in range(60_000)) + b"}",
    "a schema that nests": json.dumps(
        {"model": "parrot", "messages": [], "tools": [{"type": "function", "function": {"name": "a", "parameters": 1}}]}
    ).encode(),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_answered_with_400(served: Served, name: str) -> None:
    status, body = asked(served[1], BODIES[name])
    error = body["error"]
    assert isinstance(error, dict)
    assert (status, error["type"]) == (400, "invalid_request_error")


HEADS = {
    "no HTTP": b"EHLO mail\r\n\r\n",
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "a negative length": POST + b"Content-Length: -5\r\n\r\nhello",
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nhello",
    "a header without end": POST + b"X: " + b"a" * 200_000,
    "headers without end": POST + b"".join(b"X-%d: a\r\n" % number for number in range(20_000)),
    "a target without end": b"GET /" + b"a" * 200_000,
    "no host": b"GET /v1/models HTTP/1.1\r\n\r\n",
    "bare newlines inside": POST + b"X: a\nb\r\n\r\n",
    "bad chunks": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "a chunk too long to count": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n",
}


@pytest.mark.parametrize("name", HEADS)
def test_what_is_no_http_is_answered_with_an_error(served: Served, name: str) -> None:
    told = said_to(served[1], HEADS[name])
    assert 400 <= status_of(told) < 600
    assert error_in(told)["type"] == "invalid_request_error"
    assert not served[0].record().calls
    assert served[0].record().refused == {"malformed": 1}


def test_a_body_of_100_mb_is_refused_without_being_kept(served: Served) -> None:
    asked(served[1], chat_body())
    before = peak(anew=True)
    with connected(served[1]) as client:
        client.sendall(POST + b"Content-Length: %d\r\n\r\n" % (100 * MEBIBYTE))
        piece = b"a" * MEBIBYTE
        with suppress(ConnectionError):
            for _ in range(100):
                client.sendall(piece)
        told = rest_of(client)
    assert status_of(told) == 413
    assert "larger than" in str(error_in(told)["message"])
    assert peak() - before < 20 * MEBIBYTE


def test_chunks_without_end_are_refused_without_being_kept(served: Served) -> None:
    asked(served[1], chat_body())
    before = peak(anew=True)
    with connected(served[1]) as client:
        client.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        piece = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        with suppress(ConnectionError):
            for _ in range(1600):
                client.sendall(piece)
        told = rest_of(client)
    assert status_of(told) == 413
    assert peak() - before < 20 * MEBIBYTE


def test_a_client_that_sends_a_sign_at_a_time_is_cut_off(quick: Served) -> None:
    with connected(quick[1]) as client:
        started, told = time.monotonic(), b""
        client.settimeout(0.02)
        with suppress(ConnectionError):
            for sign in POST + b"X: " + b"a" * 1000:
                client.sendall(bytes([sign]))
                with suppress(TimeoutError):
                    told += client.recv(1000)
                if told:
                    break
        assert time.monotonic() - started < 20
    assert status_of(told) == 408
    assert quick[0].record().refused == {"incomplete": 1}


def test_a_silent_client_is_let_go(quick: Served) -> None:
    with connected(quick[1]) as client:
        assert rest_of(client) == b""
    assert not quick[0].record().refused


def test_a_client_that_never_reads_is_let_go(quick: Served) -> None:
    body = chat_body("word " * 20_000, stream=True)
    spelled = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    before = peak(anew=True)
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(quick[1])) for _ in range(40)]
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.sendall(spelled)
        time.sleep(QUICK.response)
        assert asked(quick[1], chat_body("next"))[0] == 200
    assert peak() - before < 200 * MEBIBYTE


def test_hundreds_of_half_open_connections_delay_and_do_not_stop_others(quick: Served) -> None:
    before = peak(anew=True)
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connected(quick[1])).sendall(POST)
        assert asked(quick[1], chat_body("through the crowd"))[0] == 200
    assert peak() - before < 50 * MEBIBYTE


def test_stopping_is_quick_with_a_thousand_clients_waiting() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 4096) if hard != resource.RLIM_INFINITY else 4096
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        with serving() as (gateway, path), ExitStack() as stack:
            for number in range(1000):
                client = stack.enter_context(connected(path))
                client.sendall(POST if number % 2 else b"GET /v1/mod")
            gateway.stop()
            assert not path.exists()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_flood_of_pipelined_calls_keeps_nobody_out_and_ends_with_the_budget() -> None:
    flood = b"GET /v1/models HTTP/1.1\r\nHost: gateway\r\n\r\n" * 2000
    with serving(budget=Budget(calls=500)) as (gateway, path), connected(path) as client:
        feeding = threading.Thread(target=_send_until_refused, args=(client, flood))
        feeding.start()
        answered, _ = asked(path, chat_body("in between"))
        assert answered in {200, 429}
        gateway.stop()
        client.shutdown(socket.SHUT_RDWR)
        feeding.join()
        assert len(gateway.record().calls) <= 500


def _send_until_refused(client: socket.socket, flood: bytes) -> None:
    with suppress(OSError):
        for _ in range(50):
            client.sendall(flood)


def test_a_flood_of_tiny_chunks_does_not_delay_the_end() -> None:
    tiny = b"1\r\na\r\n" * 100_000
    with serving() as (gateway, path), ExitStack() as stack:
        feeding = []
        for _ in range(10):
            client = stack.enter_context(connected(path))
            client.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
            feeding.append(threading.Thread(target=_send_until_refused, args=(client, tiny)))
            feeding[-1].start()
        time.sleep(0.3)
        gateway.stop()
        for thread in feeding:
            thread.join()
        assert not gateway.record().calls


def test_clients_that_hang_up_at_every_point_leave_the_server_standing(served: Served) -> None:
    body = chat_body("and away", stream=True)
    spelled = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    for length in range(0, len(spelled) + 1, 7):
        with connected(served[1]) as client:
            client.sendall(spelled[:length])
    with connected(served[1]) as client:
        client.sendall(spelled)
        client.recv(1)


def test_an_upgrade_a_tunnel_and_a_proxy_lead_nowhere(served: Served) -> None:
    upgrade = b"GET /v1/models HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    assert status_of(said_to(served[1], upgrade)) == 200
    assert status_of(said_to(served[1], b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")) == 404
    assert status_of(said_to(served[1], b"GET http://a/v1/models HTTP/1.1\r\nHost: a\r\n\r\n")) == 404
    assert status_of(said_to(served[1], b"GET /v1/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n")) == 404


def test_nothing_of_a_trace_or_a_seed_is_in_what_a_client_sees(served: Served) -> None:
    told = said_to(served[1], POST + b"Content-Length: %d\r\n\r\n" % len(chat_body("x")) + chat_body("x"))
    assert b"heard" not in told
    assert b"seed" not in told


def test_memory_stays_small_however_much_is_asked() -> None:
    body = chat_body("word " * 20_000)
    with serving(budget=Budget(calls=10_000, tokens=10**9, cost=10**9)) as (gateway, path):
        before = peak(anew=True)
        statuses = [asked(path, body)[0] for _ in range(900)]
        assert set(statuses) == {200, 429}
        assert peak() - before < 150 * MEBIBYTE
        assert gateway.spent().calls == statuses.count(200)
