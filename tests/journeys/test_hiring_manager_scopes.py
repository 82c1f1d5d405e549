"""A hiring manager brings a posting that is two jobs, sees it said, decides, and gets the blueprint of what is left."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from shipworthy.cli.main import run
from shipworthy.roles.profile_file import read_profile
from tests.support.packages import edit, sound_package

POSTING = """<!doctype html>
<html lang="en"><head><title>Jobs at Rye and Sons</title><script>var page = "jobs";</script></head><body>
<nav><a href="/">Home</a></nav>
<h1>Senior LLM Engineer</h1>
<h2>About us</h2>
<p>We bake bread for the offices of four towns. Our platform team runs the ovens and the Kubernetes cluster.</p>
<h2>What you will do</h2>
<ul>
<li>You build retrieval-augmented generation on a vector database of our recipes</li>
<li>You design and test the prompts of our assistant for bakers</li>
<li>You own demand forecasting with time series for 300 shops</li>
<li>You predict which offices will churn, with gradient boosting</li>
</ul>
<h2>What you bring</h2>
<ul>
<li>5+ years of Python, strong PyTorch</li>
<li>Native English speaker</li>
</ul>
<h2>Nice to have</h2>
<ul><li>Fine-tuning with LoRA</li></ul>
<h2>We offer</h2>
<p>Bread, 30 days of leave, and a contract of 2 years.</p>
</body></html>
"""
FORECASTS = (
    "You own demand forecasting with time series for 300 shops",
    "You predict which offices will churn, with gradient boosting",
)
REASON = "Another team buys the search."


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the posting, and a catalogue with a task for either job."""
    for name, contexts in (("answers", '["llm_genai"]'), ("shops", '["classical_ml"]')):
        package = sound_package(tmp_path / "catalogue", name)
        edit(package, "task.toml", '["classical_ml", "research"]', contexts)
    (tmp_path / "posting.html").write_text(POSTING, encoding="utf-8")
    monkeypatch.setenv("SHIPWORTHY_CATALOGUE", str(tmp_path / "catalogue"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shipworthy(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run a command, and return its exit code and its output in one line."""
    capsys.readouterr()
    code = run(["role", *arguments])
    return code, " ".join(capsys.readouterr().out.split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._silent = self._silent and tag not in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.extend(data.split())


def words_of_page(path: Path) -> str:
    """Return what a person reads on a page."""
    parser = _Words()
    parser.feed(path.read_text(encoding="utf-8"))
    return " ".join(parser.words)


def test_a_posting_that_is_two_jobs_becomes_one_with_a_blueprint(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown = shipworthy(capsys, "scope", "posting.html", "--save", "role.toml", "--html", "role.html")
    assert code == 0
    assert "Warning One person is required to do the work of 2 roles: Classical ML and LLM / generative AI." in shown
    assert "“Native English speaker” may ask for a protected trait" in shown
    assert "Years: 5 or more." in shown
    assert all(sentence in shown for sentence in FORECASTS)

    page = words_of_page(desk / "role.html")
    assert "Senior LLM Engineer" in page
    assert "Classical ML and LLM / generative AI" in page
    assert all(sentence in page for sentence in FORECASTS)
    assert "var page" not in page

    first = (desk / "role.toml").read_bytes()
    (desk / "first.toml").write_bytes(first)
    change = ("change", "role.toml", "needs.rag_vector_db", "not_needed", "--by", "Ada Byron", "--reason", REASON)
    assert shipworthy(capsys, *change) == (
        0,
        "✓ needs.rag_vector_db: required → not_needed role.toml is version 2 now, changed by Ada Byron.",
    )

    code, told = shipworthy(capsys, "diff", "first.toml", "role.toml")
    assert code == 1, "they differ"
    assert "Need: RAG and vector databases" in told
    assert REASON in told
    assert "Ada Byron" in told

    code, drawn = shipworthy(capsys, "blueprint", "role.toml")
    assert code == 0
    assert "profile version 2" in drawn
    assert "40 min of at most 3 h" in drawn
    assert "One posting, several roles: what you can do" in drawn


def test_the_blueprint_rests_on_the_version_that_was_changed(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipworthy(capsys, "scope", "posting.html", "--save", "role.toml")
    before = json.loads(shipworthy(capsys, "blueprint", "role.toml", "--json")[1])
    for what, after in (("needs.rag_vector_db", "not_needed"), ("minutes", "30")):
        shipworthy(capsys, "change", "role.toml", what, after, "--by", "Ada Byron", "--reason", REASON)
    after_it = json.loads(shipworthy(capsys, "blueprint", "role.toml", "--json")[1])
    assert (before["minutes"], after_it["limit_minutes"], after_it["minutes"]) == (40, 30, 20)
    assert after_it["profile"]["version"] == 3
    assert after_it["profile"]["digest"] != before["profile"]["digest"]
    assert all("rag_vector_db" not in role["required"] for each in after_it["choices"] for role in each["roles"])
    assert any("rag_vector_db" in role["required"] for each in before["choices"] for role in each["roles"])


def test_taking_the_advice_ends_the_warning(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    better = POSTING
    for sentence in (*FORECASTS, "Native English speaker"):
        better = better.replace(f"<li>{sentence}</li>\n", "")
    (desk / "better.html").write_text(better, encoding="utf-8")
    code, shown = shipworthy(capsys, "scope", "better.html", "--save", "better.toml")
    assert code == 0
    assert "Blend: none." in shown
    assert "protected trait" not in shown
    assert read_profile(desk / "better.toml").primary_context == "llm_genai"
    found = json.loads(shipworthy(capsys, "blueprint", "better.toml", "--json")[1])
    assert [task["task"] for task in found["tasks"]] == ["answers"], "the other task is for the other job"
    assert found["choices"] == []
