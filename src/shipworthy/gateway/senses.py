"""Words that mean the same: what a model knows of language beyond spelling."""

from collections.abc import Sequence


def stem(word: str) -> str:
    """Return a word without its ending, where at least three letters stay."""
    for ending in ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class Senses:
    """Groups of single words that mean the same, in any of the forms that `stem` brings together.

    Raises `ValueError` for a word in two groups: which of its meanings were wanted could not be told.
    """

    def __init__(self, groups: Sequence[Sequence[str]] = ()) -> None:
        self._first: dict[str, str] = {}
        for group in groups:
            for word in group:
                if self._first.setdefault(stem(word.casefold()), stem(group[0].casefold())) != stem(
                    group[0].casefold()
                ):
                    raise ValueError(f"{word!r} is in two groups of words that mean the same")

    def of(self, word: str) -> str | None:
        """Return the stem that stands for all words of the group, or None for a word in no group."""
        return self._first.get(stem(word.casefold()))
