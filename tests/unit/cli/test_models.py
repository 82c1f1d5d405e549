"""`shipworthy model serve`: a candidate tries a program against a task's public model, and ends it when done."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from tests.support.gateways import CHAT, asked, chat_body
from tests.support.packages import edit, sound_package
from tests.support.upstreams import KEY, sound_endpoint

MODELS = """
import os
import secrets_of_this_folder
from shipworthy.kit.models import ChatModel, KnownAnswer, TableOfAnswers, Rates, Unreliable, FaultKind, EmbeddingModel

def models(variant):
    print("authored code prints what it likes")
    name = "seen-" + os.environ.get("OPERATORS_SECRET", "nothing") + str(len(variant.hidden))
    always = Rates(faults={FaultKind.RATE_LIMITED: 1.0})
    limited = Unreliable(TableOfAnswers([]), always, seed=1)
    answers = TableOfAnswers([KnownAnswer("pid", str(os.getppid()))])
    return [ChatModel(name, answers), ChatModel("limited", limited), EmbeddingModel()]
"""
COMMAND = [sys.executable, "-c", "from shipworthy.cli.main import main; main()", "model", "serve"]
NAME = "seen-nothing0"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of a task with public models."""
    package = sound_package(tmp_path / "catalogue")
    (package / "public" / "models.py").write_text(MODELS, encoding="utf-8")
    (package / "public" / "secrets_of_this_folder.py").write_text("", encoding="utf-8")
    monkeypatch.setenv("SHIPWORTHY_CATALOGUE", str(tmp_path / "catalogue"))
    monkeypatch.setenv("SHIPWORTHY_DATA", str(tmp_path / "d"))
    monkeypatch.setenv("OPERATORS_SECRET", "leaked")
    assert run(["start", package.name, str(tmp_path / "ada"), "--seed", "7"]) == ExitCode.DONE
    return tmp_path / "ada"


def package_of(workspace: Path) -> Path:
    return next((workspace.parent / "catalogue" / "coding").iterdir())


@contextmanager
def serving(workspace: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    """Yield the command while it serves, and the variables that it tells to export."""
    spoken = {**os.environ, "COLUMNS": "200"}
    with subprocess.Popen(
        [*COMMAND, str(workspace), *options], stdout=subprocess.PIPE, text=True, env=spoken
    ) as command:
        assert command.stdout is not None
        told: dict[str, str] = {}
        wanted = 4 if "--port" in options else 3
        while wanted and (line := command.stdout.readline()):
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                told["URL" if name in told else name] = value
                wanted -= 1
        try:
            yield command, told
        finally:
            if command.poll() is None:
                command.send_signal(signal.SIGINT)


def ended(command: "subprocess.Popen[str]") -> str:
    """Interrupt the command as Ctrl-C does, and return what it still says."""
    assert command.stdout is not None
    command.send_signal(signal.SIGINT)
    said = command.stdout.read()
    assert command.wait() == ExitCode.DONE
    return said


def test_a_program_talks_to_the_model_and_every_call_is_shown(workspace: Path) -> None:
    with serving(workspace) as (command, told):
        assert told["OPENAI_BASE_URL"] == "http://model/v1"
        place = Path(told["MODEL_SOCKET"])
        assert place.stat().st_mode & 0o777 == 0o600
        assert asked(place, chat_body("the pid", model=NAME))[0] == 200
        assert asked(place, chat_body(model="limited"))[0] == 429
        assert asked(place, b"{")[0] == 400
        assert asked(place, b'{"model": "hashed-embedding", "input": "a word"}', "/v1/embeddings")[0] == 200
        said = ended(command).splitlines()
    shown = [line.split(" ", 1)[1] for line in said[:-1]]
    assert [line.rsplit(" tokens")[0].rsplit(" ", 3)[0] for line in shown] == [
        f"{CHAT} {NAME} 200",
        f"{CHAT} limited 429 rate_limited",
        f"{CHAT}  400",
        "/v1/embeddings hashed-embedding 200",
    ]
    assert shown[3].endswith(" 2 + 0 tokens $0.000001")
    assert said[-1].startswith("Ended. 4 calls, ")
    assert not place.exists()
    assert not any((workspace.parent / "d" / "models").iterdir())


def test_the_task_s_code_runs_in_a_process_of_its_own_without_the_operator_s_environment(workspace: Path) -> None:
    with serving(workspace) as (command, told):
        status, said = asked(Path(told["MODEL_SOCKET"]), chat_body("which pid", model=NAME))
        assert status == 200
        assert str(command.pid) in json.dumps(said)
        ended(command)


def test_a_port_serves_programs_of_this_machine_alone(workspace: Path) -> None:
    with serving(workspace, "--port", "0") as (command, told):
        place = told["URL"].removeprefix("http://").removesuffix("/v1")
        assert place.startswith("127.0.0.1:")
        with closing(http.client.HTTPConnection(place, timeout=20)) as client:
            client.request("POST", CHAT, chat_body("a pid", model=NAME))
            assert client.getresponse().status == 200
        assert f"{CHAT} {NAME} 200" in ended(command)


def test_a_socket_can_be_named_and_is_gone_afterwards(workspace: Path) -> None:
    place = workspace / "socket"
    with serving(workspace, "--socket", str(place)) as (command, told):
        assert told["MODEL_SOCKET"] == str(place)
        assert asked(place, chat_body("a pid", model=NAME))[0] == 200
        ended(command)
    assert not place.exists()


def test_a_task_without_models_says_so(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (package_of(workspace) / "public" / "models.py").unlink()
    assert run(["model", "serve", str(workspace)]) == ExitCode.BAD_INPUT
    assert "has no model to try" in capsys.readouterr().err


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["model", "serve", str(tmp_path)]) == ExitCode.BAD_INPUT
    assert "is no workspace" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["/" + "long/" * 30 + "socket", "TAKEN", "/nowhere/at/all"])
def test_a_socket_that_cannot_be_made_is_bad_input(
    workspace: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = place.replace("TAKEN", str(workspace / "brief.md"))
    before = (workspace / "brief.md").read_bytes()
    assert run(["model", "serve", str(workspace), "--socket", place]) == ExitCode.BAD_INPUT
    assert "What to do" in capsys.readouterr().err
    assert (workspace / "brief.md").read_bytes() == before


def test_a_port_that_is_taken_or_no_port_is_bad_input(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for port in (str(taken.getsockname()[1]), "70000", "-1"):
            assert run(["model", "serve", str(workspace), "--port", port]) == ExitCode.BAD_INPUT
            assert f"port {port}" in capsys.readouterr().err
    assert not any((workspace.parent / "d" / "models").iterdir())


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("raise LookupError('no sample here')", "no sample here"),
        ("def models(variant): return []", "at least one"),
        ("def models(variant): return ['model']", "at least one"),
        ("import os; os._exit(3)", "ended at once"),
    ],
)
def test_models_that_cannot_be_had_are_a_fault_of_the_task(
    workspace: Path, program: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (package_of(workspace) / "public" / "models.py").write_text(program, encoding="utf-8")
    assert run(["model", "serve", str(workspace)]) == ExitCode.FAILED
    assert words in capsys.readouterr().err


LIVE = "from shipworthy.kit.models import ChatModel, Live\ndef models(variant): return [ChatModel('reader-1', Live())]"


def test_a_live_model_is_served_at_a_socket_alone_and_its_key_is_not_shown(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (package_of(workspace) / "public" / "models.py").write_text(LIVE, encoding="utf-8")
    edit(package_of(workspace), "task.toml", "format = 1\n", 'format = 1\nlive_models = ["reader-1"]\n')
    assert run(["model", "serve", str(workspace)]) == ExitCode.BAD_INPUT
    assert "none is set" in capsys.readouterr().err
    with sound_endpoint() as endpoint:
        monkeypatch.setenv("SHIPWORTHY_LIVE_URL", endpoint.settings().url)
        monkeypatch.setenv("SHIPWORTHY_LIVE_KEY", KEY)
        monkeypatch.setenv("SHIPWORTHY_LIVE_MODELS", "reader-1=parrot")
        assert run(["model", "serve", str(workspace), "--port", "0"]) == ExitCode.BAD_INPUT
        assert "socket alone" in capsys.readouterr().err
        with serving(workspace) as (command, told):
            status, said = asked(Path(told["MODEL_SOCKET"]), chat_body("hello", model="reader-1"))
            assert (status, said["model"]) == (200, "reader-1")
            shown = ended(command)
    assert "reader-1 200" in shown
    assert KEY not in shown
