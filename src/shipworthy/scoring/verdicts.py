"""Which word the evidence on one competency allows, and why."""

from collections.abc import Iterable

from shipworthy.scoring.entities import CandidateTask, ScoringPolicy, Source, Verdict
from shipworthy.scoring.pooling import PooledEvidence


def kinds_needed(
    pooled: PooledEvidence, competency_id: str, candidates: Iterable[CandidateTask], policy: ScoringPolicy
) -> int:
    """Return how many kinds of evidence a firm word needs: what the policy asks, where that many can be had at all."""
    available = set(pooled.kinds)
    for task in candidates:
        if task.competencies.get(competency_id, 0.0) > 0.0:
            available |= task.kinds
    return min(policy.min_kinds, len(available))


def gate_faults(pooled: PooledEvidence, kinds: int, policy: ScoringPolicy) -> list[str]:
    """Say what stands in the way of any firm word, in words; an empty list lets the probability speak."""
    if not pooled.observations:
        return ["Nothing was observed for this competency yet. That is not a zero."]
    faults = []
    tasks = len(pooled.clusters)
    if tasks < policy.min_tasks:
        faults.append(f"{count(tasks, 'independent task')} so far; a firm word needs {policy.min_tasks}.")
    if pooled.effective_n < policy.min_effective_n:
        faults.append(
            f"The checks are worth {pooled.effective_n:.1f} independent observations; "
            f"a firm word needs {policy.min_effective_n:g}."
        )
    if len(pooled.kinds) < kinds:
        faults.append(
            f"Only one kind of evidence ({_kind_words(pooled.kinds)}); a second kind is available and needed."
        )
    if pooled.questioned:
        faults.append(
            f"{count(pooled.questioned, 'observation')} under an open validity flag; a person must look first."
        )
    return faults


def decide(probability: float, faults: list[str], policy: ScoringPolicy) -> Verdict:
    """Return the verdict: firm only with an open gate and a probability beyond tau."""
    if faults:
        return Verdict.INSUFFICIENT_EVIDENCE
    if probability >= policy.tau_pass:
        return Verdict.DEMONSTRATED
    return Verdict.NOT_YET if probability <= policy.tau_fail else Verdict.INSUFFICIENT_EVIDENCE


def explain(
    pooled: PooledEvidence, probability: float, cut: float, faults: list[str], policy: ScoringPolicy
) -> tuple[str, ...]:
    """Return the reasons for the verdict, the most important first."""
    reasons = list(faults)
    if not faults:
        reasons.append(_chance_words(probability, cut, policy))
    if pooled.missing:
        reasons.append(f"{count(pooled.missing, 'check')} could not run through a fault of ours: missing, not zero.")
    return tuple(reasons)


def explain_unrated(criteria: int) -> tuple[str, ...]:
    """Say that criteria await a person's rating, where some do."""
    if not criteria:
        return ()
    if criteria == 1:
        return ("1 criterion awaits review by a person and counts nothing until then.",)
    return (f"{criteria} criteria await review by a person and count nothing until then.",)


def percent(probability: float) -> str:
    """Spell a probability for people: whole percents, never a false 0 or 100."""
    if probability < 0.01:
        return "under 1 %"
    return "over 99 %" if probability > 0.99 else f"{probability * 100:.0f} %"


def count(number: int, noun: str) -> str:
    """Spell a number with its noun: 1 task, 2 tasks."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _chance_words(probability: float, cut: float, policy: ScoringPolicy) -> str:
    chance = f"The chance that the true level is {cut * 100:.0f} or above is {percent(probability)}"
    if probability >= policy.tau_pass:
        return f"{chance}; {policy.tau_pass * 100:.0f} % is asked for."
    if probability <= policy.tau_fail:
        return f"{chance}; {policy.tau_fail * 100:.0f} % or less means not yet."
    return (
        f"{chance}: between {policy.tau_fail * 100:.0f} % and {policy.tau_pass * 100:.0f} %, so no firm word is honest."
    )


def _kind_words(kinds: Iterable[Source]) -> str:
    words = {Source.EXECUTED: "executed checks", Source.HUMAN: "reviewers' ratings"}
    return ", ".join(words[kind] for kind in kinds)
