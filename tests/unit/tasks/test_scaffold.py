import json
import subprocess
import sys
from pathlib import Path

import pytest

from shipworthy.tasks.brief import unfilled_places
from shipworthy.tasks.entities import Method
from shipworthy.tasks.errors import ScaffoldError
from shipworthy.tasks.loading import load_task
from shipworthy.tasks.scaffold import scaffold
from shipworthy.tasks.submissions import read_reference, read_submission
from shipworthy.tasks.variants import generate
from tests.support.packages import findings_of


@pytest.mark.parametrize("method", [method.value for method in Method])
def test_a_new_package_is_sound_for_every_method(tmp_path: Path, method: str) -> None:
    written = scaffold(tmp_path / method / "my-task", method=method)
    assert findings_of(tmp_path / method / "my-task") == ()
    assert all((tmp_path / method / "my-task" / path).is_file() for path in written)


def test_its_variants_are_sound_over_many_seeds(package: Path) -> None:
    brief = (package / "brief.md").read_text()
    for seed in range(50):
        variant = generate(package, seed)
        assert unfilled_places(brief, variant.parameters) == ()
        assert {len(tables) for tables in json.loads(variant.hidden["tables.json"]).values()} == {12}


def test_its_references_and_attacks_are_submissions(package: Path) -> None:
    task = load_task(package)
    rules = task.manifest.submission
    folders = [entry.folder for entry in task.references[:-1]] + [attack.folder for attack in task.attacks]
    for folder in folders:
        assert "medians.py" in read_submission(folder, rules).files
    assert read_reference(task.references[-1].folder, rules).files == {}


def test_titles_and_authors_survive_quotes_and_braces(tmp_path: Path) -> None:
    scaffold(tmp_path / "my-task", title='Say "hi" {{ now }}\n', author='O"Neil \\')
    manifest = load_task(tmp_path / "my-task").manifest
    assert manifest.title == 'Say "hi" (( now ))'
    assert manifest.authors == ('O"Neil \\',)


def test_two_packages_get_different_identities(tmp_path: Path) -> None:
    uuids = set()
    for name in ("one", "two"):
        scaffold(tmp_path / name)
        uuids.add(load_task(tmp_path / name).manifest.uuid)
    assert len(uuids) == 2


@pytest.mark.parametrize(
    ("folder", "method", "words"),
    [
        ("My Task", "coding", "no task id"),
        ("my-task", "codin", "no method"),
        ("security/my-task", "coding", "for tasks of that method"),
    ],
)
def test_what_could_not_be_sound_is_not_written(tmp_path: Path, folder: str, method: str, words: str) -> None:
    with pytest.raises(ScaffoldError, match=words) as caught:
        scaffold(tmp_path / folder, method=method)
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(package: Path) -> None:
    with pytest.raises(ScaffoldError, match="not empty"):
        scaffold(package)


def test_its_programs_keep_to_the_rules_of_the_house(package: Path) -> None:
    programs = ["judge.py", "variant.py", "public/check.py"]
    rules = Path(__file__).parents[3] / "pyproject.toml"
    for argv in (
        ["ruff", "check", "--config", str(rules), "--ignore", "INP,S", *programs],
        ["ruff", "format", "--check", "--config", str(rules), *programs],
    ):
        ended = subprocess.run([sys.executable, "-m", *argv], cwd=package, capture_output=True, check=False)
        assert ended.returncode == 0, ended.stdout.decode()


@pytest.mark.slow
def test_a_new_package_verifies(package: Path) -> None:
    argv = [str(Path(sys.executable).with_name("shipworthy")), "verify", str(package)]
    ended = subprocess.run(argv, capture_output=True, check=False, timeout=600)
    assert ended.returncode == 0, ended.stdout.decode() + ended.stderr.decode()
