"""How much evidence a firm word needs: set here once, for what is planned and for what is scored."""

from dataclasses import dataclass

from shipworthy.measurement.errors import OutOfRangeError
from shipworthy.measurement.weights import DEFAULT_RHO


@dataclass(frozen=True)
class FirmnessRule:
    """The least evidence about one competency that allows a firm word.

    `min_tasks` independent tasks, `min_kinds` kinds of evidence where that many are to be had, and `min_effective_n`
    independent observations, with `rho` the correlation of two checks on one task. Raises `OutOfRangeError`.
    """

    min_tasks: int = 3
    min_kinds: int = 2
    min_effective_n: float = 8.0
    rho: float = DEFAULT_RHO

    def __post_init__(self) -> None:
        for name, value in (("tasks", self.min_tasks), ("kinds of evidence", self.min_kinds)):
            if value < 1:
                raise OutOfRangeError(f"The least number of {name}", value, "one or more")
        if not 0.0 < self.min_effective_n < float("inf"):
            raise OutOfRangeError("The least number of independent observations", self.min_effective_n, "above 0")
        if not 0.0 <= self.rho <= 1.0:
            raise OutOfRangeError("The correlation within a task", self.rho, "a correlation from 0 to 1")


FIRMNESS = FirmnessRule()
"""The rule that holds unless an organisation sets another."""
