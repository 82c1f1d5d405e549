"""The commands for role profiles: what they print, write and answer."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from shipworthy.roles.profile_file import profile_digest, read_profile, write_profile
from tests.support.profiles import changed, llm_profile, retitled

BY_ADA = ("--by", "Ada Byron", "--reason", "Search is another team's.")


@pytest.fixture
def role(tmp_path: Path) -> Path:
    path = tmp_path / "role.toml"
    write_profile(llm_profile(), path)
    return path


def test_show_prints_every_competency_the_contexts_and_the_advice_in_80_columns(
    role: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    write_profile(changed(llm_profile(), "needs.rag_vector_db", "not_needed", "Another team."), role)
    assert run(["role", "show", str(role)]) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert max(len(line) for line in shown.splitlines()) <= 80
    for line in llm_profile().competencies:
        assert line.title in shown
    for words in (
        "LLM / generative AI",
        "100%",
        "primary",
        "Seniority: senior",
        "Warning",
        "What to do",
        "Another team.",
    ):
        assert words in shown
    rag = next(line for line in shown.splitlines() if "RAG and vector databases" in line)
    assert "not needed*" in rag, "a changed need is marked by a sign, not by colour"
    assert "* changed by a person" in shown


def test_show_as_json_names_the_version_and_the_digest(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["role", "show", str(role), "--json"]) == ExitCode.DONE
    shown = json.loads(capsys.readouterr().out)
    assert (shown["version"], shown["profile_digest"]) == (1, profile_digest(llm_profile()))
    assert len(shown["competencies"]) == 11


def test_signs_in_a_profile_cannot_steer_the_terminal(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_profile(retitled(llm_profile(), "\x1b[2J[bold]Engineer[/]"), role)
    assert run(["role", "show", str(role)]) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "[bold]Engineer[/]" in shown


def test_change_rewrites_the_file_and_says_what_changed_and_the_new_version(
    role: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["role", "change", str(role), "needs.rag_vector_db", "not_needed", *BY_ADA]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "needs.rag_vector_db: required → not_needed" in told
    assert "version 2" in told
    made = read_profile(role).changes[-1]
    assert (made.by, made.reason, made.after) == ("Ada Byron", "Search is another team's.", "not_needed")
    assert os.listdir(role.parent) == ["role.toml"]


def test_change_of_the_context_tells_which_needs_follow(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["role", "change", str(role), "primary_context", "research", *BY_ADA]) == ExitCode.DONE
    assert "Need: MLOps and deployment: required → preferred" in capsys.readouterr().out


def test_undo_takes_the_last_change_back(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["role", "change", str(role), "minutes", "90", *BY_ADA]) == ExitCode.DONE
    assert run(["role", "change", str(role), "--undo", *BY_ADA, "--json"]) == ExitCode.DONE
    told = capsys.readouterr().out
    found = read_profile(role)
    assert (found.minutes, found.version) == (180, 3)
    assert json.loads(told[told.index("{") :])["change"]["after"] == "180"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["needs.rag_vector_db", "maybe", *BY_ADA], "required, preferred, not_needed"),
        (["needs.rag", "required", *BY_ADA], "needs.rag_vector_db"),
        (["minutes", "180", *BY_ADA], "already"),
        (["minutes", "90", "--by", "Ada", "--reason", " "], "reason"),
        (["minutes", "90", "--by", " ", "--reason", "Why."], "name"),
        (["minutes", *BY_ADA], "not clear"),
        ([*BY_ADA], "not clear"),
        (["minutes", "90", "--undo", *BY_ADA], "not clear"),
        (["--undo", *BY_ADA], "no change to take back"),
    ],
)
def test_a_change_that_cannot_be_made_leaves_the_file_as_it_was(
    role: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = role.read_bytes()
    assert run(["role", "change", str(role), *arguments]) == ExitCode.BAD_INPUT
    told = capsys.readouterr().err
    assert words in told
    assert "What to do" in told
    assert role.read_bytes() == before


def test_no_change_is_lost_when_several_people_change_at_once(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands = [["role", "change", str(role), "minutes", str(minutes), *BY_ADA] for minutes in range(91, 99)]
    with ThreadPoolExecutor(8) as people:
        assert set(people.map(run, commands)) == {ExitCode.DONE}
    assert {made.after for made in read_profile(role).changes} == {str(minutes) for minutes in range(91, 99)}


def test_a_reason_is_required(role: Path) -> None:
    assert run(["role", "change", str(role), "minutes", "90", "--by", "Ada"]) == ExitCode.BAD_INPUT


def test_without_a_name_git_is_asked(role: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "settings"
    settings.write_text("[user]\nname = Grace Hopper\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert run(["role", "change", str(role), "minutes", "90", "--reason", "Less is enough."]) == ExitCode.DONE
    assert read_profile(role).changes[-1].by == "Grace Hopper"


def test_a_file_changed_by_hand_is_refused_with_the_table_to_add(
    role: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    role.write_text(role.read_text().replace("minutes = 180", "minutes = 90", 1))
    assert run(["role", "show", str(role)]) == ExitCode.BAD_INPUT
    told = capsys.readouterr().err
    assert '[[changes]]\nwhat = "minutes"\nbefore = "180"\nafter = "90"\n' in told
    assert "Traceback" not in told


def test_diff_of_a_file_with_itself_says_so(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["role", "diff", str(role), str(role)]) == ExitCode.DONE
    assert capsys.readouterr().out.strip() == "The two profiles are the same."


def test_diff_with_a_later_version_gives_the_reasons(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = role.with_name("later.toml")
    write_profile(changed(llm_profile(), "needs.rag_vector_db", "not_needed", "Another team."), later)
    assert run(["role", "diff", str(role), str(later)]) == ExitCode.ANSWER_IS_NO
    shown = capsys.readouterr().out
    assert "Need: RAG and vector" in shown
    assert "not needed" in shown
    assert "Ada Byron, 2026-05-03: Another team." in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_diff_as_json(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = role.with_name("later.toml")
    write_profile(changed(llm_profile(), "minutes", "90", "Less is enough."), later)
    assert run(["role", "diff", str(role), str(later), "--json"]) == ExitCode.ANSWER_IS_NO
    shown = json.loads(capsys.readouterr().out)
    assert (shown["same"], shown["old"]["version"], shown["new"]["version"]) == (False, 1, 2)
    first = shown["differences"][0]
    assert (first["what"], first["before"], first["after"]) == ("minutes", "180", "90")
    assert first["because"][0]["reason"] == "Less is enough."


@pytest.mark.parametrize("command", ["show", "diff"])
def test_a_missing_file_is_bad_input(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(tmp_path / "a.toml")] * (2 if command == "diff" else 1)
    assert run(["role", command, *paths]) == ExitCode.BAD_INPUT
    assert "a.toml cannot be read" in capsys.readouterr().err
