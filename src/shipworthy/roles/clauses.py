"""Clauses and brackets of a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from shipworthy.roles.cues import CONTRASTS
from shipworthy.roles.phrases import HARD
from shipworthy.roles.structure import Sentence


@dataclass(frozen=True)
class Clause:
    """Words from `start` up to `end` between strong stops or words of contrast."""

    start: int
    end: int

    def holds(self, place: int) -> bool:
        """Say whether a word lies in the clause."""
        return self.start <= place < self.end


class Clauses:
    """The clauses of one sentence, in order, and which of its words stand in brackets."""

    def __init__(self, sentence: Sentence) -> None:
        self._text = sentence.text
        self._words = sentence.words
        self.all = tuple(self._split())

    def place_of(self, word: int) -> int:
        """Return the place of the clause that holds a word."""
        return next(place for place, clause in enumerate(self.all) if clause.holds(word))

    def of(self, word: int) -> Clause:
        """Return the clause that holds a word."""
        return self.all[self.place_of(word)]

    def in_brackets(self, word: int) -> bool:
        """Say whether a word stands in brackets."""
        before = self._text[: self._words[word].start]
        return before.count("(") > before.count(")")

    def around_brackets(self, place: int) -> Clause:
        """Return the clause that a bracket interrupts, with the bracket in it."""
        before, after = self.all[max(0, place - 1)], self.all[min(len(self.all) - 1, place + 1)]
        gap = self._text[self._words[after.start - 1].end : self._words[after.start].start]
        goes_on = after.start > before.start and not set(gap) & set(";.:")
        return Clause(before.start, after.end if goes_on else self.all[place].end)

    def _split(self) -> Iterator[Clause]:
        start = 0
        for place, word in enumerate(self._words):
            if place > start and (word.gap == HARD or word.folded in CONTRASTS):
                yield Clause(start, place)
                start = place
        if start < len(self._words):
            yield Clause(start, len(self._words))
