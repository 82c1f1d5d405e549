import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import digest
from shipworthy.tasks.errors import PackedFilesError
from shipworthy.tasks.packing import packed, unpacked
from shipworthy.tasks.paths import path_fault

PATHS = st.text(min_size=1, max_size=30).filter(lambda path: path_fault(path) is None)
FILES = st.dictionaries(PATHS, st.binary(max_size=200), max_size=8)


@given(FILES)
def test_what_was_packed_comes_out_again_whatever_the_order(files: dict[str, bytes]) -> None:
    content = packed(files)
    assert unpacked(content) == files
    assert packed(dict(reversed(files.items()))) == content


def test_the_bytes_are_the_same_on_every_machine_and_for_ever() -> None:
    content = packed({"notes/é.md": b"one\n", "solve.py": b"print(1)\n"})
    assert digest(content) == "f49efdba7e5e977282f7df068934e23a393f2ea477a3baca82960f90745015e3"


@pytest.mark.parametrize("path", ["../up.py", "/etc/passwd", "a\\b", "", "a//b", "line\nbreak", "a\x00b"])
def test_an_unsafe_path_is_never_packed(path: str) -> None:
    with pytest.raises(PackedFilesError, match="The path"):
        packed({path: b""})


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as made:
        for path, content in entries:
            made.writestr(zipfile.ZipInfo(path), content, method)
    return written.getvalue()


def test_what_packing_never_writes_is_refused() -> None:
    with pytest.raises(PackedFilesError, match="leads out of the folder"):
        unpacked(archive(("../x", b"")))
    with pytest.raises(PackedFilesError, match="compressed"):
        unpacked(archive(("bomb", bytes(10_000)), method=zipfile.ZIP_DEFLATED))
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = archive(("a", b"1"), ("a", b"2"))
    with pytest.raises(PackedFilesError, match="twice"):
        unpacked(twice)


@pytest.mark.parametrize("content", [b"", b"nonsense", packed({"a": b"1" * 100})[:-30]])
def test_damage_is_told(content: bytes) -> None:
    with pytest.raises(PackedFilesError, match="cannot be read"):
        unpacked(content)


def test_a_changed_byte_is_seen() -> None:
    content = bytearray(packed({"solve.py": b"print(1)\n"}))
    content[content.index(b"print(1)")] ^= 1
    with pytest.raises(PackedFilesError, match="cannot be read"):
        unpacked(bytes(content))
