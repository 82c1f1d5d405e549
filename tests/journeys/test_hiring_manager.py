"""A hiring manager brings several gradings of one person together, and gets a firm word only when it is earned."""

import json
from pathlib import Path

import pytest

from shipworthy.cli.main import run
from shipworthy.grading.operations import grade
from shipworthy.tasks.loading import load_task
from shipworthy.tasks.submissions import read_reference
from tests.support.packages import sound_package
from tests.support.setups import real_setup

TASKS = ("medians-one", "medians-two", "medians-three", "medians-four", "medians-five", "medians-six")


def evidence(place: Path, reference: str, count: int) -> list[str]:
    """Grade a reference of several tasks, and return the bundles."""
    bundles = []
    for name in TASKS[:count]:
        folder = place / "catalogue" / "coding" / name
        package = folder if folder.exists() else sound_package(place / "catalogue", name)
        task = load_task(package)
        submission = read_reference(package / "references" / reference, task.manifest.submission)
        bundle = place / f"{name}-{reference}.evidence.zip"
        grade(task, 1, submission, label=reference, setup=real_setup(), bundle=bundle)
        bundles.append(str(bundle))
    return bundles


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIPWORTHY_CATALOGUE", str(tmp_path / "catalogue"))


def verdicts(capsys: pytest.CaptureFixture[str], bundles: list[str]) -> dict[str, str]:
    capsys.readouterr()
    assert run(["scorecard", *bundles, "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    return {one["id"]: one["verdict"] for one in card["competencies"] if one["score"] is not None}


def test_two_tasks_never_earn_a_firm_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(verdicts(capsys, evidence(tmp_path, "expert", 2)).values()) == {"insufficient_evidence"}


def test_many_good_tasks_demonstrate_and_many_bad_ones_say_not_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = verdicts(capsys, evidence(tmp_path, "expert", len(TASKS)))
    bad = verdicts(capsys, evidence(tmp_path, "nothing", len(TASKS)))
    assert good["python_ml_frameworks"] == "demonstrated"
    assert bad["python_ml_frameworks"] == "not_yet"
    assert good["statistical_modeling"] == "insufficient_evidence", "one check on each of six tasks is not enough"


def test_the_same_attempt_is_not_counted_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [bundle] = evidence(tmp_path, "solid", 1)
    assert run(["scorecard", bundle, bundle]) == 2
    assert "Name every attempt once" in capsys.readouterr().err
