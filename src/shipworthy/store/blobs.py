"""Files that are kept by the digest of their content: what was handed in, and the evidence of gradings.

A blob is never changed, and what is read is checked against its name, so a blob that comes back is the one that was
put. The same content is kept once.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from shipworthy.core import clock
from shipworthy.core.canonical import digest
from shipworthy.store.errors import DamagedBlobError, MissingBlobError, UnusableBlobsError

FOLDER = "blobs"
INCOMING = "incoming"
ABANDONED_SECONDS = 24 * 3600
CHUNK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Blobs(Protocol):
    """Where blobs are kept. All verbs may be called from many threads and processes at once."""

    @property
    def address(self) -> str:
        """Where this is, in words for an operator, without any secret."""

    def put(self, content: bytes) -> str:
        """Keep the content and return its SHA-256. When this returns, it is safe on the disk or in the bucket."""

    def put_file(self, path: Path) -> str:
        """Keep a file's content and return its SHA-256."""

    def get(self, name: str) -> bytes:
        """Return the content of this digest. Raises `MissingBlobError` or `DamagedBlobError`."""

    def has(self, name: str) -> bool:
        """Say whether there is a blob of this digest."""

    def names(self) -> Iterator[str]:
        """Give the digests of all blobs, sorted."""

    def expect_usable(self) -> None:
        """Raise `UnusableBlobsError` where blobs cannot be written and read here."""


def open_blobs(address: str | None, data_folder: Path) -> Blobs:
    """Open the place for blobs: a folder, or a bucket such as `s3://bucket/prefix?endpoint=https://host:9000`.

    Without an address it is the folder `blobs` below the data folder. Raises `UnusableBlobsError`.
    """
    if address and address.startswith("s3://"):
        from shipworthy.store.bucket import BucketBlobs  # noqa: PLC0415 - only wanted here, and half of it is a client for clouds

        return BucketBlobs(address)
    if address and "://" in address:
        raise UnusableBlobsError(
            f"SHIPWORTHY_BLOBS is {address.split('://')[0]}://...; only folders and s3:// are supported.",
            remedy="Name a folder, or a bucket as s3://bucket/prefix?endpoint=https://host.",
        )
    return FolderBlobs(Path(address).resolve() if address else data_folder / FOLDER)


class FolderBlobs:
    """Blobs in a folder: `ab/ab12...`, each written beside its place, flushed to the disk and then renamed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / INCOMING).mkdir(exist_ok=True, mode=0o700)
        except OSError as fault:
            raise _unusable(folder, fault) from fault
        self._sweep()

    @property
    def address(self) -> str:
        """The folder."""
        return str(self._folder)

    def put(self, content: bytes) -> str:
        """Keep the content and return its SHA-256."""
        name = digest(content)
        if not self._holds(name, content):
            with self._arriving(name) as arriving:
                arriving.write(content)
        return name

    def put_file(self, path: Path) -> str:
        """Keep a file's content and return its SHA-256."""
        return self.put(path.read_bytes())

    def get(self, name: str) -> bytes:
        """Return the content of this digest."""
        try:
            content = self._place(name).read_bytes()
        except FileNotFoundError:
            raise missing(name, self.address) from None
        except OSError as fault:
            raise _unusable(self._folder, fault) from fault
        return verified(name, content, self.address)

    def has(self, name: str) -> bool:
        """Say whether there is a blob of this digest."""
        return self._place(name).is_file()

    def names(self) -> Iterator[str]:
        """Give the digests of all blobs, sorted."""
        for shelf in sorted(path for path in self._folder.iterdir() if len(path.name) == 2):
            yield from sorted(path.name for path in shelf.iterdir() if _DIGEST.fullmatch(path.name))

    def expect_usable(self) -> None:
        """Raise `UnusableBlobsError` where blobs cannot be written and read here."""
        try:
            with tempfile.TemporaryFile(dir=self._folder / INCOMING) as tried:
                tried.write(b"1")
        except OSError as fault:
            raise _unusable(self._folder, fault) from fault

    def _holds(self, name: str, content: bytes) -> bool:
        """Say whether exactly this is there already: a damaged blob is mended by putting it again."""
        try:
            return self._place(name).read_bytes() == content
        except OSError:
            return False

    @contextmanager
    def _arriving(self, name: str) -> Iterator[BinaryIO]:
        place = self._place(name)
        try:
            place.parent.mkdir(exist_ok=True, mode=0o700)
            handle, partial = tempfile.mkstemp(dir=self._folder / INCOMING)
            try:
                with os.fdopen(handle, "wb") as arriving:
                    yield arriving
                    arriving.flush()
                    os.fsync(arriving.fileno())
                os.replace(partial, place)
            except BaseException:
                Path(partial).unlink(missing_ok=True)
                raise
            _flush_folder(place.parent)
        except OSError as fault:
            raise _unusable(self._folder, fault) from fault

    def _place(self, name: str) -> Path:
        return self._folder / expected_digest(name)[:2] / name

    def _sweep(self) -> None:
        """Remove what writers left that died a day ago or longer."""
        oldest = clock.now().timestamp() - ABANDONED_SECONDS
        for partial in (self._folder / INCOMING).iterdir():
            try:
                if partial.stat().st_mtime < oldest:
                    partial.unlink(missing_ok=True)
            except FileNotFoundError:
                continue


def expected_digest(name: str) -> str:
    """Return a name that is a SHA-256 in hexadecimal; anything else, such as a path, is no blob."""
    if not _DIGEST.fullmatch(name):
        raise MissingBlobError(f"{name[:80]!r} is not the name of a blob.")
    return name


def verified(name: str, content: bytes, address: str) -> bytes:
    """Return the content, or raise `DamagedBlobError` where it is not what the name says."""
    if digest(content) != name:
        raise DamagedBlobError(
            f"The blob {name[:12]} in {address} is not what was kept there: its content has another digest.",
            remedy=f"Bring the file {name} back from a backup. Nothing was graded or shown from the damaged one.",
        )
    return content


def missing(name: str, address: str) -> MissingBlobError:
    """Return the error for a blob that is not there."""
    return MissingBlobError(
        f"There is no blob {name[:12]} in {address}.",
        remedy="Check that SHIPWORTHY_BLOBS names the same place for the web and every worker, or restore a backup.",
    )


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(folder: Path, fault: OSError) -> UnusableBlobsError:
    return UnusableBlobsError(
        f"The folder of blobs {folder} cannot be used: {fault.strerror or fault}.",
        remedy="Give this user a folder to write in, with free space, and name it in SHIPWORTHY_BLOBS.",
    )
