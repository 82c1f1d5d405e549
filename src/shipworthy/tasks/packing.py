"""One spelling for the files of a submission, so that the same files are always the same bytes."""

import io
import zipfile
from collections.abc import Mapping

from shipworthy.tasks.errors import PackedFilesError
from shipworthy.tasks.paths import path_fault

EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip archive whose bytes depend on nothing but their paths and contents.

    Nothing is compressed: what a compressor writes differs from version to version. Raises `PackedFilesError` for a
    path that could not be unpacked again.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            _expect_safe(path)
            archive.writestr(zipfile.ZipInfo(path, EPOCH), files[path])
    return written.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files that `packed` put into an archive, by path, sorted.

    Raises `PackedFilesError` for what `packed` does not write: damage, compression, unsafe paths, a path twice.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _files(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, RuntimeError, OSError) as fault:
        raise PackedFilesError(f"The packed files cannot be read: {fault}.") from fault


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for entry in archive.infolist():
        _expect_safe(entry.filename)
        if entry.filename in files:
            raise PackedFilesError(f"The packed files hold {entry.filename!r} twice.")
        if entry.compress_type != zipfile.ZIP_STORED:
            raise PackedFilesError("The packed files are compressed, which these never are.")
        files[entry.filename] = archive.read(entry)
    return {path: files[path] for path in sorted(files)}


def _expect_safe(path: str) -> None:
    fault = path_fault(path)
    if fault:
        raise PackedFilesError(f"The path {path!r} {fault}.", remedy="Rename the file.")
