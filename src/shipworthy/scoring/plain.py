"""Scorecards and evidence as plain JSON values, with figures rounded to six decimals."""

from collections.abc import Mapping
from dataclasses import fields

from shipworthy.core.canonical import JSONValue
from shipworthy.measurement.posterior import Interval
from shipworthy.scoring.entities import (
    CompetencyScore,
    CriticalMinimum,
    EvidenceRecord,
    NextTask,
    RatedCriterion,
    RoleDecision,
    Scorecard,
    ScoringPolicy,
)

DECIMALS = 6


def rounded(value: float | None) -> float | None:
    """Round a figure for output; minus zero becomes zero, None stays None."""
    return None if value is None else round(value, DECIMALS) + 0.0


def record_to_json(record: EvidenceRecord) -> dict[str, JSONValue]:
    """Return an evidence record as a JSON object; this is what the digest of the evidence is made of."""
    live: dict[str, JSONValue] = {"live_models": list(record.live_models)} if record.live_models else {}
    return {
        "attempt": record.attempt,
        "task": record.task,
        "variant_seed": record.variant_seed,
        "check": record.check,
        "competencies": _figures(record.competencies),
        "weight": rounded(record.weight),
        "earned": rounded(record.earned),
        "content_hash": record.content_hash,
        "source": record.source.value,
        "rater": record.rater,
        "cluster": record.group,
        "validity": record.validity.value,
        **live,
    }


def scorecard_to_json(scorecard: Scorecard) -> dict[str, JSONValue]:
    """Return a whole scorecard as a JSON object that `core.canonical` can spell."""
    return {
        "framework": {"version": scorecard.framework_version, "digest": scorecard.framework_digest},
        "policy": policy_to_json(scorecard.policy),
        "evidence_digest": scorecard.evidence_digest,
        "competencies": [competency_to_json(score) for score in scorecard.competencies],
        "role": None if scorecard.role is None else role_to_json(scorecard.role),
        "notes": list(scorecard.notes),
        "not_replayable": list(scorecard.not_replayable),
        "awaiting_review": [criterion_to_json(criterion) for criterion in scorecard.awaiting],
    }


def criterion_to_json(criterion: RatedCriterion) -> dict[str, JSONValue]:
    """Return a criterion that awaits review as a JSON object."""
    return {
        "task": criterion.task_id,
        "criterion": criterion.criterion_id,
        "title": criterion.title,
        "competencies": _figures(criterion.competencies),
    }


def policy_to_json(policy: ScoringPolicy) -> dict[str, JSONValue]:
    """Return every rule of a policy by its name."""
    return {field.name: _plain(getattr(policy, field.name)) for field in fields(policy)}


def competency_to_json(score: CompetencyScore) -> dict[str, JSONValue]:
    """Return one competency's score as a JSON object."""
    return {
        "id": score.competency_id,
        "title": score.title,
        "requirement": None if score.requirement is None else score.requirement.value,
        "score": rounded(score.score),
        "interval": _interval(score.interval),
        "effective_n": rounded(score.effective_n),
        "tasks": score.tasks,
        "checks": score.checks,
        "missing": score.missing,
        "awaiting_review": score.awaiting,
        "kinds": [kind.value for kind in score.kinds],
        "cut": rounded(score.cut),
        "probability": rounded(score.probability),
        "verdict": score.verdict.value,
        "reasons": list(score.reasons),
        "next_task": _next_task(score.next_task),
    }


def role_to_json(role: RoleDecision) -> dict[str, JSONValue]:
    """Return a role's recommendation as a JSON object."""
    return {
        "context": role.context_id,
        "title": role.title,
        "index": rounded(role.index),
        "interval": _interval(role.interval),
        "effective_n": rounded(role.effective_n),
        "tasks": role.tasks,
        "cut": rounded(role.cut),
        "probability": rounded(role.probability),
        "minima": [_minimum(minimum) for minimum in role.minima],
        "uncovered": list(role.uncovered),
        "recommendation": role.recommendation.value,
        "reasons": list(role.reasons),
        "next_task": _next_task(role.next_task),
        "decides": role.decides,
    }


def _minimum(minimum: CriticalMinimum) -> dict[str, JSONValue]:
    return {
        "id": minimum.competency_id,
        "title": minimum.title,
        "cut": rounded(minimum.cut),
        "probability": rounded(minimum.probability),
        "demonstrably_below": minimum.demonstrably_below,
    }


def _interval(interval: Interval) -> dict[str, JSONValue]:
    return {"low": rounded(interval.low), "high": rounded(interval.high), "level": rounded(interval.level)}


def _next_task(task: NextTask | None) -> dict[str, JSONValue] | None:
    if task is None:
        return None
    return {
        "task": task.task_id,
        "title": task.title,
        "minutes": rounded(task.minutes),
        "gain": rounded(task.gain),
        "reason": task.reason,
    }


def _figures(values: Mapping[str, float]) -> dict[str, JSONValue]:
    return {name: rounded(values[name]) for name in sorted(values)}


def _plain(value: object) -> JSONValue:
    if isinstance(value, Mapping):
        return {str(name): _plain(value[name]) for name in sorted(value)}
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float):
        return rounded(value)
    return value if isinstance(value, int) else str(value)
