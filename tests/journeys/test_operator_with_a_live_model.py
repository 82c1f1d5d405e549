"""An operator puts a live model behind a task: grading asks it, and every report says what that costs in certainty."""

import json
import zipfile
from pathlib import Path

import pytest

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from tests.support.live_tasks import ASK, configure, live_task, submission
from tests.support.setups import missing_layers, real_setup
from tests.support.upstreams import KEY, sound_endpoint


def grade(folder: Path, task: str, *options: str) -> int:
    allowed = [word for layer in missing_layers() for word in ("--allow-missing", layer)]
    return run(["grade", str(folder), "--task", task, "--seed", "7", *allowed, *options])


def test_a_grading_with_a_live_model_is_marked_replays_and_keeps_the_key_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real_setup()
    task = live_task(tmp_path, monkeypatch)
    work, bundle = submission(tmp_path / "ada", ASK), tmp_path / "ada.evidence.zip"
    page = tmp_path / "card.html"
    assert grade(work, task) == ExitCode.BAD_INPUT
    assert "none is set" in capsys.readouterr().err
    with sound_endpoint() as endpoint:
        configure(monkeypatch, endpoint)
        assert grade(work, task, "--bundle", str(bundle), "--json") == ExitCode.DONE
        graded = json.loads(capsys.readouterr().out)
        assert len(endpoint.requests) == 1
        assert endpoint.requests[0][2]["model"] == "parrot"
    assert (graded["replayable"], graded["live_models"]) == (False, ["reader-1"])
    assert {check["message"].strip() for check in graded["checks"]} == {"hello from the submission"}

    with zipfile.ZipFile(bundle) as packed:
        kept = {name: packed.read(name) for name in packed.namelist()}
    assert not [name for name, content in kept.items() if KEY.encode() in content or b"127.0.0.1" in content]
    assert any(b"hello from the submission" in content for name, content in kept.items() if name.startswith("blobs/"))

    for name in ("URL", "KEY", "MODELS"):
        monkeypatch.delenv(f"SHIPWORTHY_LIVE_{name}")
    assert run(["replay", str(bundle)]) == ExitCode.DONE
    said = " ".join(capsys.readouterr().out.split())
    assert "The same bytes" in said
    assert (
        "Not replayable: reader-1 was a live model. The answers are recorded, and a replay works the outcomes out"
        in said
    )
    assert run(["replay", str(bundle), "--json"]) == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["same"], told["replayable"], told["live_models"]) == (True, False, ["reader-1"])

    assert run(["scorecard", str(bundle), "--html", str(page)]) == ExitCode.DONE
    assert "Not replayable" in capsys.readouterr().out
    assert "Not replayable" in page.read_text(encoding="utf-8")
    assert run(["scorecard", str(bundle), "--json"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["not_replayable"] == [task]


def test_a_wrong_key_is_a_fault_of_ours_and_never_a_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    task = live_task(tmp_path, monkeypatch)
    work = submission(tmp_path / "ada", ASK)
    with sound_endpoint() as endpoint:
        configure(monkeypatch, endpoint)
        monkeypatch.setenv("SHIPWORTHY_LIVE_KEY", "sk-not-the-key")
        assert grade(work, task, "--json") == ExitCode.GRADER_ERROR
    said = capsys.readouterr()
    graded = json.loads(said.out)
    assert "status 401" in graded["fault"]
    assert {check["outcome"] for check in graded["checks"]} == {"grader_error"}
    assert "sk-not-the-key" not in said.out + said.err
