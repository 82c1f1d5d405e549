"""Endpoints that stand for an operator's: a sound one that checks the key, and hostile ones that send anything."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shipworthy.core.canonical import JSONValue
from shipworthy.core.live_settings import LiveSettings
from tests.support.gateways import desk

KEY = "sk-7f3c9a51d2e84b06operatorsown"


@dataclass
class Endpoint:
    """Where an endpoint is, and what it was sent: path, headers in lower case, body."""

    port: int = 0
    requests: list[tuple[str, Mapping[str, str], Mapping[str, JSONValue]]] = field(default_factory=list)
    wait: threading.Event = field(default_factory=threading.Event)

    def settings(self, *, key: str = KEY, seconds: float = 20.0, calls: int = 8, **models: str) -> LiveSettings:
        """Return settings that lead here; a model `live` is the endpoint's `parrot` unless something else is said."""
        named = {"live": "parrot", "embedder": "hashed-embedding", **models}
        return LiveSettings(f"http://127.0.0.1:{self.port}/v1", named, key=key, seconds=seconds, calls=calls)


@contextmanager
def sound_endpoint(*, held: bool = False) -> Iterator[Endpoint]:
    """Serve the parrot over TCP to whoever has the key; `held`: no answer before `wait` is set."""
    served, here = desk(), Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            here.requests.append(
                (self.path, {name.lower(): value for name, value in self.headers.items()}, json.loads(body))
            )
            if held:
                here.wait.wait(30)
            if self.headers["authorization"] != f"Bearer {KEY}":
                self._send(401, {}, b'{"error": {"message": "Incorrect API key provided: ' + KEY.encode() + b'"}}')
            else:
                answer = served.answer("POST", self.path, body)
                self._send(answer.status, answer.headers, b"".join(answer.parts))

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            with suppress(OSError):
                self.send_response(status)
                for name, value in {**headers, "x-secret-of-upstream": "1", "content-length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        here.wait.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def endpoint_that(says: Callable[[socket.socket], None]) -> Iterator[Endpoint]:
    """Serve whatever `says` sends to each connection, after the request was read."""
    here, closing = Endpoint(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        here.port = listener.getsockname()[1]
        thread = threading.Thread(target=_answer_all, args=(listener, here, says, closing))
        thread.start()
        try:
            yield here
        finally:
            here.wait.set()
            closing.set()
            thread.join()


def _answer_all(
    listener: socket.socket, here: Endpoint, says: Callable[[socket.socket], None], closing: threading.Event
) -> None:
    while not closing.is_set():
        with suppress(TimeoutError):
            peer, _ = listener.accept()
            here.requests.append(("", {}, {}))
            with peer, suppress(OSError):
                peer.settimeout(5)
                _read_request(peer)
                says(peer)


def _read_request(peer: socket.socket) -> None:
    """Read a whole request: what is left unread when a connection is closed would take the answer away."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += peer.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    while len(body) < int(lengths[0]):
        body += peer.recv(65536)


def response(body: bytes | JSONValue, status: str = "200 OK", headers: Sequence[str] = ()) -> bytes:
    """Return a whole HTTP response with this body, spelled as JSON unless it is bytes."""
    spelled = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = [f"HTTP/1.1 {status}", f"content-length: {len(spelled)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + spelled


def completion(content: str = "hello", **usage: JSONValue) -> JSONValue:
    """Return a chat completion as an endpoint spells it."""
    message: JSONValue = {"role": "assistant", "content": content}
    return {"model": "m-1", "choices": [{"message": message, "finish_reason": "stop"}], "usage": usage or None}
