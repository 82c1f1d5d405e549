"""What verification looks at and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LADDER = ("expert", "solid", "naive", "nothing")


class Gate(StrEnum):
    """One of the seven things that a task package has to prove."""

    WELL_FORMED = "well_formed"
    LADDER = "ladder"
    ATTACKS = "attacks"
    JUNK = "junk"
    EQUAL_VARIANTS = "equal_variants"
    DETERMINISM = "determinism"
    SEALED = "sealed"


TITLES: Mapping[Gate, str] = {
    Gate.WELL_FORMED: "Manifest, brief, rubric and references are well formed",
    Gate.LADDER: "References land in their bands, in order, on every seed",
    Gate.ATTACKS: "No attack gains over its honest baseline",
    Gate.JUNK: "The judge survives junk",
    Gate.EQUAL_VARIANTS: "Variants are equally hard",
    Gate.DETERMINISM: "Grading is deterministic and well inside its limits",
    Gate.SEALED: "Nothing hidden can be read by candidate code",
}


class Verdict(StrEnum):
    """What a gate says. A gate that could not be tried does not hold."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True)
class GateReport:
    """A gate's verdict, its headline figure in words, and what was found wrong."""

    gate: Gate
    verdict: Verdict
    figure: str
    faults: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Extent:
    """How much is tried: seeds for references, for attacks, and for junk, replay and search."""

    name: str
    reference_seeds: tuple[int, ...]
    attack_seeds: tuple[int, ...]
    probe_seeds: tuple[int, ...]


QUICK = Extent("quick", (1, 2, 3), (1,), (1,))
FULL = Extent("full", tuple(range(1, 201)), tuple(range(1, 11)), (1, 2, 3))


class Purpose(StrEnum):
    """Why a submission is graded during verification."""

    REFERENCE = "reference"
    ATTACK = "attack"
    AGAIN = "again"
    JUNK = "junk"
    SEARCH = "search"


@dataclass(frozen=True)
class Trial:
    """One grading that verification wants: why, of which submission (or kind of junk), on which seed."""

    purpose: Purpose
    name: str
    seed: int


@dataclass(frozen=True)
class Tried:
    """What a trial gave.

    `score` is the weighted score of the task, or `None` when nothing could be judged; `fault` is a fault of ours;
    `largest_share` is the largest share of any limit that a run used; `same` says, where it was asked, whether a second
    grading and a replay gave the same bytes; `leaks` names hidden files that were found readable; `runs` counts how
    often something of the submission was run.
    """

    trial: Trial
    score: float | None
    competencies: Mapping[str, float]
    failed_checks: int
    fault: str
    largest_share: float = 0.0
    same: bool = True
    leaks: tuple[str, ...] = ()
    runs: int = 0


@dataclass(frozen=True)
class Verification:
    """The report on one task."""

    task_id: str
    extent: str
    seeds: int
    gradings: int
    seconds: float
    gates: tuple[GateReport, ...]

    @property
    def holds(self) -> bool:
        """Whether every gate holds."""
        return all(gate.verdict is Verdict.HOLDS for gate in self.gates)
