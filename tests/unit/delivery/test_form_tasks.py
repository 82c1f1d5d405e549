import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from shipworthy.delivery.entities import AssessmentTask
from shipworthy.delivery.errors import FilesRefusedError, PackageChangedError
from shipworthy.delivery.form_tasks import (
    as_archive,
    brief,
    expect_takable,
    missing_files,
    package_of,
    practice_task,
    starter,
)
from shipworthy.runtimes.definitions import known_runtimes
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.entities import SubmissionRules
from shipworthy.tasks.variants import generate_in_subprocess
from shipworthy.tasks.workspaces import workspace_files
from tests.support.candidates import QUICK
from tests.support.packages import sound_package

SHIPPED = Path(__file__).parents[3] / "catalogue"
RULES = SubmissionRules(paths=("*.py", "src/**", "NOTES.md"), required=("app.py",), max_mb=1, max_files=3)


def pinned(catalogue: Catalogue) -> AssessmentTask:
    task = catalogue.load(QUICK)
    return AssessmentTask(QUICK, task.manifest.version, task.digest, 20)


def test_a_package_that_was_changed_is_refused_until_it_is_as_it_was(tmp_path: Path) -> None:
    package = sound_package(tmp_path, QUICK)
    catalogue = Catalogue(tmp_path)
    wanted = pinned(catalogue)
    before = (package / "brief.md").read_text()
    (package / "brief.md").write_text(before + "\nOne more line.\n")
    with pytest.raises(PackageChangedError, match="changed after the assessment"):
        package_of(catalogue, wanted)
    (package / "brief.md").write_text(before)
    assert package_of(catalogue, wanted).manifest.id == QUICK


def test_the_practice_task_that_is_shipped_can_be_worked_on() -> None:
    catalogue = Catalogue(SHIPPED, runtimes=known_runtimes())
    wanted = practice_task(catalogue)
    assert wanted is not None
    package = package_of(catalogue, wanted)
    files = workspace_files(package, generate_in_subprocess(package.folder, 4711), 4711)
    assert "does not count" in brief(files)
    draft = starter(files, package.manifest.submission)
    assert list(draft) == ["medians.py"]
    expect_takable(draft, package.manifest.submission)
    assert not missing_files(draft, package.manifest.submission)


def test_a_catalogue_without_practice_offers_none(tmp_path: Path) -> None:
    sound_package(tmp_path, QUICK)
    assert practice_task(Catalogue(tmp_path)) is None


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"app.py": b"", "a.py": b"", "b.py": b"", "c.py": b""}, "4 files"),
        ({"app.py": b"x" * (1024 * 1024 + 1)}, "larger than 1 MB"),
        ({"data.csv": b""}, "would not count"),
        ({"src/a": b"", "src/a/b": b""}, "a file and a folder at once"),
        ({"src/../app.py": b""}, "leads out"),
    ],
)
def test_what_could_not_be_handed_in_is_refused_when_it_is_saved(files: dict[str, bytes], words: str) -> None:
    with pytest.raises(FilesRefusedError, match=words):
        expect_takable(files, RULES)


def test_files_at_the_limits_are_taken() -> None:
    expect_takable({"app.py": b"x" * (1024 * 1024), "src/deep/er.py": b"", "NOTES.md": b""}, RULES)
    assert missing_files({"NOTES.md": b""}, RULES) == ["app.py"]
    assert not missing_files({"app.py": b""}, replace(RULES, required=()))


def test_an_archive_for_people_holds_everything_in_one_folder() -> None:
    content = as_archive({"b/c.py": b"2", "a.py": b"1"}, "churn-model")
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.namelist() == ["churn-model/a.py", "churn-model/b/c.py"]
        assert opened.read("churn-model/b/c.py") == b"2"
        assert opened.infolist()[0].external_attr >> 16 == 0o644
