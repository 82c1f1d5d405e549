import asyncio
import socket
from collections.abc import Iterator
from time import monotonic

import pytest
from fastapi import HTTPException
from starlette.types import Message, Receive, Scope, Send

from shipworthy.bootstrap import House
from shipworthy.web.bodies import USUAL_BYTES, BodyLimit
from tests.support.browsers import served_house
from tests.support.houses import visitor


def taken_in(messages: list[Message], *, grace: float = 5, path: str = "/x", pause: float = 0) -> bytes:
    """Send a body through the limit and return what a route would read of it."""
    read: list[bytes] = []
    waiting = iter(messages)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            read.append(message.get("body", b""))
            more = message.get("more_body", False)

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return next(waiting)

    async def send(message: Message) -> None: ...

    scope: Scope = {"type": "http", "path": path, "headers": []}
    asyncio.run(BodyLimit(app, larger={"/upload": 5}, grace=grace)(scope, receive, send))
    return b"".join(read)


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_an_honest_body_comes_through_whole() -> None:
    assert taken_in([part(b"one ", more=True), part(b"two")]) == b"one two"


def test_a_body_in_parts_is_stopped_at_the_limit_of_its_path() -> None:
    with pytest.raises(HTTPException) as refused:
        taken_in([part(b"123", more=True), part(b"456")], path="/session/upload")
    assert refused.value.status_code == 413


def test_a_body_that_comes_too_slowly_is_stopped() -> None:
    with pytest.raises(HTTPException) as refused:
        taken_in([part(b"1", more=True)] * 3 + [part(b"")], grace=0.05, pause=0.04)
    assert refused.value.status_code == 408


def test_a_declared_size_over_the_limit_is_refused_in_words(house: House) -> None:
    guest = visitor(house, audiences=(), shows_style=True)
    guest.visit("/style")
    answer = guest.send("/style/done", {"why": "x" * (USUAL_BYTES + 1)})
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.text
    assert "Nothing was changed" in answer.text


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house"), audiences=(), shows_style=True) as house:
        yield house


def told_by(served: House, head: str, body: bytes) -> bytes:
    """Send raw bytes to the served house and return what it answers before it hangs up."""
    host, port = served.settings.web_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(f"{head}\r\nHost: {host}\r\n\r\n".encode() + body)
        answer = b""
        patience = monotonic() + 10
        while monotonic() < patience:
            try:
                got = line.recv(65_536)
            except ConnectionError:
                break
            if not got:
                break
            answer += got
    return answer


def test_a_body_without_end_is_cut_off_and_the_line_closed(served: House) -> None:
    head = "POST /style/done HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded"
    chunk = b"%x\r\n" % (USUAL_BYTES + 1) + b"a" * (USUAL_BYTES + 1) + b"\r\n"
    answer = told_by(served, head, chunk)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer.lower()


def test_two_lengths_or_a_broken_head_never_reach_a_route(served: House) -> None:
    for head in (
        "POST /style/done HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        "POST /style/done HTTP/1.1\r\nContent-Length: -1",
        "POST /style/done HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6",
    ):
        assert not told_by(served, head, b"csrf=").startswith((b"HTTP/1.1 2", b"HTTP/1.1 3")), head
