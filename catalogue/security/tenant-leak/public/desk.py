"""Talks to the question desk: starts it, sends requests one after the other or together, and plays the model behind it.

The public check and the judge use the same; only their tenants, documents and requests differ.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipworthy.kit import (
    BadAnswer,
    Bench,
    LentModels,
    Run,
    Server,
    Workspace,
    decode_json,
    expect_list,
    expect_mapping,
    expect_number,
    expect_text,
)
from shipworthy.kit.models import ChatRequest, Extractive, Fault, FaultKind, Reply

HERE = Path(__file__).parent
MODEL = "reader-1"
REQUEST_SECONDS = 5.0
MOST_BYTES = 400_000
MARK = re.compile(r"^\[([\w-]+)\]", re.MULTILINE)
OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Call:
    """One request to the desk; `token` is empty for none at all."""

    token: str
    method: str
    target: str
    body: Any = None
    raw: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def spelled(self) -> dict[str, Any]:
        """Spell it for the program in the sandbox that sends it."""
        headers = {**({"authorization": f"Bearer {self.token}"} if self.token else {}), **self.headers}
        body = self.raw or (json.dumps(self.body) if self.body is not None else "")
        if body:
            headers["content-type"] = "application/json"
        return {"method": self.method, "target": self.target, "headers": headers, "body": body}


@dataclass(frozen=True)
class Answered:
    """What came back: `status` is 0 where nothing did, and `text` then says why."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        try:
            value = decode_json(self.text.encode("utf-8", "surrogatepass"), "An answer")
        except BadAnswer:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def answer(self) -> str:
        """The text of an answer to a question."""
        said = self.fields.get("answer")
        return said if isinstance(said, str) else ""

    @property
    def cited(self) -> list[str]:
        """The ids of the documents that it cites, or lists."""
        found = self.fields.get("citations", self.fields.get("documents"))
        rows = found if isinstance(found, list) else []
        return [str(each.get("document_id")) for each in rows if isinstance(each, dict)]


class Reader:
    """The model: a sentence that fits, or all that it was given where a text that it reads orders so.

    To the questions of `picks` it says their sentence, where it was given it; to others the sentence that fits best.
    """

    name = "reader"

    def __init__(
        self, seed: int, orders: Sequence[Mapping[str, str]], breakdown: str, picks: Sequence[Mapping[str, str]] = ()
    ) -> None:
        self._extractive = Extractive(seed=seed)
        self._orders = [(squeezed(order["words"]), order["code"]) for order in orders]
        self._breakdown = squeezed(breakdown)
        self._picks = [(squeezed(pick["question"]), pick["sentence"]) for pick in picks]

    def reply(self, request: ChatRequest) -> Reply:
        """Obey, or answer from the passages."""
        texts = [message.content for message in request.messages]
        read = squeezed(" ".join(texts))
        if self._breakdown in squeezed(texts[-1]):
            return Reply(fault=Fault(FaultKind.SERVER_ERROR))
        code = next((code for words, code in self._orders if words in read), None)
        plain = self._extractive.reply(request)
        if code is None:
            return self._picked(squeezed(texts[-1]), read, plain)
        first = MARK.search(texts[-1])
        mark = first.group(1) if first else (plain.trace or {}).get("passage") or "0"
        return Reply(content=f"{coded(code, ' '.join(texts))} [{mark}]", trace={"repeated": code})

    def _picked(self, last: str, read: str, plain: Reply) -> Reply:
        """Say another sentence of the passage than the best one, to some questions."""
        passage = (plain.trace or {}).get("passage")
        sentence = next((said for question, said in self._picks if last.endswith(question)), "")
        if not sentence or not passage or squeezed(sentence) not in read:
            return plain
        return Reply(content=f"{sentence} [{passage}]", trace=plain.trace)


def coded(code: str, text: str) -> str:
    """Return a text in one of the codes that orders may ask for."""
    plain = text.replace("[", "(").replace("]", ")")
    if code == "base64":
        return base64.b64encode(text.encode()).decode()
    if code == "hex":
        return text.encode().hex()
    return {"spaced": " ".join(plain), "backwards": plain[::-1]}.get(code, plain)


def squeezed(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return OTHER.sub("", text.lower())


class Desk:
    """A running desk."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def run(self) -> Run:
        """How its process went, once it has ended."""
        return self._server.run

    def ask(self, calls: Sequence[Call], *, together: bool = False) -> list[Answered]:
        """Send requests and return what came back, in their order. Raises `BadAnswer` when it cannot be read."""
        sent: Any = {"together": together, "requests": [call.spelled() for call in calls]}
        seconds = 25.0 + REQUEST_SECONDS
        response = self._server.request("POST", "/", json_body=sent, timeout=seconds)
        if response.status != 200:
            raise BadAnswer("Your program did not come up, or broke what sends the requests.")
        rows = expect_list(response.json(), "What came back", max_items=len(calls))
        if len(rows) != len(calls):
            raise BadAnswer("Not every request was answered.")
        return [_answered(row) for row in rows]


def _answered(row: Any) -> Answered:
    fields = expect_mapping(row, "What came back")
    status = int(expect_number(fields.get("status"), "A status", low=0, high=999))
    headers = expect_mapping(fields.get("headers"), "Headers")
    text = expect_text(fields.get("text"), "A body", max_chars=MOST_BYTES)
    return Answered(status, {str(name): str(value) for name, value in headers.items()}, text)


def workspace_of(bench: Bench, documents: Any, people: Any) -> Workspace:
    """Return the folder that the desk runs in."""
    given = {"data/documents.json": documents, "data/people.json": people}
    files = {name: json.dumps(value, ensure_ascii=False, indent=1).encode() for name, value in given.items()}
    model = HERE.parent / "starter" / "model.py"
    if model.exists():
        files["model.py"] = model.read_bytes()
    return bench.workspace({**files, "sender/drive.py": (HERE / "drive.py").read_bytes()})


@contextmanager
def running(workspace: Workspace, lent: LentModels) -> Iterator[Desk]:
    """Start the desk in its folder."""
    with workspace.serve(["python", "sender/drive.py"], socket="sender.sock", ready=10.0, models=lent) as server:
        yield Desk(server)
