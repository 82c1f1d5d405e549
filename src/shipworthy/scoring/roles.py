"""What the evidence says about a role: an index over what it requires, and few critical minima."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from shipworthy.framework.entities import RequirementLevel
from shipworthy.measurement.posterior import Interval
from shipworthy.scoring.entities import (
    AskedRole,
    CandidateTask,
    CompetencyScore,
    CriticalMinimum,
    NextTask,
    Recommendation,
    RoleDecision,
    ScoringPolicy,
    Source,
    Verdict,
)
from shipworthy.scoring.joint import draw_levels, index_effective_n
from shipworthy.scoring.next_task import most_informative
from shipworthy.scoring.pooling import PooledEvidence
from shipworthy.scoring.verdicts import count, percent


@dataclass(frozen=True)
class _Index:
    value: float | None
    interval: Interval
    probability: float
    effective_n: float
    clusters: frozenset[str]
    kinds: frozenset[Source]
    questioned: int


def decide_role(
    asked: AskedRole,
    scores: Sequence[CompetencyScore],
    pooled: Mapping[str, PooledEvidence],
    *,
    candidates: Sequence[CandidateTask],
    kinds: int,
    policy: ScoringPolicy,
    seed: int,
) -> RoleDecision:
    """Return the recommendation for a role; `seed` fixes the posterior draws.

    `kinds` is how many kinds of evidence a firm word needs, `candidates` are the tasks that could be taken next.
    """
    required = [score for score in scores if score.requirement is RequirementLevel.REQUIRED]
    evidence = [pooled[score.competency_id] for score in required]
    index = _index(required, evidence, policy, seed)
    minima = _minima(required, policy)
    uncovered = tuple(score.title for score in required if score.score is None)
    faults = _gate_faults(index, uncovered, kinds, policy)
    recommendation = _recommend(index.probability, faults, minima, policy)
    return RoleDecision(
        context_id=asked.id,
        title=asked.title,
        index=index.value,
        interval=index.interval,
        effective_n=index.effective_n,
        tasks=len(index.clusters),
        cut=policy.index_cut,
        probability=index.probability,
        minima=minima,
        uncovered=uncovered,
        recommendation=recommendation,
        reasons=_reasons(index.probability, faults, minima, scores, policy),
        next_task=_next(recommendation, required, pooled, candidates, policy),
    )


def _index(
    required: Sequence[CompetencyScore], evidence: Sequence[PooledEvidence], policy: ScoringPolicy, seed: int
) -> _Index:
    weights = [_weight(score, policy) for score in required]
    shares = np.asarray(weights) / sum(weights)
    numbers = np.random.default_rng(seed).standard_normal((policy.draws, len(required)))
    # One uniform prior for the whole index, shared out: one per competency would together pull it towards a half.
    levels = draw_levels(evidence, list(shares), policy.rho, numbers)
    draws = levels @ shares
    low, high = np.quantile(draws, [(1.0 - policy.level) / 2.0, (1.0 + policy.level) / 2.0])
    known = [score.score for score in required if score.score is not None]
    value = (
        fsum(w * s for w, s in zip(weights, known, strict=True)) / fsum(weights)
        if len(known) == len(required)
        else None
    )
    return _Index(
        value=value,
        interval=Interval(float(low), float(high), policy.level),
        probability=float(np.mean(draws >= policy.index_cut)),
        effective_n=index_effective_n(evidence, weights, policy.rho) if value is not None else 0.0,
        clusters=frozenset().union(*(entry.clusters for entry in evidence)),
        kinds=frozenset(kind for entry in evidence for kind in entry.kinds),
        questioned=len({seen.key for entry in evidence for seen in entry.observations if seen.questioned}),
    )


def _weight(score: CompetencyScore, policy: ScoringPolicy) -> float:
    return policy.index_weights.get(score.competency_id, 1.0)


def _minima(required: Sequence[CompetencyScore], policy: ScoringPolicy) -> tuple[CriticalMinimum, ...]:
    return tuple(
        CriticalMinimum(
            competency_id=score.competency_id,
            title=score.title,
            cut=score.cut,
            probability=score.probability,
            demonstrably_below=score.verdict is Verdict.NOT_YET,
        )
        for score in required
        if score.competency_id in policy.critical
    )


def _gate_faults(index: _Index, uncovered: tuple[str, ...], kinds: int, policy: ScoringPolicy) -> list[str]:
    faults = []
    if uncovered:
        faults.append(f"No evidence yet for {', '.join(uncovered)}. That is not a zero.")
    if len(index.clusters) < policy.min_tasks:
        faults.append(f"{count(len(index.clusters), 'independent task')} so far; a firm word needs {policy.min_tasks}.")
    if not uncovered and index.effective_n < policy.min_effective_n:
        faults.append(
            f"The index is worth {index.effective_n:.1f} independent observations; "
            f"a firm word needs {policy.min_effective_n:g}."
        )
    if len(index.kinds) < kinds:
        faults.append("Only one kind of evidence so far; a second kind is available and needed.")
    if index.questioned:
        faults.append(
            f"{count(index.questioned, 'observation')} under an open validity flag; a person must look first."
        )
    return faults


def _recommend(
    probability: float, faults: list[str], minima: tuple[CriticalMinimum, ...], policy: ScoringPolicy
) -> Recommendation:
    if any(minimum.demonstrably_below for minimum in minima):
        return Recommendation.NOT_RECOMMENDED
    if faults or policy.tau_fail < probability < policy.tau_pass:
        return Recommendation.INSUFFICIENT_EVIDENCE
    return Recommendation.RECOMMENDED if probability >= policy.tau_pass else Recommendation.NOT_RECOMMENDED


def _reasons(
    probability: float,
    faults: list[str],
    minima: tuple[CriticalMinimum, ...],
    scores: Sequence[CompetencyScore],
    policy: ScoringPolicy,
) -> tuple[str, ...]:
    below = [minimum.title for minimum in minima if minimum.demonstrably_below]
    reasons = [f"{title} is demonstrably below its minimum." for title in below]
    reasons += faults
    if not faults:
        reasons.append(
            f"The chance that the index over the required competencies is {policy.index_cut * 100:.0f} or above "
            f"is {percent(probability)}."
        )
    required = [score for score in scores if score.requirement is RequirementLevel.REQUIRED]
    firm_alone = any(score.verdict is Verdict.DEMONSTRATED for score in required)
    if not faults and not firm_alone and probability >= policy.tau_pass:
        reasons.append("This rests on all required competencies together: none of them is demonstrated by itself yet.")
    for level, words in (
        (RequirementLevel.REQUIRED, "Required"),
        (RequirementLevel.PREFERRED, "Preferred (informs only)"),
    ):
        reasons.extend(_tally(level, words, scores))
    return tuple(reasons)


def _tally(level: RequirementLevel, words: str, scores: Sequence[CompetencyScore]) -> list[str]:
    verdicts = [score.verdict for score in scores if score.requirement is level]
    if not verdicts:
        return []
    tally = ", ".join(f"{verdicts.count(verdict)} {verdict.value.replace('_', ' ')}" for verdict in Verdict)
    return [f"{words}: {tally}."]


def _next(
    recommendation: Recommendation,
    required: Sequence[CompetencyScore],
    pooled: Mapping[str, PooledEvidence],
    candidates: Sequence[CandidateTask],
    policy: ScoringPolicy,
) -> NextTask | None:
    if recommendation is not Recommendation.INSUFFICIENT_EVIDENCE:
        return None
    posteriors = {score.competency_id: pooled[score.competency_id].posterior() for score in required}
    weights = {score.competency_id: _weight(score, policy) for score in required}
    return most_informative(posteriors, weights, candidates, policy)
