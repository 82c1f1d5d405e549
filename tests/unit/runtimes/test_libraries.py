from pathlib import Path

import pytest

from shipworthy.runtimes.elf import read_linkage
from shipworthy.runtimes.errors import RuntimeBuildError
from shipworthy.runtimes.libraries import gather_libraries
from tests.unit.runtimes.elf_files import elf_file, write_elf


def run_path(path: Path) -> str:
    linkage = read_linkage(path)
    assert linkage is not None
    return linkage.run_path


def copied(original: Path, copy: Path) -> Path:
    copy.parent.mkdir(parents=True)
    copy.write_bytes(original.read_bytes())
    return copy


def test_libraries_and_what_they_need_in_turn_are_carried_along(tmp_path: Path) -> None:
    far = tmp_path / "far" / "openssl" / "lib"
    write_elf(far / "libfar.so.1", "libfarther.so.2", str(far))
    write_elf(far / "libfarther.so.2", "libc.so.6", str(far))
    original = write_elf(tmp_path / "bin" / "python3", "libfar.so.1", str(far))
    root = tmp_path / "root"
    copy = copied(original, root / "bin" / "python3")
    gather_libraries(root, [(original, copy)])
    assert sorted(path.name for path in (root / "lib").iterdir()) == ["libfar.so.1", "libfarther.so.2"]
    assert run_path(copy) == "$ORIGIN/../lib"
    assert run_path(root / "lib" / "libfar.so.1") == "$ORIGIN"


def test_what_already_looks_beside_itself_stays_as_it_is(tmp_path: Path) -> None:
    write_elf(tmp_path / "made" / "lib" / "libpython.so.1", "libc.so.6", "")
    original = write_elf(tmp_path / "made" / "bin" / "python3", "libpython.so.1", "$ORIGIN/../lib")
    copy = copied(original, tmp_path / "root" / "bin" / "python3")
    gather_libraries(tmp_path / "root", [(original, copy)])
    assert (tmp_path / "root" / "lib" / "libpython.so.1").is_file()
    assert copy.read_bytes() == original.read_bytes()


def test_libraries_that_every_system_has_are_not_carried(tmp_path: Path) -> None:
    original = write_elf(tmp_path / "bin" / "python3", "libnothing.so.1", "/usr/lib/nowhere/at/all")
    copy = copied(original, tmp_path / "root" / "bin" / "python3")
    gather_libraries(tmp_path / "root", [(original, copy)])
    assert not (tmp_path / "root" / "lib").exists()
    assert copy.read_bytes() == elf_file("libnothing.so.1", "/usr/lib/nowhere/at/all")


def test_a_run_path_without_room_is_refused_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_elf(tmp_path / "l" / "libfar.so.1", "libc.so.6", "")
    original = write_elf(tmp_path / "bin" / "python3", "libfar.so.1", "l")
    copy = copied(original, tmp_path / "root" / "bin" / "python3")
    with pytest.raises(RuntimeBuildError, match="cannot be told") as caught:
        gather_libraries(tmp_path / "root", [(original, copy)])
    assert "another Python" in caught.value.remedy
