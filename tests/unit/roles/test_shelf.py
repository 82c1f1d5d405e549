from dataclasses import replace
from pathlib import Path

import pytest

from shipworthy.framework import load_framework
from shipworthy.roles import shelf as shelves
from shipworthy.roles.errors import ProfileError
from shipworthy.roles.shelf import Shelf
from shipworthy.runtimes.definitions import known_runtimes
from shipworthy.tasks.catalogue import Catalogue
from tests.support.postings import BLENDED, LLM, OFFICE, scoped

CATALOGUE = Path(__file__).parents[3] / "catalogue"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(Catalogue(CATALOGUE, load_framework(), runtimes=known_runtimes()))


def test_the_same_wish_gives_the_same_blueprint_without_drawing_it_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = scoped(LLM)
    first = shelf.blueprint(profile, minutes=90)
    monkeypatch.setattr(shelves, "draw_for", None)
    assert shelf.blueprint(profile, minutes=90) is first


def test_another_profile_or_wish_is_drawn_anew(shelf: Shelf) -> None:
    profile = scoped(LLM)
    first = shelf.blueprint(profile, minutes=90)
    assert shelf.blueprint(profile, minutes=60).limit_minutes == 60
    assert first.task_ids[0] not in shelf.blueprint(profile, minutes=90, excluded=first.task_ids[:1]).task_ids
    assert shelf.blueprint(replace(profile, minutes=45)).limit_minutes == 45


def test_a_catalogue_that_changed_is_seen(shelf: Shelf, tmp_path: Path) -> None:
    profile = scoped(LLM)
    assert shelf.blueprint(profile).tasks
    shelf.catalogue.folder = tmp_path
    assert not shelf.blueprint(profile).tasks


def test_choices_are_drawn_for_blends_only(shelf: Shelf) -> None:
    assert [drawn.choice.id for drawn in shelf.choices(scoped(BLENDED))] == ["split", "drop", "soften", "keep"]
    assert shelf.choices(scoped(LLM)) == ()


def test_what_is_no_ai_role_gets_no_blueprint(shelf: Shelf) -> None:
    with pytest.raises(ProfileError):
        shelf.blueprint(scoped(OFFICE))


def test_the_last_blueprints_are_kept_only(shelf: Shelf) -> None:
    small = Shelf(shelf.catalogue, most=1)
    profile = scoped(LLM)
    first = small.blueprint(profile, minutes=90)
    small.blueprint(profile, minutes=60)
    assert small.blueprint(profile, minutes=90) is not first
    assert small.blueprint(profile, minutes=90) == first
