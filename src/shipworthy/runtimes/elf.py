"""Reads and rewrites where a Linux binary looks for its shared libraries (its run path), in place."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAGIC_64_LITTLE = b"\x7fELF\x02\x01"
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_RPATH, _DT_RUNPATH = 0, 1, 5, 15, 29


@dataclass(frozen=True)
class Linkage:
    """The shared libraries that a binary `needs` by name, and its run path: the folders where it looks first.

    `run_path_offset` is where the run path's text lies in the file, -1 when there is none.
    """

    needs: tuple[str, ...]
    run_path: str
    run_path_offset: int


@dataclass(frozen=True)
class _Segment:
    kind: int
    offset: int
    address: int
    size: int


def read_linkage(path: Path) -> Linkage | None:
    """Read how a binary is linked; `None` for anything but a dynamic 64-bit little-endian ELF file."""
    with path.open("rb") as opened:
        if opened.read(6) != _MAGIC_64_LITTLE:
            return None
    content = path.read_bytes()
    segments = list(_segments(content))
    dynamic = next((segment for segment in segments if segment.kind == _PT_DYNAMIC), None)
    if dynamic is None:
        return None
    entries = list(_entries(content, dynamic))
    table = next((_file_offset(segments, value) for tag, value in entries if tag == _DT_STRTAB), 0)
    path_at = next((table + value for tag, value in entries if tag in {_DT_RPATH, _DT_RUNPATH}), -1)
    return Linkage(
        needs=tuple(_text(content, table + value) for tag, value in entries if tag == _DT_NEEDED),
        run_path=_text(content, path_at) if path_at >= 0 else "",
        run_path_offset=path_at,
    )


def rewrite_run_path(path: Path, linkage: Linkage, run_path: str) -> bool:
    """Replace the run path in place; `False` when the new one does not fit into the room of the old one.

    What follows the new text's end is left as it was: the linker lets other names share the tail of a text.
    """
    if linkage.run_path_offset < 0 or len(run_path) > len(linkage.run_path):
        return False
    with path.open("r+b") as opened:
        opened.seek(linkage.run_path_offset)
        opened.write(run_path.encode() + b"\0")
    return True


def _segments(content: bytes) -> Iterator[_Segment]:
    (start,) = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    for number in range(count):
        kind, _flags, offset, address, _physical, length = struct.unpack_from("<IIQQQQ", content, start + number * size)
        yield _Segment(kind, offset, address, length)


def _entries(content: bytes, dynamic: _Segment) -> Iterator[tuple[int, int]]:
    for at in range(dynamic.offset, dynamic.offset + dynamic.size, 16):
        tag, value = struct.unpack_from("<QQ", content, at)
        if tag == _DT_NULL:
            return
        yield tag, value


def _file_offset(segments: list[_Segment], address: int) -> int:
    for segment in segments:
        if segment.kind == _PT_LOAD and segment.address <= address < segment.address + segment.size:
            return address - segment.address + segment.offset
    return address


def _text(content: bytes, at: int) -> str:
    return content[at : content.index(b"\0", at)].decode("utf-8", "replace")
