"""Profiles as files: TOML that a person can read and change, written all at once and read strictly."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shipworthy.framework import Framework
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.errors import ProfileError
from shipworthy.roles.profile_reading import parse_profile
from shipworthy.roles.profile_spelling import plain_profile, profile_digest, profile_text

MAX_BYTES = 5_000_000
"""A profile has some ten thousand bytes; more than this is something else."""


def write_profile(profile: RoleProfile, path: Path) -> None:
    """Write a profile as TOML, all at once: if anything fails, what stood there stays.

    Raises `OSError`, and `ProfileError` for signs that no text file can hold.
    """
    content = _encoded(profile)
    place = path.resolve()
    try:
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".new")
    except OSError as error:
        error.filename = str(path)
        raise
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode_of(place))
        Path(name).replace(place)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _encoded(profile: RoleProfile) -> bytes:
    try:
        return profile_text(profile).encode()
    except UnicodeEncodeError as error:
        raise ProfileError(
            "The profile holds signs that no text file can hold.",
            remedy="Save the job description as UTF-8 text under a plain name, and scope it again.",
        ) from error


@contextmanager
def held_profile(path: Path) -> Iterator[None]:
    """Hold a profile's file against other changes until the block ends; a file that is not there is not held."""
    descriptor = _hold(path)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _hold(path: Path) -> int | None:
    """Return a lock on the file that stands at a path, also where another change replaced it meanwhile."""
    while path.is_file():
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
        os.close(descriptor)
    return None


def _mode_of(place: Path) -> int:
    """Return the permissions of a file, or those that a new file gets."""
    if place.exists():
        return place.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def read_profile(path: Path, framework: Framework | None = None) -> RoleProfile:
    """Read a profile from its file, with the built-in framework unless another is given.

    Raises `ProfileError` with every fault of the file, each with its key and a remedy; also where the values that stand
    in the file are not those that its changes lead to.
    """
    return parse_profile(_content_of(path), str(path), framework)


def _content_of(path: Path) -> bytes:
    remedy = "Name the file of a role profile, which `shipworthy role scope` writes."
    try:
        if path.is_dir():
            raise ProfileError(f"{path.name} is a folder.", remedy=remedy)
        if path.stat().st_size > MAX_BYTES:
            raise ProfileError(f"{path.name} is far too large for a role profile.", remedy=remedy)
        return path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path.name} cannot be read: {error.strerror}.", remedy=remedy) from error


__all__ = [
    "held_profile",
    "parse_profile",
    "plain_profile",
    "profile_digest",
    "profile_text",
    "read_profile",
    "write_profile",
]
