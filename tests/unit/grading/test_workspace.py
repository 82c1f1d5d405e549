"""A judge's ways to make a submission act, tried in the real sandbox, then repeated from what was recorded."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shipworthy.grading.errors import BadAnswer, ReplayDivergedError
from shipworthy.grading.exchange import Exchange
from shipworthy.grading.playing import Player
from shipworthy.grading.recording import Recorder
from shipworthy.grading.transcript import read_transcript, write_transcript
from shipworthy.grading.workspace import Workspace
from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from shipworthy.sandbox.entities import Limits, RuntimeFolder
from tests.support.setups import missing_layers, real_setup

Work = Callable[[Workspace], object]


def runtime() -> RuntimeFolder:
    setup = real_setup()
    return RuntimeFolder(setup.runtime_root, setup.runtime_python, setup.runtime_digest)


def workspace_of(files: dict[str, bytes], exchange: Exchange) -> Workspace:
    return Workspace(files, exchange=exchange, runtime=runtime(), limits=Limits(cpu_seconds=20, wall_seconds=40))


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    sandbox = BubblewrapSandbox(real_setup().data_folder, allowed_missing=frozenset(missing_layers()))
    yield Recorder(sandbox, lambda _: None, real_setup().data_folder)
    sandbox.close()


@pytest.fixture
def live_then_replayed(recorder: Recorder, tmp_path: Path) -> Callable[[dict[str, bytes], Work], object]:
    """Return a way to do some work in the sandbox, do it again from the record, and get the answer of both."""

    def both(files: dict[str, bytes], work: Work) -> object:
        live = work(workspace_of(files, recorder))
        write_transcript(recorder.transcript, tmp_path)
        replayed = work(workspace_of(files, Player(read_transcript(tmp_path))))
        assert replayed == live
        return live

    return both


Both = Callable[[dict[str, bytes], Work], object]


def test_files_stay_from_one_run_to_the_next(live_then_replayed: Both) -> None:
    program = b"import pathlib, sys\np = pathlib.Path('state/n')\np.parent.mkdir(exist_ok=True)\n"
    program += b"n = int(p.read_text()) + 1 if p.exists() else 1\np.write_text(str(n))\nprint(n, sys.argv[1])\n"

    def work(workspace: Workspace) -> object:
        runs = [workspace.run(["python", "count.py", word]) for word in ("a", "b")]
        return [run.stdout for run in runs], workspace.read("state/n"), workspace.paths("state/*")

    assert live_then_replayed({"count.py": program}, work) == ([b"1 a\n", b"2 b\n"], b"2", ["state/n"])


def test_a_crash_is_told_by_its_last_words_without_addresses(live_then_replayed: Both) -> None:
    program = b"class Thing: pass\nraise ValueError(f'bad {Thing()}')\n"

    def work(workspace: Workspace) -> object:
        run = workspace.run(["python", "crash.py"])
        with pytest.raises(BadAnswer):
            run.require()
        return run.reason

    told = live_then_replayed({"crash.py": program}, work)
    assert told == "`python crash.py` ended with exit code 1: ValueError: bad <__main__.Thing object at 0x…>."


def test_a_symlink_left_behind_is_refused_by_name(live_then_replayed: Both) -> None:
    program = b"import os\nos.symlink('/etc/hostname', 'out.csv')\n"

    def work(workspace: Workspace) -> object:
        workspace.run(["python", "link.py"])
        with pytest.raises(BadAnswer, match=r"`out.csv` is a symbolic link"):
            workspace.read("out.csv")
        return workspace.exists("out.csv")

    assert live_then_replayed({"link.py": program}, work) is False


def test_a_function_is_called_thousands_of_times_in_one_process(live_then_replayed: Both) -> None:
    program = b"import numpy\nprint('noise')\ndef load(k): return k\ndef scaled(k, x):\n"
    program += b"    print('more noise')\n    return numpy.float64(k * x)\n"

    def work(workspace: Workspace) -> object:
        with workspace.calls("scale.py", "scaled", setup=("load", [3])) as calls:
            return sum(float(str(calls.call(number))) for number in range(2000))

    assert live_then_replayed({"scale.py": program}, work) == 3.0 * 1999 * 1000


def test_calls_tell_errors_hanging_and_forgery_apart(live_then_replayed: Both) -> None:
    program = b"import os, time\ndef act(what):\n    if what == 'raise': raise KeyError('k')\n"
    program += (
        b"    if what == 'nan': return float('nan')\n    if what == 'forge': os.write(3, b'{}\\n'); os._exit(0)\n"
    )
    program += b"    if what == 'hang': time.sleep(60)\n    return what\n"

    def work(workspace: Workspace) -> object:
        said = []
        for whats in (["fine", "raise", "fine"], ["nan"], ["hang", "fine"], ["forge"]):
            with workspace.calls("act.py", "act", call_seconds=0.5) as calls:
                said += [calls.try_call(what).reason.partition(" at ")[0] for what in whats]
        return said

    told = live_then_replayed({"act.py": program}, work)
    assert isinstance(told, list)
    assert told[:3] == ["", "a call raised KeyError: 'k'", ""]
    assert "NaN is not a JSON number" in told[3]
    assert "did not answer within 0.5 s" in told[4]
    assert told[5] == told[4]
    assert told[6] != ""


SERVER = b"""
from fastapi import FastAPI
app = FastAPI()

@app.get("/double/{n}")
def double(n: int):
    return {"n": 2 * n}

@app.post("/echo")
def echo(body: dict):
    return body
"""


def test_a_server_is_spoken_to_over_a_unix_socket(live_then_replayed: Both) -> None:
    command = ["python", "-m", "uvicorn", "app:app", "--uds", "api.sock", "--log-level", "warning"]

    def work(workspace: Workspace) -> object:
        with workspace.serve(command, ready=30) as server:
            doubled = server.request("GET", "/double/21")
            echoed = server.request("POST", "/echo", json_body={"a": [1, None]})
            missing = server.request("GET", "/nothing")
        return doubled.status, doubled.json(), echoed.json(), missing.status

    assert live_then_replayed({"app.py": SERVER}, work) == (200, {"n": 42}, {"a": [1, None]}, 404)


def test_a_server_that_never_listens_is_a_bad_answer(live_then_replayed: Both) -> None:
    def work(workspace: Workspace) -> object:
        with workspace.serve(["python", "app.py"], ready=1) as server, pytest.raises(BadAnswer) as answer:
            server.request("GET", "/", timeout=0.5)
        return str(answer.value)

    assert live_then_replayed({"app.py": b"raise SystemExit('no port')"}, work)


def test_a_judge_that_asks_something_else_cannot_be_replayed(recorder: Recorder) -> None:
    files = {"hello.py": b"print('hello')"}
    workspace_of(files, recorder).run(["python", "hello.py"])
    with pytest.raises(ReplayDivergedError, match="not the recorded one"):
        workspace_of(files, Player(recorder.transcript)).run(["python", "hello.py", "again"])
    player = Player(recorder.transcript)
    with pytest.raises(ReplayDivergedError, match="less"):
        Player(recorder.transcript).expect_end()
    workspace_of(files, player).run(["python", "hello.py"])
    player.expect_end()
    with pytest.raises(ReplayDivergedError, match="more"):
        workspace_of(files, player).run(["python", "hello.py"])
