"""Makes the smallest shared library that names what it needs and where it looks for it."""

import struct
from pathlib import Path

BASE = 0x1000


def elf_file(needs: str, run_path: str) -> bytes:
    texts = b"\0" + needs.encode() + b"\0" + run_path.encode() + b"\0"
    entries = [(1, 1), (5, BASE + 64 + 2 * 56 + 5 * 16), (0, 0), (0, 0)]
    if run_path:
        entries.insert(1, (29, 2 + len(needs)))
    else:
        entries.insert(1, (14, 1))
    dynamic = b"".join(struct.pack("<QQ", *entry) for entry in entries)
    start = 64 + 2 * 56
    size = start + len(dynamic) + len(texts)
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 64, 0, 0)
    segments = struct.pack("<IIQQQQQQ", 1, 4, 0, BASE, BASE, size, size, 4096)
    segments += struct.pack("<IIQQQQQQ", 2, 4, start, BASE + start, BASE + start, len(dynamic), len(dynamic), 8)
    return header + segments + dynamic + texts


def write_elf(path: Path, needs: str, run_path: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(elf_file(needs, run_path))
    return path
