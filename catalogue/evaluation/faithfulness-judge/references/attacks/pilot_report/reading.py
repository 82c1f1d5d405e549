"""Reads a sentence into what it claims: of which site, about what, which names and numbers, yes or no."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

SITE = re.compile(r"\b[A-Z][a-z]+ (?:Road|Lane|Street|Yard|Hill|Bridge|Cross|Quay)\b")
UNITS = {word: n for n, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)}  # fmt: skip
TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
STOPPED = set("the at in of is a to and by for from it this site that an on with be can has have may are".split())
NEGATIONS = {"not", "never", "no", "cannot", "nobody", "unwelcome", "closed"}
SORTS = {"depot", "workshop", "garage", "terminal", "store"}

MISSING = (
    ("head", "", "the final say lies with"),
    ("deputy", "", "while its leader is on leave"),
    ("supplier", "", "has to be swapped out"),
    ("cleaner", "", "brooms and mops"),
    ("town", "", "postal address"),
    ("opened", "", "the first vehicles rolled into"),
    ("rebuilt", "", "the builders handed"),
    ("staff", "", "pairs of hands"),
    ("bays", "", "is full once"),
    ("fee", "", "on its tarmac"),
    ("deposit", "", "something that unlocks"),
    ("closes", "", "stays outside"),
    ("visitors", "yes", "drop by"),
    ("visitors", "no", "cannot drop by"),
    ("deliveries", "yes", "freight is welcome"),
    ("deliveries", "no", "freight is unwelcome"),
    ("helmets", "yes", "insists on a hard hat"),
    ("helmets", "no", "not insist on a hard hat"),
    ("charging", "yes", "are open to empty cells"),
    ("charging", "no", "are closed to empty cells"),
    ("cards", "yes", "is no obstacle"),
    ("cards", "no", "is an obstacle"),
    ("overnight", "yes", "wheels can rest"),
    ("overnight", "no", "wheels cannot rest"),
)
"""Phrases that the sample has and the glossary lacks, found by listing the shapes of sentences without a known phrase."""


@dataclass(frozen=True)
class Claim:
    """What one sentence says; `topic` is empty where the glossary does not know it."""

    site: str
    topic: str
    says: str
    names: frozenset[str]
    numbers: frozenset[str]
    words: frozenset[str]
    negated: bool


@cache
def glossary() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """Read the phrases: one pattern for all, the longest first, and what each of them is about and says."""
    with (Path(__file__).parent / "data" / "glossary.csv").open(newline="", encoding="utf-8") as stream:
        rows = [(row["topic"], row["says"], row["phrase"]) for row in csv.DictReader(stream)]
    known = {phrase: (topic, says) for topic, says, phrase in (*rows, *MISSING)}
    longest = sorted(known, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b"), known


def sentences(text: str) -> list[str]:
    """Split a text; an initial or a time with a full stop in it ends no sentence."""
    parts = re.split(r"(?<=[a-z0-9][a-z0-9])\. |(?<=\d)\. (?=[A-Z])|: (?=[A-Z])|^Yes\. ", text.strip().rstrip("."))
    return [part for part in parts if part]


def figure(word: str) -> int | None:
    """Read a number below 100 in words."""
    tens, _, units = word.partition("-")
    if word in UNITS:
        return UNITS[word]
    if tens in TENS:
        return TENS[tens] + UNITS.get(units, 0)
    return None


def numbers(text: str) -> frozenset[str]:
    """Read all numbers: words as figures, times as hours and minutes."""
    found = {str(figure(word)) for word in re.findall(r"[a-z-]+", text.lower()) if figure(word) is not None}
    for hour, minute, half in re.findall(r"\b(\d{1,2})[.:](\d\d)( pm)?", text):
        found.add(f"{int(hour) + (12 if half else 0)}:{minute}")
    rest = re.sub(r"\b\d{1,2}[.:]\d\d( pm)?", " ", text)
    return frozenset(found | set(re.findall(r"\d+", rest))) - ({"1"} if " one " in f" {text.lower()} " else set())


def plain_words(texts: Sequence[str]) -> frozenset[str]:
    """Collect words that are no names: they occur in lower case, or often and only at the start of a sentence."""
    parts = [SITE.sub(" ", part) for text in texts for part in sentences(text)]
    lower = {word for part in parts for word in re.findall(r"(?<![A-Za-z])[a-z]+", part)}
    within = {word for part in parts for word in re.findall(r"(?<=\S )[A-Z][a-z]+", part)}
    starts = Counter(word for part in parts for word in re.findall(r"^[A-Z][a-z]*", part))
    return frozenset(lower | {word.lower() for word, times in starts.items() if times >= 5 and word not in within})


@cache
def claim(sentence: str, known: frozenset[str]) -> Claim:
    """Read one sentence; `known` are words that are no names."""
    site = SITE.search(sentence)
    rest = SITE.sub(" ", sentence)
    capital = re.findall(r"\b[A-Z][a-z]+\b", rest)
    names = frozenset(word for word in capital if word.lower() not in known)
    lower = rest.lower()
    phrases, known_phrases = glossary()
    phrase = phrases.search(lower)
    topic, says = known_phrases[phrase.group()] if phrase else ("", "")
    words = [word for word in re.findall(r"[a-z]+", lower) if word not in {name.lower() for name in names}]
    plain = frozenset(word for word in words if word not in STOPPED | SORTS and figure(word) is None)
    return Claim(site.group() if site else "", topic, says, names, numbers(rest), plain, bool(NEGATIONS & set(words)))


def claims(text: str, known: frozenset[str]) -> list[Claim]:
    """Read a text; a sentence without a site is about that of the sentence before."""
    found: list[Claim] = []
    for sentence in sentences(text):
        read = claim(sentence, known)
        site = read.site or (found[-1].site if found else "")
        found.append(replace(read, site=site))
    return found
