"""Passwords are kept as argon2id hashes; looking at one takes the same time whether or not there is a hash."""

import os
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shipworthy.access.rules import normal_password

_HASHER = PasswordHasher()
"""The second recommended option of RFC 9106: 64 MiB of memory, three passes, four lanes."""
_TURNS = BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Each hash takes 64 MiB, so many sign-ins at once wait for each other."""


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _TURNS:
        return _HASHER.hash(normal_password(password))


def is_right(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one that was kept; without one it works as long and says no."""
    with _TURNS:
        try:
            _HASHER.verify(kept or _nobodys(), normal_password(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker parameters than the present ones."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _HASHER.hash(os.urandom(32).hex())
