import os
from pathlib import Path

import pytest

from shipworthy.sandbox import cgroups, slots
from shipworthy.sandbox.errors import SandboxError


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(slots, "ROOT_FOLDER", tmp_path / "slots")


def test_slots_in_use_at_once_differ_in_number_and_user(tmp_path: Path) -> None:
    one, two = slots.claim(tmp_path), slots.claim(tmp_path)
    assert (one.number, two.number) == (0, 1)
    if os.geteuid() == 0:
        assert (one.user, two.user) == (slots.FIRST_USER, slots.FIRST_USER + 1)
    one.release()
    again = slots.claim(tmp_path)
    assert again.number == 0
    for slot in (two, again):
        slot.release()


def test_the_user_of_a_slot_is_never_root(tmp_path: Path) -> None:
    slot = slots.claim(tmp_path)
    assert slot.user != 0
    slot.release()


def test_releasing_twice_is_fine(tmp_path: Path) -> None:
    slot = slots.claim(tmp_path)
    slot.release()
    slot.release()


def test_all_slots_in_use_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "SLOTS", 1)
    slot = slots.claim(tmp_path)
    with pytest.raises(SandboxError, match="All 1 sandbox slots") as raised:
        slots.claim(tmp_path)
    assert "fewer judges" in raised.value.remedy
    slot.release()


def test_sweeping_nothing_is_fine(tmp_path: Path) -> None:
    assert slots.sweep(tmp_path) == 0


def test_a_note_of_another_group_is_not_followed(tmp_path: Path) -> None:
    """A lock file that names a folder which is not the slot's own group must not have it removed."""
    folder = slots.slot_folder(tmp_path)
    folder.mkdir(parents=True)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (folder / "0.lock").write_text(str(foreign))
    assert slots.sweep(tmp_path) == 0
    assert foreign.is_dir()


@pytest.mark.skipif(not cgroups.find_places().folders, reason="this user may not make control groups")
def test_an_abandoned_slot_is_swept_once(tmp_path: Path) -> None:
    slot = slots.claim(tmp_path)
    slot.make_group(cgroups.find_places())
    slot.abandon()
    assert slots.sweep(tmp_path) == 1
    assert slots.sweep(tmp_path) == 0
