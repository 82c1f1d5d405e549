"""Pure decisions about names, addresses, passwords, accesses and locks."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from shipworthy.access.entities import Access
from shipworthy.access.errors import BadPasswordError, BadPersonError
from shipworthy.letters.rules import is_address

WRONG_PASSWORDS = 5
LOCKED_FOR = timedelta(minutes=15)
SIGN_IN_LASTS = timedelta(days=7)
SIGN_IN_IDLES = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
WELCOME_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)
CHOICE_LASTS = timedelta(minutes=5)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 120
LONGEST_SLUG = 48


@dataclass(frozen=True)
class Lock:
    """How many passwords were tried in a row and when the last one, and until when none is looked at."""

    tries: int = 0
    tried_at: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Tell whether sign-in is locked."""
        return self.until is not None and now < self.until


def begin_try(lock: Lock, now: datetime) -> Lock:
    """Count a try before the password is looked at, so that many at once are not more than five.

    Tries long ago are forgotten: five in that time would have locked for as long.
    """
    if lock.holds(now):
        return lock
    forgotten = lock.until is not None or lock.tried_at is None or now - lock.tried_at >= LOCKED_FOR
    return Lock(1 if forgotten else lock.tries + 1, now)


def may_look(lock: Lock, now: datetime) -> bool:
    """Tell whether the password of a counted try is looked at."""
    return not lock.holds(now) and lock.tries <= WRONG_PASSWORDS


def after_wrong(lock: Lock, now: datetime) -> Lock:
    """Return the lock after a counted try was wrong: the fifth locks."""
    if lock.tries < WRONG_PASSWORDS or lock.holds(now):
        return lock
    return Lock(lock.tries, lock.tried_at, now + LOCKED_FOR)


def sign_in_is_alive(*, now: datetime, seen_at: datetime, expires_at: datetime, ended_at: datetime | None) -> bool:
    """Tell whether a sign-in still counts: not ended, not too old, not idle for too long."""
    return ended_at is None and now < expires_at and now - seen_at < SIGN_IN_IDLES


def hash_of_token(token: str) -> str:
    """Return what is kept of a random token: its SHA-256, from which nobody finds the token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def tidy_name(text: str, what: str = "name") -> str:
    """Return a name without blanks around it. Raises `BadPersonError` for none, and for what cannot be shown."""
    name = unicodedata.normalize("NFC", re.sub(" +", " ", text)).strip()
    if not name:
        raise BadPersonError(f"The {what} is missing.", remedy=f"Write the {what}.", field="name")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BadPersonError(
            f"The {what} cannot be shown on one line.",
            remedy=f"Write it in at most {LONGEST_NAME} characters, without line breaks or invisible ones.",
            field="name",
        )
    return name


def tidy_address(text: str) -> str:
    """Return an address as it is kept and compared: in small letters. Raises `BadPersonError`."""
    address = unicodedata.normalize("NFC", text.strip()).lower()
    if not is_address(address):
        raise BadPersonError("This is no mail address.", remedy="Write it as name@example.org.", field="email")
    return address


def tidy_accesses(accesses: Iterable[Access]) -> frozenset[Access]:
    """Return the accesses. Raises `BadPersonError` where there are none."""
    chosen = frozenset(accesses)
    if not chosen:
        raise BadPersonError("No access is chosen.", remedy="Choose at least one.", field="accesses")
    return chosen


def tidy_time_zone(name: str) -> str:
    """Return the name of a time zone. Raises `BadPersonError` for one that is not known."""
    if name not in available_timezones():
        raise BadPersonError(
            f"{name!r} is no time zone.", remedy="Choose one such as Europe/Berlin.", field="time_zone"
        )
    return name


def slug_of(name: str) -> str:
    """Return how an organisation's name is written in an address: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "organisation"


def normal_password(password: str) -> str:
    """Return a password as it is hashed, so that two keyboards give the same bytes (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def expect_good_password(password: str, *, about: Iterable[str]) -> None:
    """Refuse a password that is short, or easily guessed from what is known. Raises `BadPasswordError`.

    `about` names what others know: name, address, organisation.
    """
    normal = normal_password(password)
    if len(normal) < SHORTEST_PASSWORD:
        raise BadPasswordError(
            f"The password has {len(normal)} characters.",
            remedy=f"Use at least {SHORTEST_PASSWORD}. Four unusual words are easy to remember.",
        )
    if len(normal) > LONGEST_PASSWORD:
        raise BadPasswordError(f"The password has {len(normal)} characters.", remedy=f"Use at most {LONGEST_PASSWORD}.")
    if _is_easily_guessed(normal.casefold(), about):
        raise BadPasswordError("The password is easily guessed.", remedy="Use words that nobody connects with you.")


def expect_twice(password: str, again: str) -> None:
    """Refuse a password that was not written the same twice. Raises `BadPasswordError`."""
    if password != again:
        raise BadPasswordError("The two passwords differ.", remedy="Write the same one twice.")


def _is_easily_guessed(password: str, about: Iterable[str]) -> bool:
    known = {word for text in about for word in re.split(r"[^\w]+", text.casefold()) if len(word) >= 4}
    known |= {"password", "passwort", "shipworthy", "letmein", "welcome", "iloveyou", "admin", "qwertyuiop", "qwerty"}
    left = password
    for word in sorted(known, key=len, reverse=True):
        left = left.replace(word, "")
    return len(_without_runs(left)) < 6 or len(set(left)) < 5


def _without_runs(text: str) -> str:
    """Leave out characters that follow from the one before: the same, or the next one up or down."""
    return "".join(
        character
        for place, character in enumerate(text)
        if place == 0 or abs(ord(character) - ord(text[place - 1])) > 1
    )
