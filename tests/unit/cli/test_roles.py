"""The command that scopes a role: what it prints, writes and answers."""

import io
import json
import shlex
import sys
from pathlib import Path

import pytest

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from shipworthy.framework import load_framework
from shipworthy.roles.profile_file import read_profile
from tests.support.packages import sound_package
from tests.support.postings import BLENDED, LLM, OFFICE


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with postings and a catalogue of one task, at a terminal of 80 columns."""
    sound_package(tmp_path / "catalogue")
    for name, text in (("llm.md", LLM), ("blended.txt", BLENDED), ("office.txt", OFFICE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHIPWORTHY_CATALOGUE", str(tmp_path / "catalogue"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scope(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["role", "scope", *arguments]) == ExitCode.DONE
    return capsys.readouterr().out


def test_a_role_is_shown_with_levels_sentences_and_warnings_in_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    shown = scope(capsys, "llm.md")
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "Senior LLM Engineer" in shown
    for competency in load_framework().competencies:
        assert competency.title in shown
    rag = next(line for line in shown.splitlines() if "RAG and vector databases" in line)
    assert rag.replace(" ", "").startswith("│RAGandvectordatabases│R│R│required│Youbuildretrieval")
    for words in ("Seniority: senior", "100%", "primary", "Blend: none.", "! Warning", "What to do"):
        assert words in shown


def test_a_blend_is_shown_with_what_can_be_done_about_it(capsys: pytest.CaptureFixture[str]) -> None:
    shown = scope(capsys, "blended.txt")
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "Blend: Classical ML and LLM / generative AI." in shown
    assert "One posting, several roles: what you can do" in shown
    assert shown.count("  - You own demand forecasting with time series") == 2, "to drop, or to soften"


def test_as_json_it_is_what_a_machine_reads_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(scope(capsys, "blended.txt", "--json"))
    assert (found["ai_role"], found["blended"], found["primary_context"]) == (True, True, "llm_genai")
    assert found["competencies"]["rag_vector_db"]["level"] == "required"
    assert found["warnings"][0]["code"] == "blended_role"


def test_the_same_posting_gives_the_same_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert scope(capsys, "llm.md", "--json") == scope(capsys, "llm.md", "--json")


def test_a_profile_is_saved_and_a_page_written(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = scope(capsys, "blended.txt", "--save", "role.toml", "--html", "role.html", "--minutes", "90")
    assert "Profile: role.toml" in shown
    assert "Page: role.html" in shown
    profile = read_profile(place / "role.toml")
    assert (profile.title, profile.minutes, profile.version) == ("Senior LLM Engineer", 90, 1)
    page = (place / "role.html").read_text(encoding="utf-8")
    assert "You own demand forecasting with time series" in page


def test_a_page_of_a_role_that_is_none_of_ai_has_no_blueprint(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = scope(capsys, "office.txt", "--html", "role.html")
    assert "does not read like an AI engineering role" in " ".join(shown.split())
    assert "Office Manager" in (place / "role.html").read_text(encoding="utf-8")


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LLM.encode())))
    found = json.loads(scope(capsys, "-", "--json"))
    assert (found["title"], found["source"]["name"]) == ("Senior LLM Engineer", "standard input")


def test_a_reader_of_ones_own_is_asked_and_checked(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claims = [
        {"sentence": 0, "subject": "governance", "stance": "required", "words": "bread"},
        {"sentence": 0, "subject": "governance", "stance": "required", "words": "gold"},
    ]
    program = place / "reader.py"
    program.write_text(f"print({json.dumps({'mentions': claims})!r})", encoding="utf-8")
    found = json.loads(scope(capsys, "llm.md", "--json", "--reader", shlex.join([sys.executable, str(program)])))
    assert found["competencies"]["governance"]["level"] == "required"
    assert found["competencies"]["rag_vector_db"]["level"] == "not_mentioned"
    assert "claims_refused" in [warning["code"] for warning in found["warnings"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["llm.md", "--minutes", "0"], "cannot be asked for 0 minutes"),
        (["llm.md", "--minutes", "soon"], "soon"),
        (["nothing.md"], "nothing.md"),
        (["catalogue"], "catalogue"),
        (["llm.md", "--reader", "no-such-reader"], "cannot be started"),
        (["llm.md", "--reader", ""], "cannot be started"),
        (["llm.md", "--save", "nowhere/role.toml"], "nowhere"),
        (["llm.md", "--html", "nowhere/role.html"], "nowhere"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["role", "scope", *arguments]) == ExitCode.BAD_INPUT
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


def test_a_refused_limit_writes_no_file(place: Path) -> None:
    assert run(["role", "scope", "llm.md", "--minutes", "0", "--save", "role.toml"]) == ExitCode.BAD_INPUT
    assert not (place / "role.toml").exists()


def test_signs_of_a_posting_cannot_steer_the_terminal(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = BLENDED.replace("You own", "\x1b[31m[bold]You[/] own").replace("Senior", "[red]Senior[/]")
    (place / "odd.txt").write_text(odd, encoding="utf-8")
    shown = scope(capsys, "odd.txt")
    assert "\x1b" not in shown
    assert "[red]Senior[/] LLM Engineer" in shown
