"""Questions that the figures at hand cannot answer."""

from typing import ClassVar

from shipworthy.core.errors import BadInputError


class OutOfRangeError(BadInputError):
    """A figure lies outside the range that it must have."""

    code: ClassVar[str] = "figure_out_of_range"

    def __init__(self, name: str, value: float, expected: str) -> None:
        self.name = name
        self.value = value
        super().__init__(f"{name} is {value!r}.", remedy=f"Give {expected}.")


class NotEnoughFiguresError(BadInputError):
    """There are not enough figures to compute this."""

    code: ClassVar[str] = "not_enough_figures"
