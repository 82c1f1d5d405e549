"""What can be wrong with a rollout file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from shipworthy.core.errors import BadInputError

MOST_SHOWN = 6


@dataclass(frozen=True)
class RolloutFault:
    """One fault: the line (counted from 1), the key such as `steps[2].weight`, what is wrong, and what to write."""

    line: int
    key: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.key}" if self.key else f"line {self.line}"
        return f"{place}: {self.fault} {self.remedy}".rstrip()


class UnsoundRolloutError(BadInputError):
    """The rollout file has faults."""

    code: ClassVar[str] = "unsound_rollout"

    def __init__(self, faults: Sequence[RolloutFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        shown = [str(fault) for fault in self.faults[:MOST_SHOWN]]
        more = len(self.faults) - len(shown)
        shown += [f"and {more} more"] if more else []
        super().__init__("; ".join(shown), remedy="Correct the lines named.")
