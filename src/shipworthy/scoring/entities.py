"""Evidence, verdicts and the scorecard that follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from shipworthy.framework.entities import RequirementLevel
from shipworthy.measurement.firmness import FIRMNESS
from shipworthy.measurement.posterior import Interval

NAMED_PERSON = "A named person decides, with the evidence in view, and can overrule this with a reason that is kept."


class Source(StrEnum):
    """Where a piece of evidence comes from: the kinds of evidence."""

    EXECUTED = "executed"
    HUMAN = "human"


class Validity(StrEnum):
    """Whether a record may be relied on: valid, questioned (a flag is open), or found invalid and left out."""

    VALID = "valid"
    QUESTIONED = "questioned"
    INVALID = "invalid"


class Verdict(StrEnum):
    """What the evidence says about one competency."""

    DEMONSTRATED = "demonstrated"
    NOT_YET = "not_yet"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"


class Recommendation(StrEnum):
    """What the evidence says about a role; never a decision."""

    RECOMMENDED = "recommended"
    NOT_RECOMMENDED = "not_recommended"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"


@dataclass(frozen=True)
class EvidenceRecord:
    """One observed behaviour.

    `competencies` are loadings above 0, `weight` is the check's weight in its task, `earned` lies in [0, 1] or is None
    where nothing could be observed (a fault of ours): missing is missing, never 0. `cluster` groups what is not
    independent and is the task unless given. `rater` is set for human evidence. `live_models` took part whose answers
    cannot be had again.
    """

    attempt: str
    task: str
    variant_seed: int
    check: str
    competencies: Mapping[str, float]
    weight: float
    earned: float | None
    content_hash: str
    source: Source = Source.EXECUTED
    rater: str | None = None
    cluster: str = ""
    validity: Validity = Validity.VALID
    live_models: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The cluster that the record belongs to; several attempts at one task are one cluster."""
        return self.cluster or self.task


@dataclass(frozen=True)
class CandidateTask:
    """A task that could be taken next: its loadings per competency, its minutes, its checks, its kinds of evidence."""

    task_id: str
    title: str
    minutes: float
    competencies: Mapping[str, float]
    checks: int = 8
    kinds: frozenset[Source] = frozenset({Source.EXECUTED})


@dataclass(frozen=True)
class RatedCriterion:
    """What people rate on a task that was taken: a line of its rubric, with its loadings per competency."""

    task_id: str
    criterion_id: str
    title: str
    competencies: Mapping[str, float]


@dataclass(frozen=True)
class AskedRole:
    """The role that evidence is held against: what it needs of each competency, and the profile that says so.

    `id` names it in documents: a role context of the framework, or `profile:` with the digest of a profile's version.
    """

    id: str
    title: str
    needs: Mapping[str, RequirementLevel]


@dataclass(frozen=True)
class ScoringPolicy:
    """The rules that turn evidence into words; set before results are seen, and versioned.

    `cut` is the true proportion that counts as competent, `cuts` overrides it per competency. `tau_pass` and `tau_fail`
    are the probabilities for a firm word (`measurement.posterior.threshold_from_losses`). `rho` is the correlation of
    checks on one task, `rater_icc` that of two raters' errors (1: a second rater adds nothing until it is estimated).
    `critical` names at most three competencies that must not be demonstrably below the cut.
    `index_weights` default to 1.
    """

    version: str = "shipworthy-policy-1"
    cut: float = 0.70
    cuts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    index_cut: float = 0.70
    tau_pass: float = 0.90
    tau_fail: float = 0.10
    level: float = 0.90
    rho: float = FIRMNESS.rho
    rater_icc: float = 1.0
    min_tasks: int = FIRMNESS.min_tasks
    min_kinds: int = FIRMNESS.min_kinds
    min_effective_n: float = FIRMNESS.min_effective_n
    critical: tuple[str, ...] = ("ai_security", "governance")
    index_weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    draws: int = 4000

    def cut_for(self, competency_id: str) -> float:
        """Return the cut of one competency."""
        return self.cuts.get(competency_id, self.cut)


@dataclass(frozen=True)
class NextTask:
    """The task that would say most: `gain` is the share of the remaining uncertainty (variance) it should remove."""

    task_id: str
    title: str
    minutes: float
    gain: float
    reason: str


@dataclass(frozen=True)
class CompetencyScore:
    """What is known about one competency; `score` is None without evidence, and never stands without `interval`.

    `effective_n` is in independent observations, `probability` is Pr(true level >= cut), `missing` counts checks that
    could not look, `awaiting` criteria that nobody has rated yet. `reasons` say in words why the verdict is what it is.
    """

    competency_id: str
    title: str
    description: str
    requirement: RequirementLevel | None
    score: float | None
    interval: Interval
    effective_n: float
    tasks: int
    checks: int
    missing: int
    awaiting: int
    kinds: tuple[Source, ...]
    cut: float
    probability: float
    verdict: Verdict
    reasons: tuple[str, ...]
    next_task: NextTask | None


@dataclass(frozen=True)
class CriticalMinimum:
    """A competency that must not be demonstrably below its cut."""

    competency_id: str
    title: str
    cut: float
    probability: float
    demonstrably_below: bool


@dataclass(frozen=True)
class RoleDecision:
    """What the evidence says about a role: an index over the Required competencies and few critical minima.

    `context_id` is the id of the `AskedRole`. `index` is None while a Required competency has no evidence;
    `probability` is Pr(index >= cut) over joint draws.
    """

    context_id: str
    title: str
    index: float | None
    interval: Interval
    effective_n: float
    tasks: int
    cut: float
    probability: float
    minima: tuple[CriticalMinimum, ...]
    uncovered: tuple[str, ...]
    recommendation: Recommendation
    reasons: tuple[str, ...]
    next_task: NextTask | None
    decides: str = NAMED_PERSON


@dataclass(frozen=True)
class Scorecard:
    """Every competency's score, the role's recommendation if a role context was given, and what it was made with.

    `awaiting` are the criteria that nobody has rated yet; nothing is counted for them. `not_replayable` are the tasks
    with evidence that was made with a live model.
    """

    framework_version: str
    framework_digest: str
    policy: ScoringPolicy
    evidence_digest: str
    competencies: tuple[CompetencyScore, ...]
    role: RoleDecision | None
    notes: tuple[str, ...]
    awaiting: tuple[RatedCriterion, ...] = ()
    not_replayable: tuple[str, ...] = ()
