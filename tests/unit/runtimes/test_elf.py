from pathlib import Path

from shipworthy.runtimes.elf import read_linkage, rewrite_run_path
from tests.unit.runtimes.elf_files import write_elf


def test_it_reads_what_a_binary_needs_and_where_it_looks(tmp_path: Path) -> None:
    linkage = read_linkage(write_elf(tmp_path / "a.so", "libfar.so.1", "/opt/far/away/lib"))
    assert linkage is not None
    assert (linkage.needs, linkage.run_path) == (("libfar.so.1",), "/opt/far/away/lib")


def test_a_shorter_run_path_fits(tmp_path: Path) -> None:
    path = write_elf(tmp_path / "a.so", "libfar.so.1", "/opt/far/away/lib")
    linkage = read_linkage(path)
    assert linkage is not None
    assert rewrite_run_path(path, linkage, "$ORIGIN/../lib")
    changed = read_linkage(path)
    assert changed is not None
    assert (changed.needs, changed.run_path) == (("libfar.so.1",), "$ORIGIN/../lib")
    assert path.read_bytes().endswith(b"ib\0"), "the tail stays, since other names may share it"


def test_a_longer_run_path_is_not_written(tmp_path: Path) -> None:
    path = write_elf(tmp_path / "a.so", "libfar.so.1", "/opt")
    before = path.read_bytes()
    linkage = read_linkage(path)
    assert linkage is not None
    assert not rewrite_run_path(path, linkage, "$ORIGIN/../lib")
    assert path.read_bytes() == before


def test_a_binary_without_run_path_has_none(tmp_path: Path) -> None:
    path = write_elf(tmp_path / "a.so", "libfar.so.1", "")
    linkage = read_linkage(path)
    assert linkage is not None
    assert linkage.run_path == ""
    assert not rewrite_run_path(path, linkage, "")


def test_other_files_have_no_linkage(tmp_path: Path) -> None:
    for content in (b"", b"#!/bin/sh\n", b"\x7fELF\x01\x01 32 bits"):
        (tmp_path / "file").write_bytes(content)
        assert read_linkage(tmp_path / "file") is None
