"""Reads a pasted list of people to invite; every line is either somebody or a fault, and nothing is lost."""

import csv
import re
from collections.abc import Iterator, Sequence

from shipworthy.delivery.entities import Guest, GuestList, LineFault
from shipworthy.letters.rules import is_address as can_bear

MOST_LINES = 2000
LONGEST_NAME = 200
_ENDING = re.compile(r"[^\W\d_](?:[\w-]*\w)?")
_BRACKETED = re.compile(r"^(?P<name>[^<>]*)<(?P<email>[^<>]*)>$")
_COLUMNS = {
    "email": {"email", "e-mail", "mail", "email address", "e-mail address", "address"},
    "name": {"name", "full name", "candidate"},
    "first": {"first name", "first", "given name"},
    "last": {"last name", "last", "surname", "family name"},
}


def read_list(text: str) -> GuestList:
    """Read lines such as `Ann Lee <ann@example.org>` or `ann@example.org`, or a table with a header, from any paste.

    An address that comes twice is a fault of its later line.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    filled = [(number, line) for number, line in lines if line]
    beyond = [
        LineFault(n, _short(line), f"A list holds {MOST_LINES:,} lines at most.") for n, line in filled[MOST_LINES:]
    ]
    header = _header(filled[0][1]) if filled else None
    entries = _rows(filled[1:MOST_LINES], header) if header else _lines(filled[:MOST_LINES])
    guests: list[Guest] = []
    faults: list[LineFault] = []
    seen: dict[str, int] = {}
    for number, name, email, whole in entries:
        fault = _fault(name, email, seen)
        if fault:
            faults.append(LineFault(number, _short(whole), fault))
        else:
            seen[email.lower()] = number
            guests.append(Guest(number, name or email.split("@")[0], email.lower()))
    return GuestList(tuple(guests), tuple(faults + beyond))


def is_address(text: str) -> bool:
    """Say whether a text is an address that a letter can bear, with a whole domain behind the sign."""
    domain = text.rpartition("@")[2]
    before, _, ending = domain.rpartition(".")
    return can_bear(text) and bool(before) and ".." not in text and bool(_ENDING.fullmatch(ending))


def _header(line: str) -> tuple[str, dict[str, int]] | None:
    """Return the separator and where the columns are, if the line is a table's header."""
    for separator in (",", ";", "\t"):
        cells = [cell.strip().strip('"').lower() for cell in _cells(line, separator)]
        places = {
            column: place for place, cell in enumerate(cells) for column, names in _COLUMNS.items() if cell in names
        }
        if "email" in places and (len(cells) > 1 or cells[0] in _COLUMNS["email"]):
            return separator, places
    return None


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def _rows(lines: Sequence[tuple[int, str]], header: tuple[str, dict[str, int]]) -> Iterator[tuple[int, str, str, str]]:
    separator, places = header
    for number, line in lines:
        cells = _cells(line, separator)
        found = {column: cells[place].strip() for column, place in places.items() if place < len(cells)}
        name = found.get("name") or " ".join(part for part in (found.get("first"), found.get("last")) if part)
        yield number, _plain(name), found.get("email", ""), line


def _lines(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str, str, str]]:
    for number, line in lines:
        for part in _people(line):
            name, email = _one(part)
            yield number, _plain(name), email, part


def _people(line: str) -> list[str]:
    """Split a line that a mail program wrote for several people; every piece with an address is one of them."""
    if line.count("@") < 2:
        return [line]
    for separator in (";", ","):
        parts = [part.strip() for part in line.split(separator) if part.strip()]
        if len(parts) > 1 and all("@" in part for part in parts):
            return parts
    return [line]


def _one(part: str) -> tuple[str, str]:
    bracketed = _BRACKETED.match(part.rstrip(",; "))
    if bracketed:
        return bracketed["name"], bracketed["email"].strip()
    pieces = [piece.strip() for piece in re.split(r"[,;\t]", part) if piece.strip()]
    addresses = [piece for piece in pieces if "@" in piece]
    if len(addresses) == 1 and len(pieces) <= 3 and " " not in addresses[0]:
        return " ".join(piece for piece in pieces if piece not in addresses), addresses[0].removeprefix("mailto:")
    words = part.split()
    if words and "@" in words[-1] and len(pieces) == 1:
        return " ".join(words[:-1]), words[-1]
    return "", part


def _fault(name: str, email: str, seen: dict[str, int]) -> str:
    if not email:
        return "There is no address."
    if not is_address(email):
        return f"“{_short(email)}” is no address that mail can be sent to."
    if email.lower() in seen:
        return f"The address is on line {seen[email.lower()]} already."
    if len(name) > LONGEST_NAME:
        return f"The name is longer than {LONGEST_NAME} characters."
    if not name.isprintable():
        return "The name holds characters that cannot be shown."
    return ""


def _plain(name: str) -> str:
    return " ".join(name.strip().strip("\"'").split())


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"
