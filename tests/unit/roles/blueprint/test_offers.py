import shutil
from pathlib import Path

from shipworthy.roles.blueprint.entities import LeftOutReason
from shipworthy.roles.blueprint.offers import offers_from
from shipworthy.tasks.catalogue import Catalogue

CATALOGUE = Path(__file__).parents[4] / "catalogue"


def test_every_task_of_the_catalogue_is_on_offer() -> None:
    catalogue = Catalogue(CATALOGUE)
    found = offers_from(catalogue)
    assert tuple(offer.task_id for offer in found.offers) == catalogue.ids()
    assert found.left_out == ()
    for offer in found.offers:
        task = catalogue.load(offer.task_id)
        assert offer.minutes == task.manifest.minutes
        assert len(offer.checks) == len(task.manifest.checks)
        assert set(task.manifest.competencies) <= offer.competencies


def test_unsound_packages_are_left_out_and_named(tmp_path: Path) -> None:
    sound = Catalogue(CATALOGUE).find("churn-model")
    shutil.copytree(sound, tmp_path / "coding" / "churn-model")
    broken = tmp_path / "coding" / "broken"
    broken.mkdir()
    (broken / "task.toml").write_text("format = 1\n", encoding="utf-8")
    found = offers_from(Catalogue(tmp_path))
    assert [offer.task_id for offer in found.offers] == ["churn-model"]
    assert [(task.task_id, task.reason) for task in found.left_out] == [("broken", LeftOutReason.UNSOUND)]
    assert "fault" in found.left_out[0].words


def test_a_task_that_is_there_twice_is_named_once_and_not_offered(tmp_path: Path) -> None:
    sound = Catalogue(CATALOGUE).find("churn-model")
    for shelf in ("coding", "other"):
        shutil.copytree(sound, tmp_path / shelf / "churn-model")
    found = offers_from(Catalogue(tmp_path))
    assert found.offers == ()
    assert "twice" in found.left_out[0].words
