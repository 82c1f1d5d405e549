from pathlib import Path

import pytest

from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.errors import UnknownTaskError, UnsoundPackageError
from tests.support.packages import edit, sound_package


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    sound_package(tmp_path, "churn-model")
    sound_package(tmp_path, "leaky-bot", "security")
    return Catalogue(tmp_path, runtimes=("python-ml",))


def test_it_lists_tasks_by_their_manifests(catalogue: Catalogue) -> None:
    entries = catalogue.entries()
    assert [entry.manifest.id for entry in entries if entry.manifest] == ["churn-model", "leaky-bot"]
    assert catalogue.ids() == ("churn-model", "leaky-bot")


def test_a_broken_package_does_not_hide_the_others(catalogue: Catalogue) -> None:
    edit(catalogue.find("churn-model"), "task.toml", "minutes = 20", "minutes = 0")
    broken, sound = catalogue.entries()
    assert broken.manifest is None
    assert [finding.key for finding in broken.findings] == ["minutes"]
    assert sound.manifest is not None
    with pytest.raises(UnsoundPackageError, match="churn-model"):
        catalogue.load("churn-model")


def test_it_loads_by_id(catalogue: Catalogue) -> None:
    assert catalogue.load("leaky-bot").manifest.title == "Leaky bot"


def test_a_misspelled_id_gets_the_closest(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownTaskError) as caught:
        catalogue.load("churn-modle")
    assert caught.value.remedy == "Did you mean 'churn-model'?"


def test_a_package_is_read_again_as_soon_as_a_byte_of_it_changes(catalogue: Catalogue) -> None:
    first = catalogue.load("churn-model")
    assert catalogue.load("churn-model") is first
    edit(first.folder, "task.toml", "minutes = 20", "minutes = 25")
    changed = catalogue.load("churn-model")
    assert (changed.manifest.minutes, changed.digest != first.digest) == (25, True)
    (first.folder / "judge.py").rename(first.folder.parent / "judge.py")
    (first.folder / "judge.py").symlink_to("../judge.py")
    with pytest.raises(UnsoundPackageError):
        catalogue.load("churn-model")


def test_an_unknown_id_gets_all(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownTaskError) as caught:
        catalogue.find("../../../etc")
    assert caught.value.remedy == "Known: churn-model, leaky-bot."


def test_an_id_on_two_shelves_is_refused(catalogue: Catalogue) -> None:
    sound_package(catalogue.folder, "churn-model", "evaluation")
    with pytest.raises(UnknownTaskError, match="coding and evaluation"):
        catalogue.find("churn-model")


def test_an_empty_catalogue_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(UnknownTaskError) as caught:
        Catalogue(tmp_path / "absent").find("any")
    assert str(tmp_path / "absent") in caught.value.remedy


def test_a_package_beside_the_shelves_is_found_but_in_no_list(tmp_path: Path) -> None:
    sound_package(tmp_path, "median-of-groups")
    sound_package(tmp_path / "elsewhere", "practice").rename(tmp_path / "practice")
    catalogue = Catalogue(tmp_path)
    assert catalogue.load("practice").manifest.id == "practice"
    assert "practice" not in catalogue.ids()
    assert "practice" not in {entry.folder.name for entry in catalogue.entries()}


def test_the_edition_changes_with_every_manifest_and_rubric(tmp_path: Path) -> None:
    package = sound_package(tmp_path)
    catalogue = Catalogue(tmp_path)
    editions = [catalogue.edition(), catalogue.edition()]
    (package / "task.toml").write_text((package / "task.toml").read_text() + "\n")
    editions.append(catalogue.edition())
    (package / "rubric.toml").write_text("changed")
    editions.append(catalogue.edition())
    sound_package(tmp_path, "another-task")
    editions.append(catalogue.edition())
    assert editions[0] == editions[1]
    assert len(set(editions)) == 4
