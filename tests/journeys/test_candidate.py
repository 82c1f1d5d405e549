"""A candidate starts a workspace, checks it, hands it in, and can have the judgement repeated."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from shipworthy.cli.main import run
from tests.support.packages import sound_package
from tests.support.setups import missing_layers, real_setup

ALLOWED = [word for layer in missing_layers() for word in ("--allow-missing", layer)]

RIGHT = """
from statistics import median

def median_by_group(rows):
    groups = {}
    for row in rows:
        if row["value"] is not None:
            groups.setdefault(row["group"], []).append(row["value"])
    return {group: median(values) for group, values in groups.items()}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    real_setup()
    sound_package(tmp_path / "catalogue")
    monkeypatch.setenv("SHIPWORTHY_CATALOGUE", str(tmp_path / "catalogue"))
    return tmp_path


def shipworthy(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    capsys.readouterr()
    code = run([str(argument) for argument in arguments])
    return code, capsys.readouterr().out


def answer_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, object]]:
    code, out = shipworthy(capsys, *arguments, "--json")
    answer: dict[str, object] = json.loads(out)
    return code, answer


def started(capsys: pytest.CaptureFixture[str], place: Path, solution: str) -> Path:
    work = place / "work"
    code, out = shipworthy(capsys, "start", "median-of-groups", work, "--seed", 5)
    assert code == 0, out
    (work / "medians.py").write_text(solution)
    return work


def test_a_good_solution_from_start_to_replay(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work = started(capsys, place, RIGHT)
    assert "{{" not in (work / "brief.md").read_text()

    code, out = shipworthy(capsys, "check", work, *ALLOWED)
    assert (code, "✓ passed" in out) == (0, True), out

    code, grading = answer_of(capsys, "grade", work, *ALLOWED)
    assert (code, grading["score"], grading["fault"]) == (0, 1.0, "")
    bundle = Path(str(grading["bundle"]))

    code, again = answer_of(capsys, "replay", bundle)
    assert (code, again["same"]) == (0, True)

    code, card = answer_of(capsys, "scorecard", bundle, "--context", "classical_ml", "--html", place / "card.html")
    assert code == 0
    assert "insufficient_evidence" in json.dumps(card)
    page = (place / "card.html").read_text()
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_submission_that_crashes_gets_failed_checks_with_a_reason(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = started(capsys, place, "raise SystemExit('no licence found')")
    code, grading = answer_of(capsys, "grade", work, *ALLOWED)
    assert (code, grading["score"]) == (0, 0.0)
    code, out = shipworthy(capsys, "check", work, *ALLOWED)
    assert (code, "✗ failed" in out) == (1, True)


def test_a_changed_bundle_is_not_believed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work = started(capsys, place, "def median_by_group(rows):\n    return {}\n")
    _, grading = answer_of(capsys, "grade", work, *ALLOWED)
    bundle, forged = Path(str(grading["bundle"])), place / "forged.zip"
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b'"score":0.0', b'"score":1.0') if name == "outcomes.json" else content)
    assert run(["replay", str(forged)]) == 2
    assert "was changed after it was written: outcomes.json" in capsys.readouterr().err


def test_a_bundle_is_not_replayed_with_another_package(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work = started(capsys, place, RIGHT)
    _, grading = answer_of(capsys, "grade", work, *ALLOWED)
    judge = place / "catalogue" / "coding" / "median-of-groups" / "judge.py"
    judge.write_text(judge.read_text() + "\n# changed\n")
    assert run(["replay", str(grading["bundle"])]) == 2
    assert "the catalogue holds another" in capsys.readouterr().err


def packed(place: Path, entries: Sequence[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    target = place / "handed-in.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    return entry


HOSTILE: dict[str, Sequence[tuple[str | zipfile.ZipInfo, bytes]]] = {
    "a path out of the folder": [("../medians.py", b"")],
    "an absolute path": [("/tmp/medians.py", b"")],
    "a symbolic link": [(link("medians.py"), b"/etc/passwd")],
    "a bomb": [("medians.py", b"\0" * 300_000_000)],
    "nothing": [],
    "ten thousand files": [(f"src/{number}.py", b"pass") for number in range(10_000)] + [("medians.py", b"")],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_zip_is_a_clear_refusal(kind: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = packed(place, HOSTILE[kind])
    code = run(["grade", str(archive), "--task", "median-of-groups", "--seed", "1", *ALLOWED])
    told = capsys.readouterr()
    if kind == "ten thousand files":
        assert code in {0, 2}
    else:
        assert code == 2
        assert "What to do" in told.err
    assert "Traceback" not in told.err
    assert not Path("/tmp/medians.py").exists()


def test_a_huge_file_is_a_clear_refusal(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work = started(capsys, place, RIGHT)
    with (work / "medians.py").open("r+b") as file:
        file.truncate(500 * 1024 * 1024)
    assert run(["grade", str(work), *ALLOWED]) == 2
    assert "What to do" in capsys.readouterr().err


def test_an_unknown_task_and_a_folder_without_a_task_say_what_to_do(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["task", "show", "median-of-group"]) == 2
    assert "median-of-groups" in capsys.readouterr().err
    assert run(["grade", str(place)]) == 2
    assert "--task" in capsys.readouterr().err
    assert run(["no-such-command"]) == 2
    assert run(["replay", str(place / "absent.zip")]) == 2
    assert "There is no file" in capsys.readouterr().err
