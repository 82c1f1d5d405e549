"""Tells the language of a posting's sentences: the lexicon reads English, and what it cannot read is said.

A sentence is in the language that has the most of its little words, provided that it holds at least two of them and
clearly more than of English. Names, lists of tools and short lines hold none: they are left undecided.
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from shipworthy.roles.errors import PostingError
from shipworthy.roles.phrases import Word, words_of

LISTS = Path(__file__).with_name("languages.toml")

REFUSED_SHARE = 0.75
"""The share of the decided words in other languages from which a text is refused."""
TOLD_SHARE = 0.15
"""The share from which a person is told that a part was not read: a heading or a name stays below it."""
FEWEST_WORDS = 8
"""Words in another language below which nothing is said: a name and a greeting do not make a text."""
MARGIN = 1.5
"""How many times more little words than English has another language must have in a sentence."""
SIGNS_PER_WORD = 2
"""Signs of a script without blanks between its words that count as one word."""

_ENGLISH = "English"


@dataclass(frozen=True)
class Languages:
    """How many words of a text are in which language; undecided words are in none."""

    words: Mapping[str, int]

    @property
    def foreign(self) -> tuple[str, ...]:
        """The languages other than English, the most frequent first."""
        found = sorted(self.words.items(), key=lambda entry: (-entry[1], entry[0]))
        return tuple(name for name, count in found if name != _ENGLISH and count)

    @property
    def foreign_words(self) -> int:
        """How many words are in other languages."""
        return sum(count for name, count in self.words.items() if name != _ENGLISH)

    @property
    def unread(self) -> float:
        """The share of the decided words that are in other languages, in [0, 1]."""
        decided = sum(self.words.values())
        return self.foreign_words / decided if decided else 0.0

    @property
    def partly_unread(self) -> bool:
        """Whether so much is in other languages that a person should know."""
        return self.foreign_words >= FEWEST_WORDS and self.unread >= TOLD_SHARE


def languages_of(sentences: Iterable[str]) -> Languages:
    """Count the words of some sentences by their language."""
    counted: Counter[str] = Counter()
    for text in sentences:
        words = words_of(text)
        name = _language(words, text)
        if name is not None:
            counted[name] += _length(words)
    return Languages(dict(counted))


def require_english(sentences: Iterable[str], name: str = "the text") -> Languages:
    """Return the languages of some sentences. Raises `PostingError` where there are none, or hardly any in English."""
    sentences = tuple(sentences)
    if not any(sign.isalpha() for text in sentences for sign in text):
        raise PostingError(f"{name} holds no words.", remedy="Give the text of a job description.")
    found = languages_of(sentences)
    if found.foreign_words >= FEWEST_WORDS and found.unread >= REFUSED_SHARE:
        raise PostingError(
            f"{name} is in {' and '.join(found.foreign[:2])}; job descriptions are read in English only.",
            remedy="Give an English text of it, such as a translation that you have checked.",
        )
    return found


def _language(words: Sequence[Word], text: str) -> str | None:
    script = None if text.isascii() else _script(text)
    if script is not None and script not in _little_words().several:
        return script
    known = _little_words().languages
    counts = Counter(name for word in words for name in known.get(word.raw.lower(), ()))
    english = counts.pop(_ENGLISH, 0)
    best = max(counts, key=lambda name: counts[name], default=_ENGLISH)
    if counts[best] >= 2 and counts[best] > MARGIN * english:
        return best
    if script is not None:
        return script
    return _ENGLISH if english >= 2 or (english and not counts[best]) else None


def _script(text: str) -> str | None:
    """Return the language of the script that a third of the letters are in, if it is not Latin."""
    letters = [sign for sign in text if sign > "\u036f" and sign.isalpha()]
    if len(letters) < 4 or len(letters) * 3 < sum(sign.isalpha() for sign in text):
        return None
    scripts = _little_words().scripts
    found = Counter(scripts.get(_script_name(sign), "") for sign in letters[:2000])
    del found[""]
    if found["Japanese"]:
        return "Japanese"
    return max(found, key=lambda name: found[name]) if found else None


def _script_name(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def _length(words: Sequence[Word]) -> int:
    """Count words; a script that leaves no blanks is counted by its signs."""
    return sum(max(1, len(word.raw) // SIGNS_PER_WORD) if _is_unspaced(word.raw[0]) else 1 for word in words)


def _is_unspaced(sign: str) -> bool:
    return sign > "\u0dff" and _script_name(sign) in _UNSPACED


_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI"})


@dataclass(frozen=True)
class _LittleWords:
    """The languages of each little word, and the language that a script stands for."""

    languages: Mapping[str, tuple[str, ...]]
    scripts: Mapping[str, str]

    @cached_property
    def several(self) -> frozenset[str]:
        """The languages of scripts that write others too, whose little words have to be asked."""
        return frozenset(self.scripts.values()) & {name for names in self.languages.values() for name in names}


@cache
def _little_words() -> _LittleWords:
    lists = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    english = frozenset(lists["words"][_ENGLISH].split())
    languages: dict[str, tuple[str, ...]] = dict.fromkeys(english, (_ENGLISH,))
    for name, written in lists["words"].items():
        for word in frozenset(written.split()) - english:
            languages[word] = (*languages.get(word, ()), name)
    return _LittleWords(languages, lists["scripts"])
