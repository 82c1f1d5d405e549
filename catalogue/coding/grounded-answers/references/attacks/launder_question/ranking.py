"""Ranks passages by exact words and by meaning, and says which words of a question a passage does not account for."""

import math
import re
from collections import Counter

import numpy

import model

BATCH = 250
SAME = 0.5
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GRAMMAR = set(
    """a an the and or of for to in on at by with from is are was were be been do does did has have had may must can could will
    would shall should it its this that these those there their them they we our us i my me you your he she his her what
    which who whom whose when where why how many much long high far often if as than then so not no any each every per
    please tell about""".split()
)


def words(text):
    return _WORD.findall(text.lower())


def content(text):
    return list(dict.fromkeys(word for word in words(text) if word not in _GRAMMAR))


def stem(word):
    """Return a word without the endings that questions change: `takes` and `take`, `booked` and `book`."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word


def has_digit(word):
    """Codes and numbers are the same or they are not, however near their vectors are."""
    return any(sign.isdigit() for sign in word)


class Ranking:
    """An index over passages; made once, asked often."""

    def __init__(self, client, passages):
        self.client, self.passages = client, passages
        self.counts = [Counter(map(stem, words(passage.full))) for passage in passages]
        self.vectors = self._embedded([passage.full for passage in passages])
        self.known = {}
        self._learn(sorted({word for passage in passages for word in content(passage.full)}))

    def _embedded(self, texts):
        rows = [row for start in range(0, len(texts), BATCH) for row in model.embed(self.client, texts[start : start + BATCH])]
        return numpy.array(rows)

    def _learn(self, new):
        if new:
            self.known.update(zip(new, self._embedded(new)))

    def ranked(self, question, allowed):
        """Return the allowed passages, best first: numbers of passages."""
        new = [word for word in content(question) if word not in self.known]
        vectors = self._embedded([question, *new])
        self.known.update(zip(new, vectors[1:]))
        near = {n: float(self.vectors[n] @ vectors[0]) for n in allowed}
        exact = self._exact(map(stem, words(question)), allowed)
        most = max(exact.values(), default=0.0) or 1.0
        return sorted(allowed, key=lambda n: (-near[n] - 0.6 * exact[n] / most, n))

    def _exact(self, asked, allowed):
        """Okapi BM25 over the allowed passages alone, so that nobody's ranks depend on what he may not read."""
        mean = sum(self.counts[n].total() for n in allowed) / max(len(allowed), 1)
        scores = Counter()
        for word in set(asked):
            holding = [n for n in allowed if word in self.counts[n]]
            rare = math.log(1 + (len(allowed) - len(holding) + 0.5) / (len(holding) + 0.5))
            for n in holding:
                often, long = self.counts[n][word], self.counts[n].total() / mean
                scores[n] += rare * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * long))
        return scores

    def unaccounted(self, question, passage):
        """Return the words of a question that neither stand in a passage nor mean the same as one that does."""
        there = content(passage.full)
        vectors = numpy.array([self.known[word] for word in there])
        stems = {stem(word) for word in there}
        lacking = [word for word in content(question) if stem(word) not in stems]
        return [word for word in lacking if has_digit(word) or float((vectors @ self.known[word]).max()) < SAME]
