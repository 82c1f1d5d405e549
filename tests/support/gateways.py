"""A small model to test the gateway with, and ways to talk to it that no client library comes between."""

import http.client
import json
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.answers import Answer
from shipworthy.gateway.connection import Bounds
from shipworthy.gateway.desk import Desk
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.endpoints import Endpoints
from shipworthy.gateway.entities import Budget, ChatRequest, Fault, FaultKind, Reply, ToolCall
from shipworthy.gateway.latency import Latency
from shipworthy.gateway.models import ChatModel, EmbeddingModel, ServedModel, Shelf
from shipworthy.gateway.server import Gateway

CHAT = "/v1/chat/completions"


@dataclass(frozen=True)
class Parrot:
    """Says the last message again; where tools are offered, calls each of them with the message as argument.

    A message `fault KIND` makes the call go wrong that way.
    """

    name: str = "parrot"

    def reply(self, request: ChatRequest) -> Reply:
        said = request.messages[-1].content
        fault = None
        if said.startswith("fault "):
            fault = Fault(FaultKind(said.split()[1]), retry_after=0.5)
        if request.tools and request.tool_choice != "none":
            arguments = json.dumps({"text": said})
            return Reply(None, tuple(ToolCall("", tool.name, arguments) for tool in request.tools), fault=fault)
        return Reply(said, fault=fault, trace={"heard": said})


@dataclass(frozen=True)
class Broken:
    """Raises an error at every call."""

    name: str = "broken"

    def reply(self, request: ChatRequest) -> Reply:
        raise LookupError("nothing to say")


MODELS: tuple[ServedModel, ...] = (ChatModel("parrot", Parrot()), EmbeddingModel())


def desk(*, seed: int = 1, budget: Budget | None = None, models: Sequence[ServedModel] = MODELS) -> Desk:
    """Return a desk that serves the parrot and embeddings."""
    return Desk(Endpoints(Shelf(models), Draws(seed), Latency()), budget or Budget())


def body_of(answer: Answer) -> dict[str, JSONValue]:
    """Return an answer's JSON body."""
    decoded = json.loads(b"".join(answer.parts))
    assert isinstance(decoded, dict)
    return decoded


def chat_body(text: str = "hello", **changed: JSONValue) -> bytes:
    """Return the body of a chat request; a field set to None is left out."""
    body = {"model": "parrot", "messages": [{"role": "user", "content": text}], **changed}
    return json.dumps({name: value for name, value in body.items() if value is not None}).encode()


def chunks_of(answer: Answer) -> list[dict[str, JSONValue]]:
    """Return the events of a streamed answer, without the last one that only says that it is done."""
    lines = b"".join(answer.parts).decode().split("\n\n")
    return [json.loads(line.removeprefix("data: ")) for line in lines if line and line != "data: [DONE]"]


@contextmanager
def serving(
    models: Sequence[ServedModel] = MODELS,
    *,
    seed: int = 1,
    budget: Budget | None = None,
    bounds: Bounds | None = None,
) -> Iterator[tuple[Gateway, Path]]:
    """Yield a gateway that serves, and the path of its socket."""
    with tempfile.TemporaryDirectory(prefix="gw-") as folder:
        path = Path(folder) / "gateway"
        with Gateway(models, seed=seed, budget=budget, bounds=bounds).start(path) as gateway:
            yield gateway, path


class UnixHttp(http.client.HTTPConnection):
    """The standard library's HTTP client over a Unix socket."""

    def __init__(self, path: Path, timeout: float = 30.0) -> None:
        super().__init__("gateway", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = connected(self._path, self.timeout or 30.0)

    def post(self, body: bytes, target: str = CHAT) -> tuple[int, dict[str, JSONValue]]:
        """Send one request and return status and JSON body."""
        self.request("POST", target, body, {"content-type": "application/json"})
        response = self.getresponse()
        return response.status, json.loads(response.read())


def asked(path: Path, body: bytes, target: str = CHAT) -> tuple[int, dict[str, JSONValue]]:
    """Send one request over a connection of its own and return status and JSON body."""
    with closing(UnixHttp(path)) as client:
        return client.post(body, target)


def connected(path: Path, timeout: float = 30.0) -> socket.socket:
    """Return a connection to a Unix socket."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    connection.connect(str(path))
    return connection


def said_to(path: Path, spelled: bytes, timeout: float = 30.0) -> bytes:
    """Send bytes, say that no more will come, and return everything that comes back."""
    with connected(path, timeout) as connection:
        connection.sendall(spelled)
        connection.shutdown(socket.SHUT_WR)
        return rest_of(connection)


def rest_of(connection: socket.socket) -> bytes:
    """Return everything that still comes; a connection that is torn down has nothing more to say."""
    received = bytearray()
    try:
        while part := connection.recv(65536):
            received += part
    except ConnectionError:
        pass
    return bytes(received)
