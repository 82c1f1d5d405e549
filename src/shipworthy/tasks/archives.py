"""Reads a submission from a zip archive that may lie about what it holds."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from shipworthy.tasks.entities import MEBIBYTE, SubmissionRules
from shipworthy.tasks.errors import SubmissionRefusedError
from shipworthy.tasks.intake import CHUNK, MAX_ENTRIES, Intake, shown
from shipworthy.tasks.paths import matches_any, path_fault

MAX_ARCHIVE_MB = 256
MAX_DIRECTORY_MB = 8
MAX_RATIO = 200
_RATIO_FROM = 256 * 1024
_END = b"PK\x05\x06"
_END_SIZE = 22
_LARGE_END = b"PK\x06\x07"
_ENCRYPTED = 0x1
_JUNK = ("__MACOSX", ".DS_Store")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = "Make the archive anew with an ordinary zip program."


def read_archive(place: Path, rules: SubmissionRules) -> Intake:
    """Read the files that count from a zip archive; one top folder around everything is taken off.

    Raises `SubmissionRefusedError`.
    """
    intake = Intake(rules)
    try:
        with place.open("rb") as opened:
            _expect_modest(opened)
            with zipfile.ZipFile(opened) as archive:
                _read_entries(archive, intake)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as fault:
        raise SubmissionRefusedError(f"The archive cannot be read: {fault}.", remedy=_BROKEN) from fault
    except OSError as fault:
        raise SubmissionRefusedError(f"The archive cannot be read: {fault.strerror}.", remedy=_BROKEN) from fault
    return intake


def _expect_modest(opened: BinaryIO) -> None:
    """Refuse an archive whose list of contents alone would fill the memory, before anything reads that list."""
    size = opened.seek(0, 2)
    if size > MAX_ARCHIVE_MB * MEBIBYTE:
        raise SubmissionRefusedError(
            f"The archive is larger than {MAX_ARCHIVE_MB} MB.", remedy="Pack only the files that the brief asks for."
        )
    opened.seek(max(0, size - _END_SIZE - 65536 - 20))
    tail = opened.read()
    opened.seek(0)
    at = _end_of_directory(tail)
    if at < 0:
        raise SubmissionRefusedError("This is no zip archive.", remedy="Hand in a folder or a zip archive.")
    (directory,) = struct.unpack_from("<L", tail, at + 12)
    if directory > MAX_DIRECTORY_MB * MEBIBYTE or tail[max(0, at - 20) : at].startswith(_LARGE_END):
        raise SubmissionRefusedError(
            f"The archive holds more than {MAX_ENTRIES:,} files and folders.",
            remedy="Pack only the files that the brief asks for.",
        )


def _end_of_directory(tail: bytes) -> int:
    """Find the end record where `zipfile` will find it: without a comment first, else the last one."""
    exact = len(tail) - _END_SIZE
    if exact >= 0 and tail[exact:].startswith(_END) and tail.endswith(b"\0\0"):
        return exact
    at = tail.rfind(_END)
    return at if at + _END_SIZE <= len(tail) else -1


def _read_entries(archive: zipfile.ZipFile, intake: Intake) -> None:
    entries = []
    for entry in archive.infolist():
        intake.see()
        _expect_honest(entry)
        if not entry.is_dir() and not _is_junk(entry.filename):
            entries.append(entry)
    top = _top_folder([entry.filename for entry in entries], intake.rules)
    for entry in entries:
        path = entry.filename.removeprefix(top)
        if intake.counts(path):
            _read_entry(archive, entry, path, intake)
        else:
            intake.ignore(path)
    _expect_no_file_as_folder(intake)


def _expect_honest(entry: zipfile.ZipInfo) -> None:
    path = entry.filename.rstrip("/")
    fault = path_fault(path)
    if fault:
        raise SubmissionRefusedError(
            f"The archive holds the path {shown(entry.filename)}, which {fault}.",
            remedy="Pack the folder itself, with ordinary names.",
        )
    if entry.flag_bits & _ENCRYPTED:
        raise SubmissionRefusedError("The archive is encrypted.", remedy="Pack it without a password.")


def _is_junk(path: str) -> bool:
    segments = path.split("/")
    return segments[0] in _JUNK or segments[-1] in _JUNK


def _top_folder(paths: list[str], rules: SubmissionRules) -> str:
    """Return the one folder around everything, with its slash, if the submission makes more sense without it."""
    tops = {path.split("/")[0] for path in paths}
    if len(tops) != 1 or any("/" not in path for path in paths):
        return ""
    top = tops.pop() + "/"
    inside = [path.removeprefix(top) for path in paths]
    return top if _sense(inside, rules) > _sense(paths, rules) else ""


def _sense(paths: list[str], rules: SubmissionRules) -> tuple[int, int]:
    present = sum(path in rules.required for path in paths)
    return present, sum(matches_any(rules.paths, path) for path in paths)


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, intake: Intake) -> None:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise SubmissionRefusedError(
            f"{shown(path)} is a link or a device, not an ordinary file.", remedy="Pack the file itself."
        )
    if entry.compress_type not in _METHODS:
        raise SubmissionRefusedError(f"{shown(path)} is compressed in an uncommon way.", remedy=_BROKEN)
    intake.expect_room(path, entry.file_size)
    with archive.open(entry) as opened:
        intake.take(path, _chunks(opened, entry, path))


def _chunks(opened: IO[bytes], entry: zipfile.ZipInfo, path: str) -> Iterator[bytes]:
    unpacked = 0
    while chunk := opened.read(CHUNK):
        unpacked += len(chunk)
        if unpacked > _RATIO_FROM and unpacked > MAX_RATIO * max(entry.compress_size, 1):
            raise SubmissionRefusedError(
                f"{shown(path)} unpacks to more than {MAX_RATIO} times its size.", remedy="Leave the file out."
            )
        yield chunk


def _expect_no_file_as_folder(intake: Intake) -> None:
    for path in intake.files:
        parents = path.split("/")[:-1]
        for depth in range(1, len(parents) + 1):
            above = "/".join(parents[:depth])
            if above in intake.files:
                raise SubmissionRefusedError(f"{shown(above)} is a file and a folder at once.", remedy=_BROKEN)
