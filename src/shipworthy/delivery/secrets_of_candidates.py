"""Links, codes and devices: made at random, kept as hashes only, compared in constant time."""

import hmac
import secrets
from uuid import UUID

from shipworthy.core.canonical import digest

CODE_DIGITS = 6


def new_token() -> str:
    """Return a secret that nobody guesses, for a link or a device."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Return six digits to type."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def hash_of_code(invitation: UUID, code: str) -> str:
    """Return what is kept of a code; the same digits differ between invitations."""
    return digest(f"{invitation}:{code}".encode("utf-8", "surrogatepass"))


def is_code(invitation: UUID, code: str, kept: str) -> bool:
    """Say whether a typed code is the one that was sent; blanks between digits do not matter."""
    typed = "".join(code.split()).replace("-", "")
    return hmac.compare_digest(hash_of_code(invitation, typed), kept)
