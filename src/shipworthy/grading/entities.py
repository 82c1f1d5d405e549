"""What grading sees and says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from shipworthy.core.canonical import JSONValue
from shipworthy.core.live_settings import LiveSettings


class Outcome(StrEnum):
    """How a check ended. `grader_error` is a fault of ours: the check is missing, never zero."""

    PASSED = "passed"
    FAILED = "failed"
    GRADER_ERROR = "grader_error"


@dataclass(frozen=True)
class Observation:
    """What one check saw: a score in [0, 1], words for the candidate, deterministic evidence, volatile measurements."""

    check_id: str
    score: float
    message: str
    evidence: Mapping[str, JSONValue] = field(default_factory=dict)
    measurements: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckOutcome:
    """A check after judging; `score` is `None` exactly when the outcome is `grader_error`."""

    check_id: str
    outcome: Outcome
    score: float | None
    message: str
    evidence: Mapping[str, JSONValue] = field(default_factory=dict)
    measurements: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckRule:
    """What judging needs to know of a declared check: its weight, loadings and the score from which it is passed."""

    id: str
    sentence: str
    weight: float
    competencies: Mapping[str, float]
    pass_mark: float


@dataclass(frozen=True)
class LayerState:
    """Whether one layer of the sandbox held while this grading ran."""

    layer: str
    holds: bool


@dataclass(frozen=True)
class Provenance:
    """Everything a grading depends on: versions, digests (SHA-256), the seed and the sandbox as it was.

    `live_models` are the models that an operator's endpoint answered for. What they said is recorded, so the outcomes
    can be worked out again from the evidence; but it cannot be had again, so another grading may end otherwise.
    """

    task_id: str
    task_version: str
    package_digest: str
    seed: int
    submission_digest: str
    runtime_id: str
    runtime_digest: str
    product_version: str
    product_digest: str
    mechanism: str
    layers: tuple[LayerState, ...]
    allowed_missing: tuple[str, ...]
    live_models: tuple[str, ...] = ()

    @property
    def replayable(self) -> bool:
        """Whether everything that the outcomes rest on can be had again; the recorded answers always can be judged."""
        return not self.live_models


@dataclass(frozen=True)
class GradingSetup:
    """What every grading on this machine shares.

    `runtime_root` holds the runtime that `runtime_digest` identifies; `layers` says which layers of the sandbox held
    when they were last tried; `allowed_missing` are those that the operator allowed to be missing.
    `variants` is a folder in which judges keep generated variants for each other, for many gradings of one variant.
    `live` is the operator's endpoint, narrowed to the models that the task's manifest names.
    """

    data_folder: Path
    runtime_id: str
    runtime_root: Path
    runtime_python: str
    runtime_digest: str
    mechanism: str
    layers: tuple[LayerState, ...]
    allowed_missing: tuple[str, ...]
    product_version: str
    product_digest: str
    variants: Path | None = None
    live: LiveSettings | None = None


@dataclass(frozen=True)
class Phases:
    """Seconds of wall clock that a grading took: all of it, the submission's runs, and the judge's own work."""

    total_seconds: float
    submission_seconds: float
    judge_seconds: float

    @property
    def platform_seconds(self) -> float:
        """Seconds that are neither the submission's nor the judge's."""
        return self.total_seconds - self.submission_seconds - self.judge_seconds


@dataclass(frozen=True)
class RunCost:
    """What one run of the submission used, and what it was allowed: seconds and bytes; `None` where not measured."""

    command: str
    status: str
    wall_seconds: float
    wall_limit: float
    cpu_seconds: float | None
    cpu_limit: float
    memory_bytes: int | None
    memory_limit: int

    @property
    def largest_share(self) -> float:
        """The largest share of any limit that was used, 1 at the limit."""
        shares = [self.wall_seconds / self.wall_limit]
        shares += [self.cpu_seconds / self.cpu_limit] if self.cpu_seconds is not None else []
        shares += [self.memory_bytes / self.memory_limit] if self.memory_bytes is not None else []
        return max(shares)


@dataclass(frozen=True)
class Grading:
    """One submission to one variant, judged.

    `label` names the submission for people; `ignored` are files that did not count; `bundle` is the evidence file;
    `runs` and `phases` are known only right after grading, since time is not evidence.
    """

    label: str
    provenance: Provenance
    rules: tuple[CheckRule, ...]
    outcomes: tuple[CheckOutcome, ...]
    ignored: tuple[str, ...]
    fault: str
    bundle: Path | None = None
    runs: tuple[RunCost, ...] = ()
    phases: Phases | None = None


@dataclass(frozen=True)
class Replay:
    """What replaying a bundle gave: whether the bytes are the same, and the checks that differ."""

    same: bool
    differing: tuple[str, ...]
    grading: Grading
