"""Cues: words of a sentence that say how something is meant, and of whom it speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.roles.lexicon import Entry, Lexicon, Surroundings
from shipworthy.roles.phrases import HARD, JOINED, Match, Word

CONTRASTS = frozenset(
    {"but", "however", "although", "though", "while", "whereas", "yet", "because", "unless", "albeit", "since"}
)
"""Words at which a new clause begins that may say something else."""

SUBJECTS = frozenset({"role", "company", "others"})
"""What a clause may speak of: the person hired, the company, or other people's work."""


OPENERS = frozenset({"company", "others"})
"""Who acts only where a clause begins with them, and is acted for elsewhere."""


@dataclass(frozen=True)
class Cue:
    """Words that say how something is meant, at a place in a sentence."""

    entry: str
    says: str
    reaches: str
    start: int
    end: int


def cues_in(words: Sequence[Word], heading: Sequence[Word], lexicon: Lexicon) -> list[Cue]:
    """Return the cues among some words in order; of overlapping ones the longest counts, subjects apart."""
    around = Surroundings(words, heading)
    found = sorted(lexicon.cues.find(around), key=lambda match: (-match.length, match.start, match.owner.id))
    kept: list[Match[Entry]] = []
    for match in found:
        if all(match.end <= other.start or match.start >= other.end for other in kept if _alike(match, other)):
            kept.append(match)
    kept.sort(key=lambda match: match.start)
    return [
        _cue(match) for match in kept if match.owner.word("says") not in OPENERS or opens_clause(match.start, words)
    ]


def _cue(match: Match[Entry]) -> Cue:
    return Cue(match.owner.id, match.owner.word("says"), match.owner.word("reaches"), match.start, match.end)


def _alike(one: Match[Entry], other: Match[Entry]) -> bool:
    return (one.owner.word("says") in SUBJECTS) == (other.owner.word("says") in SUBJECTS)


def opens_clause(place: int, words: Sequence[Word]) -> bool:
    """Say whether a clause begins at a word."""
    if place <= 1 or words[place].gap != JOINED or words[place - 1].gap == HARD:
        return True
    return words[place - 1].folded in CONTRASTS | {"and", "so", "as", "today", "now"}
