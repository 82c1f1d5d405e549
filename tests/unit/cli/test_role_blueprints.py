"""The command that draws a blueprint: of a saved profile, of a posting, and what it refuses."""

import io
import json
import sys
from pathlib import Path

import pytest

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from shipworthy.roles.profile_file import profile_digest, read_profile, write_profile
from tests.support.packages import edit, sound_package
from tests.support.postings import BLENDED, LLM, OFFICE, scoped
from tests.support.profiles import changed

TASKS = ("medians-one", "medians-two")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with profiles, postings and a catalogue of two tasks, at a terminal of 80 columns."""
    for name in TASKS:
        package = sound_package(tmp_path / "catalogue", name)
        edit(package, "task.toml", '["classical_ml", "research"]', '["llm_genai"]')
    write_profile(scoped(LLM), tmp_path / "llm.toml")
    write_profile(scoped(BLENDED), tmp_path / "blended.toml")
    for name, text in (("llm.md", LLM), ("office.txt", OFFICE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHIPWORTHY_CATALOGUE", str(tmp_path / "catalogue"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blueprint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["role", "blueprint", *arguments]) == ExitCode.DONE
    return capsys.readouterr().out


def drawn(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(blueprint(capsys, *arguments, "--json"))
    return found


def chosen(found: dict[str, object]) -> list[str]:
    assert isinstance(found["tasks"], list)
    return [task["task"] for task in found["tasks"]]


def test_it_shows_tasks_coverage_and_what_is_lacking_in_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    shown = blueprint(capsys, "llm.toml")
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "Senior LLM Engineer  profile version 1" in shown
    assert "40 min of at most 3 h" in shown
    assert "Medians one" in shown
    assert "No task on offer" in shown
    assert "What the catalogue cannot cover, however long the time" in shown
    assert "One posting, several roles" not in shown


def test_a_blend_shows_its_choices(capsys: pytest.CaptureFixture[str]) -> None:
    shown = blueprint(capsys, "blended.toml")
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "One posting, several roles: what you can do" in shown
    found = drawn(capsys, "blended.toml")
    assert isinstance(found["choices"], list)
    assert [choice["choice"] for choice in found["choices"]] == ["split", "drop", "soften", "keep"]
    assert [len(choice["roles"]) for choice in found["choices"]] == [2, 1, 1, 1]


def test_json_names_the_profile_that_it_was_drawn_for(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_profile(changed(read_profile(place / "llm.toml"), "minutes", "90"), place / "llm.toml")
    found = drawn(capsys, "llm.toml")
    assert found["profile"] == {
        "title": "Senior LLM Engineer",
        "version": 2,
        "digest": profile_digest(read_profile(place / "llm.toml")),
    }
    assert found["limit_minutes"] == 90


def test_a_posting_and_its_saved_profile_give_the_same_blueprint(capsys: pytest.CaptureFixture[str]) -> None:
    assert chosen(drawn(capsys, "llm.md")) == chosen(drawn(capsys, "llm.toml")) == list(TASKS)


def test_a_posting_on_standard_input_is_drawn_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LLM.encode())))
    assert chosen(drawn(capsys, "-")) == list(TASKS)


def test_a_task_can_be_wanted_in_or_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert chosen(drawn(capsys, "llm.toml", "--leave-out", "medians-one")) == ["medians-two"]
    assert chosen(drawn(capsys, "llm.toml", "--pin", "medians-two", "--leave-out", "medians-one")) == ["medians-two"]
    assert chosen(drawn(capsys, "llm.toml", "--minutes", "20", "--pin", "medians-two")) == ["medians-two"]


def test_no_time_for_any_task_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    said = blueprint(capsys, "llm.toml", "--minutes", "1")
    assert "No task of the catalogue can be given for this role; the notes below say why." in said


def test_a_package_that_is_not_sound_is_named_and_left_out(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "catalogue" / "coding" / "medians-two" / "task.toml").write_text("title = 5\n")
    assert "medians-two" in blueprint(capsys, "llm.toml")
    assert chosen(drawn(capsys, "llm.toml")) == ["medians-one"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["llm.toml", "--pin", "medians-won"], "no task 'medians-won'"),
        (["llm.toml", "--leave-out", "medians-won"], "no task 'medians-won'"),
        (["llm.toml", "--pin", "medians-one", "--leave-out", "medians-one"], "both in and out"),
        (["llm.toml", "--minutes", "181"], "allows 180 minutes, not 181"),
        (["llm.toml", "--minutes", "0"], "0 minutes"),
        (["llm.md", "--minutes", "0"], "0 minutes"),
        (["office.txt"], "does not read like an AI engineering role"),
        (["nothing.toml"], "nothing.toml"),
        (["nothing.md"], "nothing.md"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["role", "blueprint", *arguments]) == ExitCode.BAD_INPUT
    told = " ".join(capsys.readouterr().err.split())
    assert words in told
    assert "What to do" in told
    assert "Traceback" not in told
