"""What the reader is known to have quoted: which calls count for which question. The grader uses this file too."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import scoring
from scoring import Place, Question

ENOUGH = 0.5
"""The share of words that the question put to the reader and the question asked have in common, on either side."""
STRETCH = 4
"""A stretch of a file counts by itself from a length above this on."""
OTHERS = 1
"""How many words of a quote may be neither the passage's nor what stands above it."""
_GRAMMAR = """
    a an the and or of for to in on at by with from as if than then so not no any each every per is are was were
    be been do does did has have had may must can could will would shall should it its this that these those there
    their them they we our us i my me you your he she his her what which who whom whose when where why how many
    much long high far often up please tell about
"""
GRAMMAR = frozenset(_GRAMMAR.split())
_LABELS = """
    id document source passage title heading section text status published effective valid since until version
    replaces copy groups page row column table cell value header key line answer citation citations quote today
"""
LABELS = frozenset(_LABELS.split())
"""Words with which a passage may be framed, grammar aside."""
_WORD = re.compile(r"\d+(?:[.,]\d+)+(?![a-z0-9])|[a-z0-9]+(?:-[a-z0-9]+)*")
"""Nowhere coarser than the reader's own words: whatever it tells apart is looked at apart."""
_DAYS = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}} (?:{'|'.join(scoring.MONTHS)}) \d{{4}}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_MARK = re.compile(r"^[ \t>*-]*\[([\w.:/#-]{1,80})\]", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A section: its words with their numbers, those that stand above it or name a row or a column, the whole file."""

    inside: Counter[str]
    around: frozenset[str]
    file: str

    def holds(self, quote: Sequence[str]) -> bool:
        """Say whether a quote is a stretch of the file (its first and last word may be cut), or this section framed.

        Framed means: the section's words, none more often than there, and what stands around it.
        """
        if len(quote) > STRETCH and f" {' '.join(quote[1:-1])} " in self.file:
            return True
        rest = Counter(word for word in quote if word not in self.around) - self.inside
        return rest.total() <= OTHERS


@dataclass(frozen=True)
class Said:
    """One call of the reader: the question put to it, all that it was shown, and what it said."""

    asked: str
    shown: str
    quote: str
    words: tuple[str, ...]


class Reading:
    """The documents and the words that mean the same: what it takes to judge whether a call answers a question."""

    def __init__(self, documents: Mapping[str, str], alike: Iterable[Sequence[str]], names: Sequence[str]) -> None:
        self.names = names
        self._sources = {place: source for text in documents.values() for place, source in _sources(text)}
        self._meaning = {_stem(word): _stem(group[0]) for group in alike for word in group}
        self._known: dict[str, set[str]] = {}

    def quoted(self, question: Question, calls: Iterable[Said], closed: Iterable[Mapping[str, Any]]) -> set[str]:
        """Return the values that calls about this question quoted from a passage that answers it.

        `closed` are the documents that the user may not read: a call that shows one of them does not count.
        """
        hidden = scoring.hidden_from(question["groups"], closed)
        sources = [self._sources[place] for group in question["gold"] for place in map(tuple, group)]
        found: set[str] = set()
        for call in calls:
            if self._about(question, call.asked) and any(source.holds(call.words) for source in sources):
                found |= set() if scoring.shows(call.shown, hidden) else scoring.values_in(call.quote, self.names)
        return found

    def _about(self, question: Question, asked: str) -> bool:
        """Say whether a question put to the reader is the one asked, a part or a rewording, and does not answer it."""
        given = scoring.values_in(asked, self.names) - scoring.values_in(str(question["question"]), self.names)
        if given & set(question["expected"]):
            return False
        put = self._meanings(asked)
        return any(
            len(put & meant) >= ENOUGH * max(len(put), len(meant), 1)
            for meant in map(self._meanings, (str(question["question"]), _core(str(question["question"]))))
        )

    def _meanings(self, text: str) -> set[str]:
        if text not in self._known:
            stems = [_stem(word) for word in _words(_DAYS.sub(" ", text)) if word not in GRAMMAR]
            self._known[text] = {self._meaning.get(stem, stem) for stem in stems}
        return self._known[text]


def chats(calls: Iterable[Any]) -> list[Said]:
    """Return what the reader said, of the calls of a record."""
    found = []
    for call in calls:
        if "chat" in call.path and call.status == 200 and call.reply:
            messages = call.request.get("messages")
            shown = shown_in(messages)
            said = _sentence(str(call.reply.get("content")), set(_MARK.findall(shown)))
            found.append(Said(_asked(messages), shown, said, tuple(_words(said))))
    return found


def _sentence(content: str, marks: set[str]) -> str:
    """Return what was said without the id of the passage: the one at the end, or a value of its own in JSON."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return " ".join(
            str(said) for said in value.values() if isinstance(said, str | float | int) and said not in marks
        )
    return re.sub(r"\[[^\[\]\n]{1,80}\]\s*$", "", content)


def shown_in(messages: Any) -> str:
    """Return all text of the messages of a request, line by line; brackets as spaces, so that nothing hides in them."""
    if isinstance(messages, str):
        return messages
    if isinstance(messages, Mapping):
        messages = list(messages.values())
    return "\n".join(map(shown_in, messages)) if isinstance(messages, list) else ""


def sends(call: Any, closed: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a call of the reader shows one of these documents, by its id or a value of it."""
    text = re.sub(r"[\[\]]", " ", shown_in(call.request.get("messages")))
    return "chat" in call.path and scoring.shows(text, closed)


def _asked(messages: Any) -> str:
    """Return the last line with a question mark of the last message of a user, as the reader chooses it."""
    rows = [row for row in messages if isinstance(row, Mapping)] if isinstance(messages, list) else []
    texts = [shown_in(row.get("content")) for row in rows if row.get("role") == "user"]
    lines = [line for line in (texts[-1].splitlines() if texts else []) if line.strip() and not _MARK.match(line)]
    return ([*lines[-1:], *(line for line in lines if "?" in line)] or [""])[-1]


def _core(question: str) -> str:
    """Return a question without the sentences around it that ask nothing."""
    return " ".join(part for part in _SENTENCE_END.split(question) if "?" in part)


def _sources(text: str) -> list[tuple[Place, Source]]:
    """Return the sections of a document."""
    head, *sections = text.split("\n## ")
    file = f" {' '.join(_words(text))} "
    name = re.search(r"^id: (.+)$", head, re.MULTILINE)
    found = []
    for section in sections:
        heading, _, body = section.partition("\n")
        around = {*_words(head), *_words(heading), *GRAMMAR, *LABELS}
        if "|" in body:
            around |= set(_words(body))
        place = (name[1].strip() if name else "", heading.strip())
        found.append((place, Source(Counter(_words(body)), frozenset(around), file)))
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _stem(word: str) -> str:
    word = word.casefold()
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word
