"""What a report shows of a grading, in plain values, so that reports do not depend on how grading works."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum

from shipworthy.core.canonical import JSONValue
from shipworthy.grading.entities import Outcome
from shipworthy.simulator.timeline import Timeline


@dataclass(frozen=True)
class CheckReport:
    """One check: the sentence that announced it, its outcome, what was measured, and the message for the candidate.

    `score` is in [0, 1], or None when the check could not look. `measurements` are shown at once, and so is `evidence`
    that is a few plain numbers; longer evidence is folded away. `timelines` are simulated runs that the evidence holds.
    """

    check_id: str
    sentence: str
    outcome: Outcome
    score: float | None
    weight: float
    competencies: Mapping[str, float]
    message: str
    evidence: Mapping[str, JSONValue] = field(default_factory=dict)
    measurements: Mapping[str, JSONValue] = field(default_factory=dict)
    timelines: tuple[Timeline, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """What a grading was made with: SHA-256 digests, versions, and the sandbox's layers that held or were missing."""

    package_digest: str
    submission_digest: str
    runtime: str
    runtime_digest: str
    product_version: str
    layers_held: tuple[str, ...] = ()
    layers_missing: tuple[str, ...] = ()
    bundle_digest: str = ""


@dataclass(frozen=True)
class TaskReport:
    """One graded task. `weighted_score` is in [0, 1] or None; `expected` is a reference's band, where there is one.

    With `live_models` it is not replayable: their answers are recorded, and cannot be had again.
    """

    task_id: str
    title: str
    method: str
    version: str
    seed: int
    submission_label: str
    minutes: float
    weighted_score: float | None
    checks: tuple[CheckReport, ...]
    provenance: Provenance
    expected: tuple[float, float] | None = None
    live_models: tuple[str, ...] = ()

    def counted(self, outcome: Outcome) -> int:
        """Return how many checks ended with this outcome."""
        return sum(check.outcome == outcome for check in self.checks)

    def share(self, check: CheckReport) -> float:
        """Return a check's share of the task's weight, in [0, 1]."""
        total = fsum(entry.weight for entry in self.checks)
        return check.weight / total if total > 0.0 else 0.0

    @property
    def in_band(self) -> bool | None:
        """Whether the score lies in the expected band; None where either is missing."""
        if self.expected is None or self.weighted_score is None:
            return None
        low, high = self.expected
        return low <= self.weighted_score <= high
