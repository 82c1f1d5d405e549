"""A reader of one's own, as a real command: what it says is checked against the text, and a bad one ends in words."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from shipworthy.framework import load_framework
from shipworthy.roles import plugged_reader
from shipworthy.roles.documents import read_text
from shipworthy.roles.entities import MentionLevel
from shipworthy.roles.errors import ReaderError
from shipworthy.roles.operations import ScopedRole, scope_role
from shipworthy.roles.plugged_reader import CommandReader

POSTING = """LLM Engineer

Requirements
- A box that answers from our books
- A steady hand with numbers
"""
GOOD = {
    "sentence": 0,
    "subject": "rag_vector_db",
    "stance": "required",
    "words": "answers from our books",
}


def command(folder: Path, program: str) -> str:
    """Write a program and return the command line that runs it."""
    path = folder / "reader of mine.py"
    path.write_text(program, encoding="utf-8")
    return shlex.join([sys.executable, str(path)])


def answering(folder: Path, answer: object) -> str:
    """Return a command that reads the question and gives this answer."""
    return command(folder, f"import json, sys\njson.load(sys.stdin)\nprint({json.dumps(answer)!r})\n")


def scoped_by(command_line: str) -> ScopedRole:
    framework = load_framework()
    return scope_role(read_text(POSTING, "posting"), framework, CommandReader(command_line, framework))


def claims(folder: Path, *mentions: object) -> ScopedRole:
    return scoped_by(answering(folder, {"mentions": mentions}))


def test_a_claim_that_the_text_bears_out_counts(tmp_path: Path) -> None:
    scoped = claims(tmp_path, GOOD, {**GOOD, "subject": "llm_genai", "weight": 3, "distinctive": True})
    line = next(line for line in scoped.profile.competencies if line.competency_id == "rag_vector_db")
    assert line.said is MentionLevel.REQUIRED
    assert [(quote.sentence, quote.words) for quote in line.quotes] == [
        ("A box that answers from our books", ("answers from our books",))
    ]
    assert scoped.profile.primary_context == "llm_genai"
    assert next(each for each in scoped.profile.contexts if each.context_id == "llm_genai").demanded == 3
    assert "claims_refused" not in [caution.code for caution in scoped.profile.warnings]


def test_a_wish_is_a_wish_and_other_stances_ask_nothing(tmp_path: Path) -> None:
    scoped = claims(tmp_path, {**GOOD, "stance": "preferred"}, {**GOOD, "subject": "governance", "stance": "taught"})
    said = {line.competency_id: line.said for line in scoped.profile.competencies}
    assert (said["rag_vector_db"], said["governance"]) == (MentionLevel.PREFERRED, MentionLevel.NOT_MENTIONED)


def test_the_profile_names_the_command_that_read(tmp_path: Path) -> None:
    line = answering(tmp_path, {"mentions": []})
    assert scoped_by(line).profile.source.reader == f"command: {line}"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": "retrieval-augmented generation"}, "do not stand in sentence 0"),
        ({"words": ""}, "do not stand in sentence 0"),
        ({"words": 5}, "do not stand in sentence 0"),
        ({"words": "A steady hand"}, "do not stand in sentence 0"),
        ({"subject": "charisma"}, "'charisma' is neither a competency nor a role context"),
        ({"subject": ["rag_vector_db"]}, "is neither a competency nor a role context"),
        ({"stance": "urgent"}, "'urgent' is no stance"),
        ({"stance": {}}, "is no stance"),
        ({"sentence": 2}, "there is no sentence 2"),
        ({"sentence": -1}, "there is no sentence -1"),
        ({"sentence": "0"}, "there is no sentence '0'"),
        ({"sentence": True}, "there is no sentence True"),
        ({"weight": 4}, "4 is no weight from 1 to 3"),
        ({"weight": "heavy"}, "'heavy' is no weight from 1 to 3"),
        ({"weight": True}, "True is no weight from 1 to 3"),
        ({"weight": 1.0}, "1.0 is no weight from 1 to 3"),
    ],
)
def test_a_claim_that_the_text_does_not_bear_out_is_left_out_and_told(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    scoped = claims(tmp_path, {**GOOD, **change})
    assert all(line.said is MentionLevel.NOT_MENTIONED for line in scoped.profile.competencies)
    [refused] = scoped.reading.refused
    assert words in refused
    told = next(caution for caution in scoped.profile.warnings if caution.code == "claims_refused")
    assert told.what.startswith("1 claim(s)")
    assert words in told.advice


def test_one_bad_claim_does_not_spoil_the_good_ones(tmp_path: Path) -> None:
    scoped = claims(tmp_path, {**GOOD, "subject": "charisma"}, GOOD)
    assert [mention.subject for mention in scoped.reading.competencies] == ["rag_vector_db"]
    assert len(scoped.reading.refused) == 1


def test_the_command_is_asked_with_the_sentences_and_what_may_be_answered(tmp_path: Path) -> None:
    kept = tmp_path / "question.json"
    keep = f"import pathlib, sys\npathlib.Path({str(kept)!r}).write_text(sys.stdin.read())\n"
    scoped_by(command(tmp_path, keep + "print('{\"mentions\": []}')"))
    question = json.loads(kept.read_text())
    assert question["sentences"][1] == {"index": 1, "text": "A steady hand with numbers", "heading": "Requirements"}
    assert {entry["id"] for entry in question["competencies"]} == set(load_framework().competency_ids)
    assert {entry["id"] for entry in question["contexts"]} == set(load_framework().role_context_ids)
    assert "required" in question["stances"]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys\nsys.exit(1)", "ended with exit code 1: no word"),
        ("import sys\nsys.exit('The books are closed.')", "exit code 1: The books are closed."),
        ("print('good morning')", "is no JSON"),
        ("", "is no JSON"),
        ("import sys\nsys.stdout.buffer.write(b'\\xff\\xfe\\x00')", "is no JSON"),
        ("print('[' * 100_000)", "is no JSON"),
        ("print('[]')", 'no list "mentions"'),
        ("print('{\"mentions\": {}}')", 'no list "mentions"'),
        ("print('{\"mentions\": [1]}')", 'no list "mentions" of objects'),
    ],
)
def test_an_answer_that_cannot_be_used_ends_in_words(tmp_path: Path, program: str, words: str) -> None:
    with pytest.raises(ReaderError) as refused:
        scoped_by(command(tmp_path, program))
    assert words in refused.value.what
    assert "leave --reader away" in refused.value.remedy


@pytest.mark.parametrize("line", ["/no/such/reader", "", '"unclosed'])
def test_a_command_that_cannot_be_started_ends_in_words(line: str) -> None:
    with pytest.raises(ReaderError, match="cannot be started"):
        scoped_by(line)


def test_too_much_output_ends_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugged_reader, "MAX_ANSWER_BYTES", 1000)
    with pytest.raises(ReaderError, match="more than 1,000 bytes"):
        scoped_by(command(tmp_path, "print('[' + ' ' * 2000 + ']')"))


def test_a_command_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugged_reader, "TIMEOUT_SECONDS", 0.2)
    with pytest.raises(ReaderError, match=r"no answer within 0\.2 s"):
        scoped_by(command(tmp_path, "import time\ntime.sleep(60)"))


def test_a_command_that_reads_nothing_may_answer_all_the_same(tmp_path: Path) -> None:
    line = command(tmp_path, f"print({json.dumps({'mentions': [GOOD]})!r})")
    assert [mention.subject for mention in scoped_by(line).reading.competencies] == ["rag_vector_db"]
