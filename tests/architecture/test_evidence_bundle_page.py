"""The reference page of the evidence bundle names every file and every key that a bundle really has."""

import json
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shipworthy.core.live_settings import LiveSettings
from shipworthy.gateway.behaviours.live import Live
from shipworthy.gateway.entities import Budget
from shipworthy.gateway.models import ChatModel
from shipworthy.grading.bundle import pack_files, write_bundle
from shipworthy.grading.entities import CheckOutcome, CheckRule, Grading, LayerState, Outcome, Provenance
from shipworthy.grading.http import HttpQuestion
from shipworthy.grading.lending import ModelSetup
from shipworthy.grading.orders import SUBMISSION
from shipworthy.grading.recording import Recorder
from shipworthy.grading.transcript import write_transcript
from shipworthy.sandbox.entities import RefusedFile, RunRequest, RunResult, RunStatus, RuntimeFolder, Usage
from shipworthy.sandbox.errors import RunEndedError
from tests.architecture.pages import DOCS, first_cells, sections, ticked

PAGE = DOCS / "reference" / "evidence-bundle.md"
REQUEST = RunRequest(RuntimeFolder(Path("/usr"), "bin/python3", "0" * 64), ("python", "solve.py"))
RESULT = RunResult(
    status=RunStatus.EXITED,
    exit_code=0,
    signal=None,
    stdout=b"out",
    stderr=b"",
    files={"answer.csv": b"1\n"},
    refused=(RefusedFile("link", "symlink"),),
    usage=Usage(0.5, 0.25, 1024, 1),
)
LIVE = LiveSettings("https://model.example/v1", {"reader-1": "small-model"})
NAMED_BY_TASK = ("files", "competencies", "evidence")


class Talker:
    """A program that gives its lines in turn, answers HTTP with one page, and then has ended."""

    def __init__(self) -> None:
        self._lines = iter([b"plain", b"\xff\xfe"])
        self._far_ends: list[socket.socket] = []

    def send(self, data: bytes) -> None:
        assert data

    def read_line(self, *, timeout: float, limit: int) -> bytes:
        for line in self._lines:
            return line
        raise RunEndedError

    def connect(self, path: str, *, timeout: float) -> socket.socket:
        near, far = socket.socketpair()
        far.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")
        self._far_ends.append(far)
        return near

    def finish(self, *, grace: float = 0.0) -> RunResult:
        for far in self._far_ends:
            far.close()
        return RESULT


class OneProgram:
    """A sandbox with one program in it."""

    name = "one program"

    def run(self, request: RunRequest) -> RunResult:
        return RESULT

    def start(self, request: RunRequest) -> Talker:
        return Talker()

    def layers(self) -> tuple[()]:
        return ()

    def close(self) -> None:
        """Nothing is held."""


def recorded_bundle(folder: Path) -> zipfile.ZipFile:
    """Write a bundle of a run and a conversation, with all that a bundle can hold, and open it."""
    recorder = Recorder(OneProgram(), lambda _request: None, folder, live=LIVE)
    recorder.run(REQUEST)
    with recorder.open_model(ModelSetup((ChatModel("reader-1", Live()),), 7, Budget())) as model:
        model.record()
    talk = recorder.start(REQUEST)
    talk.ask(b"1\n", timeout=1, limit=10)
    talk.ask(b"2\n", timeout=1, limit=10)
    talk.ask_http("api.sock", HttpQuestion("GET", "/", (), b""), timeout=5)
    with pytest.raises(RunEndedError):
        talk.ask(b"3\n", timeout=1, limit=10)
    talk.finish(grace=0.0)
    staging = folder / "staging"
    staging.mkdir()
    write_transcript(recorder.transcript, staging)
    pack_files(staging / SUBMISSION, {"solve.py": b"print(1)\n"})
    (staging / "judge.log").write_bytes(b"")
    write_bundle(grading(), staging, folder / "all.evidence.zip")
    return zipfile.ZipFile(folder / "all.evidence.zip")


def grading() -> Grading:
    """Return a grading with something in every field."""
    words = dict.fromkeys(("task_id", "task_version", "package_digest", "submission_digest", "runtime_id"), "x")
    more = dict.fromkeys(("runtime_digest", "product_version", "product_digest", "mechanism"), "x")
    provenance = Provenance(
        **words,
        **more,
        seed=7,
        layers=(LayerState("seccomp", holds=True),),
        allowed_missing=("cgroup_cpu",),
        live_models=("reader-1",),
    )
    rule = CheckRule("total", "The total is right.", 1.0, {"statistical_modeling": 1.0}, 0.5)
    outcome = CheckOutcome("total", Outcome.PASSED, 1.0, "Right.", {"got": 42}, {"seconds": 0.5})
    return Grading("ada", provenance, (rule,), (outcome,), ("notes.txt",), "")


def keys_of(value: Any, place: str = "") -> Iterator[str]:
    """Yield the place of every plain value in a JSON document, with `[]` for items and `*` for open names."""
    if isinstance(value, dict):
        for name, inner in value.items():
            is_open = place.rpartition(".")[2] in NAMED_BY_TASK
            yield from keys_of(inner, f"{place}.{'*' if is_open else name}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner, f"{place}[]")
    else:
        yield place


def test_every_file_of_a_bundle_has_a_section(tmp_path: Path) -> None:
    with recorded_bundle(tmp_path) as bundle:
        found = {name if not name.startswith("blobs/") else "blobs/*" for name in bundle.namelist()}
    assert {heading.strip("`") for heading in sections(PAGE) if heading.startswith("`")} == found


def test_every_key_of_a_bundle_is_described_and_no_other(tmp_path: Path) -> None:
    with recorded_bundle(tmp_path) as bundle:
        documents = {name: json.loads(bundle.read(name)) for name in bundle.namelist() if name.endswith(".json")}
    described = {name.strip("`"): set(ticked(first_cells(text))) for name, text in sections(PAGE).items()}
    measured = documents.pop("measurements.json")
    assert {"*.*" for figures in measured.values() for _ in figures} == described["measurements.json"]
    for name, document in documents.items():
        assert set(keys_of(document)) == described[name], name
