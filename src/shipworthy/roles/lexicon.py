"""Loads the lexicon: what the words of a job description speak of. It is data, and every entry brings its examples."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from shipworthy.core.canonical import digest
from shipworthy.framework import Framework, load_framework
from shipworthy.roles.errors import LexiconError
from shipworthy.roles.phrases import Match, Phrasebook, Word, longest

BUILT_IN = Path(__file__).with_name("lexicon")

HEADING_KINDS = (
    "required", "preferred", "duties", "taught", "not_needed", "company", "benefits",
    "equal_opportunity", "process", "role", "stack",
)  # fmt: skip
TITLE_KINDS = (
    "ai", "not_ai", "junior", "mid", "senior", "staff", "junior_text", "mid_text", "senior_text", "staff_text",
)  # fmt: skip
CUES = (
    "required", "preferred", "taught", "not_needed", "stated", "role", "company", "others", "benefits",
    "equal_opportunity", "process",
)  # fmt: skip
REACHES = ("forward", "backward", "either", "around", "trailing", "sentence")

_LISTS = ("terms", "near", "posting", "unless", "examples", "counterexamples")
_FIELDS: Mapping[str, Mapping[str, type]] = {
    "competencies": {"competency": str},
    "contexts": {"context": str, "weight": int, "distinctive": bool},
    "headings": {"kind": str},
    "titles": {"kind": str},
    "protected": {"trait": str, "advice": str},
    "cues": {"says": str, "reaches": str},
    "machine_talk": {},
}
_OPTIONAL: Mapping[str, Mapping[str, type]] = {"titles": {"context": str}}
"""Fields that an entry may have: a title may lean to a role context."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One idea of the lexicon and every way to write it; `fields` say what it means in its file.

    `near` must stand in the same sentence or its heading, `posting` anywhere in the posting, `unless` not in the
    sentence: word sense.
    """

    id: str
    fields: Mapping[str, str | int | bool]
    terms: tuple[str, ...]
    near: tuple[str, ...]
    posting: tuple[str, ...]
    unless: tuple[str, ...]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    def word(self, key: str) -> str:
        """Return a field that is a text, such as the competency."""
        return str(self.fields[key])

    @cached_property
    def _near(self) -> Phrasebook[None]:
        return Phrasebook((None, term) for term in self.near)

    @cached_property
    def _posting(self) -> Phrasebook[None]:
        return Phrasebook((None, term) for term in self.posting)

    @cached_property
    def _unless(self) -> Phrasebook[None]:
        return Phrasebook((None, term) for term in self.unless)

    def is_meant(self, around: "Surroundings") -> bool:
        """Say whether the words around a match leave it the sense of this entry."""
        if self.unless and self._unless.holds(around.sentence):
            return False
        if self.near and not (self._near.holds(around.sentence) or self._near.holds(around.heading)):
            return False
        return not self.posting or self._is_in_posting(around)

    def _is_in_posting(self, around: "Surroundings") -> bool:
        if self.id not in around.known:
            around.known[self.id] = self._posting.holds(around.posting or around.sentence)
        return around.known[self.id]


@dataclass(frozen=True)
class Surroundings:
    """The words of a sentence, of the heading that it stands under, and of the whole posting.

    `known` remembers what was looked for in the posting; one posting's sentences may share it, one book's at a time.
    """

    sentence: Sequence[Word]
    heading: Sequence[Word] = ()
    posting: Sequence[Word] = ()
    known: dict[str, bool] = field(default_factory=dict)


class EntryBook:
    """The entries of one file of the lexicon."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._phrases = Phrasebook((entry, term) for entry in self.entries for term in entry.terms)

    def find(self, around: Surroundings) -> Iterator[Match[Entry]]:
        """Yield the matches in a sentence whose sense fits, in the order of the text."""
        for match in self._phrases.find(around.sentence):
            if match.owner.is_meant(around):
                yield match

    def best(self, around: Surroundings) -> Match[Entry] | None:
        """Return the match that spans the most words, or None."""
        return longest(self.find(around))


@dataclass(frozen=True)
class Lexicon:
    """Everything that is known of words; `digest` identifies its bytes."""

    competencies: EntryBook
    contexts: EntryBook
    headings: EntryBook
    titles: EntryBook
    protected: EntryBook
    cues: EntryBook
    machine_talk: EntryBook
    digest: str

    def books(self) -> dict[str, EntryBook]:
        """Return the books by the name of their file."""
        return {name: getattr(self, name) for name in _FIELDS}


def load_lexicon(folder: Path | None = None, framework: Framework | None = None) -> Lexicon:
    """Read the lexicon in `folder`, or the one that comes with Shipworthy.

    Raises `LexiconError` with every fault of every file.
    """
    if folder is None and framework is None:
        return _built_in()
    return _read(folder or BUILT_IN, framework or load_framework())


@cache
def _built_in() -> Lexicon:
    return _read(BUILT_IN, load_framework())


def _read(folder: Path, framework: Framework) -> Lexicon:
    faults: list[str] = []
    contents = {name: _content(folder / f"{name}.toml", faults) for name in _FIELDS}
    allowed = _allowed(framework)
    books = {name: EntryBook(_entries(name, content, allowed, faults)) for name, content in contents.items()}
    if faults:
        raise LexiconError(folder, tuple(faults))
    return Lexicon(**books, digest=digest(b"\0".join(contents[name] for name in sorted(contents))))


def _allowed(framework: Framework) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {
        "competencies": {"competency": framework.competency_ids},
        "contexts": {"context": framework.role_context_ids},
        "headings": {"kind": HEADING_KINDS},
        "titles": {"kind": TITLE_KINDS, "context": framework.role_context_ids},
        "cues": {"says": CUES, "reaches": REACHES},
    }


def _content(path: Path, faults: list[str]) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        faults.append(f"{path.name}: cannot be read: {error.strerror}")
        return b""


def _entries(
    name: str, content: bytes, allowed: Mapping[str, Mapping[str, tuple[str, ...]]], faults: list[str]
) -> list[Entry]:
    try:
        found = tomllib.loads(content.decode("utf-8")).get("entries", [])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{name}.toml: cannot be read: {error}")
        return []
    entries: list[Entry] = []
    for position, table in enumerate(found, start=1):
        where = f"{name}.toml {table.get('id', position)}"
        optional = {key: kind for key, kind in _OPTIONAL.get(name, {}).items() if key in table}
        fields = {**_FIELDS[name], **optional}
        wrong = _wrong(table, fields, allowed.get(name, {}))
        faults.extend(f"{where}: {fault}" for fault in wrong)
        if not wrong:
            entries.append(_entry(table, fields))
    ids = [entry.id for entry in entries]
    faults.extend(
        f"{name}.toml: the id {each!r} is used more than once" for each in {i for i in ids if ids.count(i) > 1}
    )
    return entries


def _entry(table: Mapping[str, object], fields: Mapping[str, type]) -> Entry:
    lists = {key: _texts(table.get(key)) or () for key in _LISTS}
    return Entry(id=str(table["id"]), fields={key: table[key] for key in fields}, **lists)  # type: ignore[misc]


def _wrong(
    table: Mapping[str, object], fields: Mapping[str, type], allowed: Mapping[str, tuple[str, ...]]
) -> list[str]:
    faults = [f"unknown key {key!r}" for key in table if key not in ("id", *fields, *_LISTS)]
    faults.extend(
        f"{key} must be a {kind.__name__}" for key, kind in fields.items() if type(table.get(key)) is not kind
    )
    faults.extend(
        f"{key} {table.get(key)!r} is not known"
        for key, known in allowed.items()
        if key in fields and table.get(key) not in known
    )
    faults.extend(f"{key} must be a list of texts" for key in _LISTS if key in table and _texts(table[key]) is None)
    if faults:
        return faults
    if not _texts(table.get("terms")):
        return ["terms must name at least one term"]
    return [
        f"the term {term!r} has no word"
        for key in _LISTS[:4]
        for term in _texts(table.get(key)) or ()
        if not _sound(term)
    ]


def _texts(value: object) -> tuple[str, ...] | None:
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(entry, str) and entry.strip() for entry in value):
        return tuple(value)
    return None


def _sound(term: str) -> bool:
    """Say whether a term has a word to begin with; what it means is read when the book is made."""
    return any(sign.isalnum() for sign in term)
