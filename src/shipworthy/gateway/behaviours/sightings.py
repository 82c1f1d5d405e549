"""Finds registered payloads in the input of a call, in whatever spelling, encoding and order of pieces."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shipworthy.gateway.behaviours.letters import (
    folded,
    is_latin,
    letters_of,
    letters_with_digits_read,
    own_script,
)
from shipworthy.gateway.behaviours.payloads import Payload, UnreadablePayloadError
from shipworthy.gateway.behaviours.readable import View, views

LEAST_LETTERS = 12
_LEAST_PIECE = 8
_MOST_PIECES = 8
_NOWHERE = "\0"
_ROT13 = bytes.maketrans(b"abcdefghijklmnopqrstuvwxyz", b"nopqrstuvwxyzabcdefghijklm")
_ATBASH = bytes.maketrans(b"abcdefghijklmnopqrstuvwxyz", b"zyxwvutsrqponmlkjihgfedcba")


@dataclass(frozen=True)
class Sighting:
    """A payload that can be read in the input: the source that holds its beginning, and the encoding."""

    payload: Payload
    source: int
    encoding: str


@dataclass(frozen=True)
class _Phrase:
    """A phrase in every form in which it is looked for."""

    text: str
    plain: bytes
    letters: tuple[tuple[str, bytes], ...]
    digits_read: tuple[tuple[str, bytes], ...]
    own: str
    rarest: str
    marked: re.Pattern[str]


class Lookout:
    """Looks for a fixed set of payloads.

    Raises `UnreadablePayloadError` for a payload with fewer than twelve letters in one of its phrases.
    """

    def __init__(self, payloads: Sequence[Payload]) -> None:
        self._phrases = tuple((payload, _phrases(payload)) for payload in payloads)

    def sightings(self, texts: Sequence[str]) -> tuple[Sighting, ...]:
        """Return the payloads that a reader of `texts` would see, in the order of their registration."""
        seen: dict[str, Sighting] = {}
        for view in views(texts) if self._phrases and texts else ():
            for payload, phrases in self._phrases:
                if payload.id not in seen:
                    seen.update((payload.id, found) for found in _found(view, payload, phrases))
        return tuple(seen[payload.id] for payload, _ in self._phrases if payload.id in seen)


def _found(view: View, payload: Payload, phrases: Sequence[_Phrase]) -> Iterator[Sighting]:
    for phrase in phrases:
        spot = _spotted(view, phrase)
        if spot is not None:
            source, spelling = spot
            names = [name for name in (view.encoding, spelling) if name != "plain"]
            yield Sighting(payload, source, ", ".join(names) or _how_plain(view, phrase))
            return


def _how_plain(view: View, phrase: _Phrase) -> str:
    """Tell a phrase that stands there word for word from one in other letters, blanks or cases."""
    return "plain" if any(phrase.text in part.text for part in view.parts) else "respelled"


def _spotted(view: View, phrase: _Phrase) -> tuple[int, str] | None:
    """Return the source that holds the beginning of a phrase in a view, and how it is spelled there."""
    if phrase.own:
        place = view.own_script.find(phrase.own)
        return (view.source_of_own(place), "plain") if place >= 0 else None
    for spelling, letters in phrase.letters[: 1 if view.cleaned else None]:
        place = view.letters.find(letters)
        if place >= 0:
            return view.source_of_letter(place), spelling
    seen = _digits_read(view, phrase)
    return seen if seen or view.cleaned else _marked(view, phrase) or _in_pieces(view, phrase)


def _digits_read(view: View, phrase: _Phrase) -> tuple[int, str] | None:
    for spelling, letters in phrase.digits_read:
        place = view.digits_read.find(letters)
        if place >= 0:
            return view.source_of_digit(place), f"digits as letters, {spelling}".removesuffix(", plain")
    return None


def _marked(view: View, phrase: _Phrase) -> tuple[int, str] | None:
    """Find the words of a phrase with one and the same mark between every two of them."""
    text = view.running_text
    if phrase.rarest == _NOWHERE or phrase.rarest not in text:
        return None
    found = phrase.marked.search(text)
    return (view.source_of_sign(found.start()), "marked words") if found else None


def _in_pieces(view: View, phrase: _Phrase) -> tuple[int, str] | None:
    """Find a phrase that is spread: a few pieces of at least eight letters each, anywhere in the view."""
    whole = phrase.plain
    first = view.letters.find(whole[:_LEAST_PIECE])
    if first < 0 or whole[-_LEAST_PIECE:] not in view.letters:
        return None
    starts, reach = [0], 0
    for _ in range(_MOST_PIECES):
        starts, reach = _next_starts(view.letters, whole, starts, reach)
        if reach == len(whole):
            return view.source_of_letter(first), "in pieces"
    return None


def _next_starts(letters: bytes, whole: bytes, starts: Sequence[int], reach: int) -> tuple[list[int], int]:
    """Return where the next piece may begin, after pieces that begin at `starts` and get beyond `reach`."""
    found: set[int] = set()
    for start in starts:
        if whole[start : max(reach + 1, start + _LEAST_PIECE)] in letters:
            end = start + _longest_start(letters, whole[start:])
            found.update(range(start + _LEAST_PIECE, end + 1))
            reach = max(reach, end)
    return sorted(found), reach


def _longest_start(letters: bytes, rest: bytes) -> int:
    """Return how many letters at the start of `rest` stand together in `letters`; 0 for fewer than a piece."""
    low, high = 0, len(rest)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if rest[:middle] in letters else (low, middle - 1)
    return low if low >= _LEAST_PIECE else 0


def _phrases(payload: Payload) -> tuple[_Phrase, ...]:
    """Return what to look for; a text around a core only in pieces, for whoever sees it whole sees the core."""
    text, *cores = map(_phrase, payload.phrases)
    if any(core.plain in text.plain for core in cores if core.plain):
        text = replace(text, letters=(), digits_read=(), rarest=_NOWHERE)
    return (*cores, text)


def _phrase(text: str) -> _Phrase:
    plain = folded(text)
    letters = letters_of(plain)
    own = "" if is_latin(text) else own_script(text)
    if max(len(letters), 2 * len(own)) < LEAST_LETTERS:
        raise UnreadablePayloadError(
            f"The payload phrase {text!r} has fewer than {LEAST_LETTERS} letters.",
            remedy="Say more of what the attacker wants.",
        )
    words = plain.split()
    backwards = " ".join(word[::-1] for word in words)
    return _Phrase(
        text=text,
        plain=letters,
        letters=(
            ("plain", letters),
            ("backwards", letters[::-1]),
            ("words backwards", letters_of(backwards)),
            ("words in reverse order", letters_of("".join(reversed(words)))),
            ("rot13", letters.translate(_ROT13)),
            ("atbash", letters.translate(_ATBASH)),
        ),
        digits_read=(
            ("plain", letters_with_digits_read(plain)),
            ("backwards", letters_with_digits_read(plain)[::-1]),
        ),
        own=own,
        rarest=max(words, key=len),
        marked=_marked_words(words),
    )


def _marked_words(words: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of words with the same one to forty characters between every two."""
    first, second, *others = *words, "", ""
    spelled = re.escape(first) + (r"(.{1,40}?)" + re.escape(second) if second else "")
    return re.compile(spelled + "".join(r"(?:\1)" + re.escape(word) for word in others if word), re.DOTALL)
