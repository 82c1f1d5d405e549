"""When a letter is tried again, what may stand in it, and what is left of it afterwards."""

import re
from datetime import datetime, timedelta

from shipworthy.letters.errors import BadLetterError

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""How long to wait after the first failure, the second, and so on; after the last one the letter is given up."""

REMOVED = "[removed after sending]"
LONGEST_ADDRESS = 254
_PART = r"[^\s@<>(),;:\\\"\[\]]+"
_ADDRESS = re.compile(f"{_PART}@{_PART}")


def is_address(text: str) -> bool:
    """Tell whether a text has the shape of one mail address that a header can hold."""
    if len(text) > LONGEST_ADDRESS or not text.isprintable():
        return False
    name, _, domain = text.rpartition("@")
    return bool(_ADDRESS.fullmatch(text)) and len(name) <= 64 and not domain.startswith((".", "-"))


def expect_sendable(recipient: str, title: str) -> None:
    """Refuse what could not be sent, or would put a second header into the letter. Raises `BadLetterError`."""
    if not is_address(recipient):
        raise BadLetterError(f"{recipient!r} is no mail address.", remedy="Write it as name@example.org.")
    if not title.strip() or not title.isprintable():
        raise BadLetterError("A letter needs a title on one line.", remedy="Remove line breaks from names and titles.")


def next_try(now: datetime, failures: int) -> datetime | None:
    """Return when a letter that failed so many times is tried again, or nothing when it is given up."""
    return now + WAITS[failures - 1] if failures <= len(WAITS) else None


def without_secret(body: str, secret: str) -> str:
    """Return the text without what only its reader may know."""
    return body.replace(secret, REMOVED) if secret else body
