"""Reads the log: whether it tells every request, and whether it tells what it must not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import leaks
from session import Exchange, Ledger

from shipworthy.kit import BadAnswer, decode_json

DENIED_STATUS = {401, 403, 404}
MOST_LINES = 20_000
RUN_OF_WORDS = 5
LONGEST_VALUE = 80


def entries_of(content: bytes) -> dict[str, list[Mapping[str, Any]]]:
    """Return the entries of a log by the id of their request; lines that are no JSON object are left out."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for line in content.splitlines()[:MOST_LINES]:
        try:
            entry = decode_json(line, "A line")
        except BadAnswer:
            continue
        if isinstance(entry, Mapping):
            found.setdefault(str(entry.get("request_id")), []).append(entry)
    return found


def told(made: Exchange, entries: Mapping[str, Sequence[Mapping[str, Any]]], ledger: Ledger) -> bool:
    """Tell whether the log holds one right entry on a request."""
    name = made.got.headers.get("x-request-id", "")
    found = entries.get(name, []) if name else []
    if len(found) != 1:
        return False
    entry, person, wish = found[0], made.wish.person, made.wish
    who = (person.tenant, person.id) if person else (None, None)
    if (entry.get("tenant"), entry.get("user")) != who or entry.get("status") != made.got.status:
        return False
    return (
        _decided(entry.get("decision"), made) and _documents_right(entry.get("documents"), made, ledger) and bool(wish)
    )


def _decided(decision: Any, made: Exchange) -> bool:
    wanted = made.wish.decision
    return isinstance(decision, str) and (not wanted or decision == wanted)


def _documents_right(documents: Any, made: Exchange, ledger: Ledger) -> bool:
    """The documents that were given out or withheld are named, and none that this person may not read was given out."""
    if not isinstance(documents, list) or not all(isinstance(each, str) for each in documents):
        return False
    named, wish = set(documents), made.wish
    if wish.about and wish.about not in named:
        return False
    if wish.question and made.got.status == 200:
        mine = {each.id for each in ledger.documents if id(each) in made.readable}
        return set(made.got.cited) <= named <= mine
    return True


def secrets(exchanges: Iterable[Exchange], ledger: Ledger) -> dict[str, list[str]]:
    """Return what must not be in a log, by kind."""
    asked = sorted({each.wish.question for each in exchanges if each.wish.question})
    private = [value for values in ledger.private.values() for value in values]
    mails = [value for value in private if "@" in value]
    documents = [each for each in ledger.documents if each.tenant != "shared" and each.values]
    return {
        "tokens": sorted(ledger.private),
        "addresses, names, numbers and accounts": [value for value in private if value not in ledger.private],
        "unkeyed hashes of addresses": [digest for mail in mails for digest in leaks.plain_hashes(mail)],
        "persons of documents": [each.facts[key] for each in documents for key in ("contact", "phone")],
        "texts of documents": [each.facts[key] for each in documents for key in ("amount", "order", "code")],
        "questions": [run for question in asked for run in _runs(question)],
    }


def _runs(question: str) -> list[str]:
    """Return one run of words out of each line: the words at its beginning, and at its end."""
    found = []
    for line in question.splitlines():
        words = re.findall(r"\S+", line)
        found += [" ".join(words[:RUN_OF_WORDS]), " ".join(words[-RUN_OF_WORDS:])]
    return found


def unreadable(content: bytes) -> int:
    """Count the lines that nobody can look through: no JSON object, or with a text of more than eighty characters."""
    entries = entries_of(content)
    fine = sum(not _has_long(entry) for found in entries.values() for entry in found)
    return len(content.splitlines()) - fine


def _has_long(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_long(each) for pair in value.items() for each in pair)
    return (
        any(map(_has_long, value)) if isinstance(value, list) else isinstance(value, str) and len(value) > LONGEST_VALUE
    )


def found_in(text: str, secret: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Return for each kind how many values were found, and of how many."""
    reading = leaks.Reading(text)
    distinct = {kind: sorted(set(values)) for kind, values in secret.items()}
    return {kind: (sum(reading.holds(each) for each in values), len(values)) for kind, values in distinct.items()}
