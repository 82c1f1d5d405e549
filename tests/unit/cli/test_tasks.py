from pathlib import Path

import pytest

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from tests.support.packages import made_expert, sound_package

MAKER = """
def make(variant):
    return {"expert": {"medians.py": repr(sorted(variant.hidden)).encode()}}
"""


def test_a_reference_is_written_as_it_ships(tmp_path: Path) -> None:
    package = sound_package(tmp_path)
    assert run(["task", "reference", str(package), "solid", str(tmp_path / "out")]) == ExitCode.DONE
    assert (tmp_path / "out/medians.py").read_bytes() == (package / "references/solid/medians.py").read_bytes()


def test_a_reference_that_is_made_is_made_for_the_variant(tmp_path: Path) -> None:
    package = made_expert(sound_package(tmp_path), MAKER)
    assert run(["task", "reference", str(package), "expert", str(tmp_path / "out"), "--seed", "3"]) == ExitCode.DONE
    assert (tmp_path / "out/medians.py").read_text() == "['tables.json']"


def test_an_empty_reference_is_an_empty_folder(tmp_path: Path) -> None:
    package = sound_package(tmp_path)
    assert run(["task", "reference", str(package), "nothing", str(tmp_path / "out")]) == ExitCode.DONE
    assert list((tmp_path / "out").iterdir()) == []


def test_an_unknown_reference_names_the_closest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = sound_package(tmp_path)
    assert run(["task", "reference", str(package), "naiv", str(tmp_path / "out")]) == ExitCode.BAD_INPUT
    assert "naive" in capsys.readouterr().err


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = sound_package(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert run(["task", "reference", str(package), "solid", str(tmp_path / "out")]) == ExitCode.BAD_INPUT
    assert "there already" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
