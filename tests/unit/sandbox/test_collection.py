import os
import socket
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.sandbox.collection import collect, is_plain, printable
from shipworthy.sandbox.entities import Collection, RefusedFile


def _collect(folder: Path, wanted: Collection | None = None) -> tuple[Mapping[str, bytes], dict[str, str]]:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        files, refused = collect(opened, wanted or Collection())
    finally:
        os.close(opened)
    return files, {one.path: one.reason for one in refused}


def test_regular_files_come_back_by_relative_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_bytes(b"one")
    (tmp_path / "c").write_bytes(b"")
    assert _collect(tmp_path) == ({"a/b.txt": b"one", "c": b""}, {})


def test_everything_else_is_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder_link").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    (tmp_path / "one").touch()
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    files, refused = _collect(tmp_path)
    assert files == {}
    assert refused == {
        "link": "symlink",
        "folder_link": "symlink",
        "pipe": "not_regular",
        "socket": "not_regular",
        "one": "hard_link",
        "two": "hard_link",
    }


def test_files_beyond_the_total_are_refused_without_reading_them(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 60)
    (tmp_path / "b").write_bytes(b"x" * 60)
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    files, refused = _collect(tmp_path, Collection(total_bytes=100))
    assert list(files) == ["a"]
    assert refused == {"b": "too_big", "sparse": "too_big"}


def test_the_walk_ends_at_the_number_of_files(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}").touch()
    files, refused = _collect(tmp_path, Collection(files=10))
    assert len(files) == 10
    assert refused == {"": "too_many_files"}


def test_exactly_as_many_files_as_allowed_are_fine(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / str(number)).touch()
    files, refused = _collect(tmp_path, Collection(files=10))
    assert len(files) == 10
    assert refused == {}


def test_a_chain_of_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "/".join(["d"] * 40)).mkdir(parents=True)
    _, refused = _collect(tmp_path)
    assert refused == {"/".join(["d"] * 33): "too_deep"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "closed").touch(mode=0)
    assert _collect(tmp_path) == ({}, {"closed": "unreadable"})


@pytest.mark.parametrize("name", [b"two\nlines", b"tab\t", b"\xff", b"del\x7f", "\u202e".encode(), b"\x1b[31m"])
def test_names_that_could_deceive_are_refused(name: bytes, tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/" + name, "wb"):
        pass
    files, refused = _collect(tmp_path)
    assert files == {}
    assert list(refused.values()) == ["bad_name"]
    assert all(letter.isprintable() and letter.isascii() for letter in "".join(refused))


@given(st.binary(max_size=600))
def test_escaped_names_are_short_printable_ascii(name: bytes) -> None:
    shown = printable(name)
    assert len(shown) <= 400
    assert shown.isascii()
    assert shown.isprintable()


@given(st.text(st.characters(categories=["L", "N", "P"]), min_size=1))
def test_letters_of_every_script_are_plain(name: str) -> None:
    assert is_plain(name.encode())


def test_no_more_than_a_hundred_refusals_are_listed(tmp_path: Path) -> None:
    for number in range(150):
        (tmp_path / str(number)).symlink_to("x")
    opened = os.open(tmp_path, os.O_RDONLY)
    _, refused = collect(opened, Collection())
    os.close(opened)
    assert len(refused) == 100
    assert all(isinstance(one, RefusedFile) for one in refused)
    assert stat.S_ISLNK((tmp_path / "0").lstat().st_mode)
