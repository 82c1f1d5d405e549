"""What can be measured on a case without knowing whether its answer is supported. Leave this file as it is."""

import re
from collections.abc import Callable, Mapping, Sequence

WORD = re.compile(r"[a-z0-9]+")
NEGATIONS = frozenset({"not", "no", "never", "cannot", "nobody", "only"})


def words(text: str) -> list[str]:
    """Split a text into words in lower case; figures count as words."""
    return WORD.findall(text.lower())


def overlap(case: Mapping[str, str]) -> float:
    """Give the share of the answer's distinct words that occur in the context."""
    said = set(words(case["answer"]))
    return len(said & set(words(case["context"]))) / max(1, len(said))


MEASURES: dict[str, Callable[[Mapping[str, str]], float]] = {
    "overlap": overlap,
    "copied": lambda case: float(overlap(case) >= 0.95),
    "foreign": lambda case: float(overlap(case) < 0.45),
    "sentences": lambda case: float(len(re.findall(r"[a-z0-9]\.(?= |$)", case["answer"]))),
    "figures": lambda case: float(bool(re.search(r"\d", case["answer"]))),
    "negated": lambda case: float(bool(NEGATIONS & set(words(case["answer"])))),
    "context_words": lambda case: float(len(words(case["context"]))),
    "context_figures": lambda case: float(len(re.findall(r"\d+", case["context"]))),
}


def mean_of(name: str, cases: Sequence[Mapping[str, str]]) -> float:
    """Give the mean of a measure over cases."""
    return sum(MEASURES[name](case) for case in cases) / len(cases)
