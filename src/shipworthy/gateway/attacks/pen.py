"""Chooses words by seed: each choice has a purpose, so that one more choice changes none of the others."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from shipworthy.gateway.draws import Draws

Option = TypeVar("Option")


@lru_cache(maxsize=64)
def _draws(seed: int) -> Draws:
    return Draws(seed)


class Pen:
    """What writes the texts of one attack."""

    def __init__(self, seed: int, text: str) -> None:
        self._draws = _draws(seed)
        self._text = text

    def number(self, purpose: str, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`."""
        return least + self._draws.below(most - least + 1, purpose, self._text, 0)

    def pick(self, purpose: str, options: Sequence[Option]) -> Option:
        """Return one of the options."""
        return options[self._draws.below(len(options), purpose, self._text, 0)]

    def picks(self, purpose: str, options: Sequence[Option], count: int) -> list[Option]:
        """Return as many options as asked for, each drawn anew."""
        return [options[self._draws.below(len(options), purpose, self._text, place)] for place in range(count)]
