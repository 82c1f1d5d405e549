"""Finds terms of the lexicon in running text: spellings, endings, gaps, exact case and word sense.

A term is words separated by spaces. A word that ends in `*` takes any ending; a hyphen stands for a hyphen, a space or
nothing; `..` stands for up to four other words; a term that begins with `=` keeps its case.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Generic, TypeVar

LONGEST_GAP = 4
"""How many words `..` may stand for."""

REMEMBERED_WORDS = 50_000
"""For how many different words a book remembers the terms that may begin there."""

_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*[+#]*")
_END_OF_PHRASE = re.compile(r"[;:()\[\]{}!?|•·▪◦●–—\n\t]|\.\s|\s-+\s|\.\.")
_APOSTROPHES = str.maketrans("", "", "'’`")

JOINED, COMMA, HARD = 0, 1, 2
"""What stands before a word: nothing that separates, a comma, or the end of a phrase."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: folded and raw spelling, its place in characters, and what separates it from the last one."""

    folded: str
    raw: str
    start: int
    end: int
    gap: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a term."""

    spelling: str
    open_ended: bool
    after_gap: bool

    def fits(self, spelling: str) -> bool:
        """Say whether a word of a text is this word."""
        return spelling.startswith(self.spelling) if self.open_ended else spelling == self.spelling


@dataclass(frozen=True, slots=True)
class Term:
    """One way to write something down; `written` is the spelling of the lexicon."""

    written: str
    pieces: tuple[Piece, ...]
    cased: bool


Owner = TypeVar("Owner")


@dataclass(frozen=True, slots=True)
class Match(Generic[Owner]):
    """A term found in a text: whose it is, and the words from `start` up to `end` (exclusive)."""

    owner: Owner
    term: str
    start: int
    end: int

    @property
    def length(self) -> int:
        """How many words the match spans."""
        return self.end - self.start


def fold(text: str) -> str:
    """Return `text` without case, accents and apostrophes."""
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold().translate(_APOSTROPHES)


def words_of(text: str) -> tuple[Word, ...]:
    """Split a text into words, each knowing what separates it from the one before."""
    found: list[Word] = []
    last = 0
    for match in _WORD.finditer(text):
        raw = match.group().translate(_APOSTROPHES)
        gap = _separation(text[last : match.start()])
        found.append(Word(fold(raw), raw, match.start(), match.end(), gap))
        last = match.end()
    return tuple(found)


def _separation(between: str) -> int:
    if between in {" ", "-", "/", ""}:
        return JOINED
    if _END_OF_PHRASE.search(between):
        return HARD
    return COMMA if "," in between else JOINED


@cache
def read_term(written: str) -> tuple[Term, ...]:
    """Return a term in every way that its hyphens allow. Raises `ValueError` for a term without a word."""
    cased = written.startswith("=")
    ways = product(*(_ways(part, cased=cased) for part in written.removeprefix("=").split()))
    terms = tuple(_assemble(written, [piece for part in way for piece in part], cased=cased) for way in ways)
    if not terms or not terms[0].pieces or terms[0].pieces[0].spelling == "":
        raise ValueError(written)
    return terms


def _ways(part: str, *, cased: bool) -> list[list[str]]:
    if part == "..":
        return [[".."]]
    body, ending = (part[:-1], "*") if part.endswith("*") else (part, "")
    if body.isascii() and body.isalnum():
        return [[(body if cased else body.lower()) + ending]]
    spelled = [word.raw if cased else word.folded for word in words_of(body.replace("/", " "))]
    if not spelled:
        return [[""]]
    ways = [spelled]
    if len(spelled) > 1 and "-" in part:
        ways.append(["".join(spelled)])
    return [[*way[:-1], way[-1] + ending] for way in ways]


def _assemble(written: str, parts: Sequence[str], *, cased: bool) -> Term:
    pieces: list[Piece] = []
    after_gap = False
    for part in parts:
        if part == "..":
            after_gap = True
            continue
        pieces.append(Piece(part.removesuffix("*"), part.endswith("*"), after_gap))
        after_gap = False
    return Term(written, tuple(pieces), cased)


class Phrasebook(Generic[Owner]):
    """Many terms, each with an owner, found in one pass over a text."""

    def __init__(self, terms: Iterable[tuple[Owner, str]]) -> None:
        self._exact: dict[str, list[tuple[Owner, str]]] = defaultdict(list)
        self._openings: dict[str, list[tuple[Owner, str]]] = defaultdict(list)
        for owner, written in terms:
            for opening in _openings_of(written):
                shelf = self._openings if opening.endswith("*") else self._exact
                shelf[opening.removesuffix("*")].append((owner, written))
        self._opening_lengths = sorted({len(opening) for opening in self._openings})
        self._candidates: dict[str, tuple[tuple[Owner, Term], ...]] = {}

    def find(self, words: Sequence[Word]) -> Iterator[Match[Owner]]:
        """Yield every match, in the order of the text; matches may overlap."""
        for position, word in enumerate(words):
            candidates = self._candidates.get(word.folded)
            for owner, term in self._candidates_for(word.folded) if candidates is None else candidates:
                end = _end_of(term, words, position)
                if end is not None:
                    yield Match(owner, term.written, position, end)

    def holds(self, words: Sequence[Word]) -> bool:
        """Say whether any of the terms stands in the text."""
        return next(self.find(words), None) is not None

    def _candidates_for(self, folded: str) -> tuple[tuple[Owner, Term], ...]:
        """Return the terms that may begin with a word; a term is read when a text first comes near it."""
        known = self._candidates.get(folded)
        if known is None:
            found = list(self._exact.get(folded, ()))
            for length in self._opening_lengths:
                if length <= len(folded):
                    found.extend(self._openings.get(folded[:length], ()))
            known = tuple((owner, term) for owner, written in dict.fromkeys(found) for term in read_term(written))
            if len(self._candidates) < REMEMBERED_WORDS:
                self._candidates[folded] = known
        return known


def _openings_of(written: str) -> set[str]:
    """Return the first words that a term may have, folded, with their star."""
    first = written.removeprefix("=").split(maxsplit=1)[0]
    if first.isascii() and first.removesuffix("*").isalnum():
        return {first.lower()}
    return {fold(way[0].removesuffix("*")) + "*" * way[0].endswith("*") for way in _ways(first, cased=False)}


def _end_of(term: Term, words: Sequence[Word], position: int) -> int | None:
    """Return the word after the match of `term` that begins at `position`, or None."""
    first, word = term.pieces[0], words[position]
    if not first.fits(word.raw if term.cased else word.folded):
        return None
    return position + 1 if len(term.pieces) == 1 else _follow(term, 1, words, position + 1)


def _follow(term: Term, index: int, words: Sequence[Word], position: int) -> int | None:
    """Return the word after the match of a term's pieces from `index` on, the first of them at `position` or later."""
    piece = term.pieces[index]
    last = min(position + LONGEST_GAP + 1 if piece.after_gap else position + 1, len(words))
    for place in range(position, last):
        word = words[place]
        if word.gap == HARD or (word.gap != JOINED and not piece.after_gap):
            return None
        if piece.fits(word.raw if term.cased else word.folded):
            end = place + 1 if index + 1 == len(term.pieces) else _follow(term, index + 1, words, place + 1)
            if end is not None:
                return end
    return None


def longest(matches: Iterable[Match[Owner]]) -> Match[Owner] | None:
    """Return the match that spans the most words; of equals, the one with the longest term, then the first."""
    best: Match[Owner] | None = None
    for match in matches:
        if best is None or (match.length, len(match.term)) > (best.length, len(best.term)):
            best = match
    return best


def widest(matches: Iterable[Match[Owner]]) -> list[Match[Owner]]:
    """Return the matches in order, leaving out those that lie within a wider one of the same owner."""
    kept: list[Match[Owner]] = []
    for match in sorted(matches, key=lambda each: (-each.length, each.start)):
        if not any(
            other.owner is match.owner and other.start <= match.start and match.end <= other.end for other in kept
        ):
            kept.append(match)
    return sorted(kept, key=lambda each: (each.start, -each.length))


def outermost(matches: Iterable[Match[Owner]]) -> list[Match[Owner]]:
    """Return the matches in order, leaving out those that lie within a wider one of any owner."""
    kept: list[Match[Owner]] = []
    for match in sorted(matches, key=lambda each: (-each.length, each.start)):
        if not any(other.start <= match.start and match.end <= other.end for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda each: each.start)
