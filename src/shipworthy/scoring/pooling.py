"""Pools evidence records into independent-as-possible observations, per competency."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite

from shipworthy.framework.entities import Framework
from shipworthy.measurement.agreement import TENTATIVE_ALPHA
from shipworthy.measurement.posterior import BetaPosterior, beta_posterior
from shipworthy.measurement.weights import effective_n, effective_ratings, kish_n, weighted_score
from shipworthy.scoring.entities import EvidenceRecord, ScoringPolicy, Source, Validity
from shipworthy.scoring.errors import EvidenceError

ObservationKey = tuple[str, str, str, Source]


@dataclass(frozen=True)
class Observation:
    """One look at one behaviour; ratings of it by several raters are one observation that is `worth` more than one."""

    key: ObservationKey
    cluster: str
    source: Source
    weight: float
    earned: float
    worth: float
    questioned: bool


@dataclass(frozen=True)
class PooledEvidence:
    """What all valid attempts together say about one competency; weights include the loading."""

    observations: tuple[Observation, ...]
    missing: int
    score: float | None
    effective_n: float

    @property
    def clusters(self) -> frozenset[str]:
        """The independent tasks that were seen."""
        return frozenset(observation.cluster for observation in self.observations)

    @property
    def kinds(self) -> tuple[Source, ...]:
        """The kinds of evidence that were seen."""
        return tuple(sorted({observation.source for observation in self.observations}))

    @property
    def questioned(self) -> int:
        """How many observations are under an open validity flag."""
        return sum(observation.questioned for observation in self.observations)

    def posterior(self, prior_strength: float = 1.0) -> BetaPosterior:
        """Return the Beta posterior of the true level."""
        return beta_posterior(self.score, self.effective_n, prior_strength)


def require_sound(records: Sequence[EvidenceRecord], framework: Framework) -> None:
    """Raise `EvidenceError` for the first record that cannot be scored, or that is there twice."""
    known = set(framework.competency_ids)
    seen: set[tuple[object, ...]] = set()
    for record in records:
        _require_figures(record, known)
        identity = (record.attempt, record.task, record.check, record.source, record.rater)
        if identity in seen:
            raise EvidenceError(
                f"The check {record.check!r} of task {record.task!r} is there twice for attempt {record.attempt!r}.",
                remedy="Give every observation once; ratings need the names of their raters.",
            )
        seen.add(identity)


def usable(records: Iterable[EvidenceRecord], rating_agreement: Mapping[str, float]) -> list[EvidenceRecord]:
    """Return the records that may count: not found invalid, and no ratings on which reviewers do not agree.

    `rating_agreement` is Krippendorff's alpha per task; below 0.667 the task's ratings are reported and not used.
    """
    return [
        record
        for record in records
        if record.validity is not Validity.INVALID
        and not (record.source is Source.HUMAN and rating_agreement.get(record.task, 1.0) < TENTATIVE_ALPHA)
    ]


def pool(records: Sequence[EvidenceRecord], competency_id: str, policy: ScoringPolicy) -> PooledEvidence:
    """Pool all attempts for one competency: Kish's n over the design effect, tasks as clusters."""
    loaded = [record for record in records if record.competencies.get(competency_id, 0.0) > 0.0]
    groups: dict[ObservationKey, list[EvidenceRecord]] = {}
    for record in loaded:
        if record.earned is not None:
            groups.setdefault((record.attempt, record.task, record.check, record.source), []).append(record)
    observations = tuple(_observe(key, groups[key], competency_id, policy) for key in sorted(groups))
    missing = sum(record.earned is None for record in loaded)
    if not observations:
        return PooledEvidence((), missing, None, 0.0)
    weights = [observation.weight for observation in observations]
    clusters = {observation.cluster for observation in observations}
    kish = kish_n(weights, [observation.worth for observation in observations])
    return PooledEvidence(
        observations=observations,
        missing=missing,
        score=weighted_score([observation.earned for observation in observations], weights),
        effective_n=effective_n(kish, len(observations) / len(clusters), policy.rho),
    )


def _observe(
    key: ObservationKey, ratings: list[EvidenceRecord], competency_id: str, policy: ScoringPolicy
) -> Observation:
    ratings = sorted(ratings, key=lambda record: record.rater or "")
    count = len(ratings)
    return Observation(
        key=key,
        cluster=ratings[0].group,
        source=ratings[0].source,
        weight=fsum(record.weight * record.competencies[competency_id] for record in ratings) / count,
        earned=fsum(record.earned or 0.0 for record in ratings) / count,
        worth=effective_ratings(count, policy.rater_icc),
        questioned=any(record.validity is Validity.QUESTIONED for record in ratings),
    )


def _require_figures(record: EvidenceRecord, known: set[str]) -> None:
    where = f"The record of check {record.check!r} of task {record.task!r}"
    unknown = sorted(set(record.competencies) - known)
    if unknown:
        raise EvidenceError(
            f"{where} names unknown competencies: {', '.join(unknown)}.", remedy="Use the ids of the framework."
        )
    for name, value in (("weight", record.weight), *record.competencies.items()):
        if not (value > 0.0 and isfinite(value)):
            raise EvidenceError(f"{where} has {name} {value!r}.", remedy="Weights and loadings are finite and above 0.")
    if record.earned is not None and not 0.0 <= record.earned <= 1.0:
        raise EvidenceError(
            f"{where} earned {record.earned!r}.", remedy="A score lies from 0 to 1, or is None when missing."
        )
