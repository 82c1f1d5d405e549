from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.runtimes.identity import RECORD, digest_of_folder


def make(root: Path) -> Path:
    (root / "lib").mkdir(parents=True)
    (root / "lib" / "a.py").write_text("a = 1\n")
    (root / "python3").write_text("run")
    (root / "python3").chmod(0o755)
    (root / "python").symlink_to("python3")
    return root


def relink(root: Path) -> None:
    (root / "python").unlink()
    (root / "python").symlink_to("lib/a.py")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "lib" / "a.py").write_text("a = 2\n"),
        lambda root: (root / "lib" / "a.py").rename(root / "lib" / "b.py"),
        lambda root: (root / "lib" / "a.py").chmod(0o755),
        lambda root: (root / "more").write_bytes(b""),
        relink,
    ],
    ids=["content", "name", "executable", "more", "link"],
)
def test_every_change_changes_the_digest(tmp_path: Path, change: Callable[[Path], object]) -> None:
    before = digest_of_folder(make(tmp_path / "one"))[0]
    assert before == digest_of_folder(make(tmp_path / "two"))[0]
    change(tmp_path / "two")
    assert before != digest_of_folder(tmp_path / "two")[0]


def test_compiled_files_and_the_record_do_not_count_but_take_room(tmp_path: Path) -> None:
    before, size = digest_of_folder(make(tmp_path))
    (tmp_path / "lib" / "a.pyc").write_bytes(b"12345")
    (tmp_path / RECORD).write_bytes(b"{}")
    assert digest_of_folder(tmp_path) == (before, size + 7)


def test_permissions_to_read_and_write_do_not_count(tmp_path: Path) -> None:
    before = digest_of_folder(make(tmp_path))[0]
    (tmp_path / "lib" / "a.py").chmod(0o400)
    assert digest_of_folder(tmp_path)[0] == before
