"""From observations to outcomes and scores; pure."""

from collections.abc import Iterable, Mapping, Sequence

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.grading.entities import CheckOutcome, CheckRule, Observation, Outcome
from shipworthy.measurement.weights import weighted_score

OUR_FAULT = "This check could not run through a fault of ours. It is missing, and does not count against you."


def outcome_of(rule: CheckRule, observation: Observation | None) -> CheckOutcome:
    """Turn what a check saw into its outcome; a check that saw nothing is a `grader_error`."""
    if observation is None:
        return CheckOutcome(rule.id, Outcome.GRADER_ERROR, None, OUR_FAULT)
    passed = observation.score >= rule.pass_mark
    return CheckOutcome(
        check_id=rule.id,
        outcome=Outcome.PASSED if passed else Outcome.FAILED,
        score=observation.score,
        message=observation.message,
        evidence=observation.evidence,
        measurements=observation.measurements,
    )


def outcomes_of(rules: Sequence[CheckRule], observations: Iterable[Observation]) -> tuple[CheckOutcome, ...]:
    """Give every declared check its outcome, in the order in which the manifest declares them."""
    seen = {observation.check_id: observation for observation in observations}
    return tuple(outcome_of(rule, seen.get(rule.id)) for rule in rules)


def task_score(rules: Sequence[CheckRule], outcomes: Sequence[CheckOutcome]) -> float | None:
    """Return the weighted score of the task over the checks that ran, or `None` when none did."""
    weights = {rule.id: rule.weight for rule in rules}
    ran = [outcome for outcome in outcomes if outcome.score is not None]
    return weighted_score([o.score or 0.0 for o in ran], [weights[o.check_id] for o in ran]) if ran else None


def competency_scores(rules: Sequence[CheckRule], outcomes: Sequence[CheckOutcome]) -> dict[str, float]:
    """Return the weighted score per competency over the checks that ran; weights are weight times loading."""
    scores = {outcome.check_id: outcome.score for outcome in outcomes if outcome.score is not None}
    names = sorted({name for rule in rules for name in rule.competencies})
    found: dict[str, float] = {}
    for name in names:
        parts = [(scores[r.id], r.weight * r.competencies.get(name, 0.0)) for r in rules if r.id in scores]
        parts = [(score, weight) for score, weight in parts if weight > 0]
        if parts:
            found[name] = weighted_score([score for score, _ in parts], [weight for _, weight in parts])
    return found


def outcomes_document(outcomes: Sequence[CheckOutcome]) -> bytes:
    """Spell the part of the outcomes that must be the same bytes whenever the same submission is graded."""
    return canonical_bytes(
        [
            {
                "check": outcome.check_id,
                "outcome": outcome.outcome.value,
                "score": outcome.score,
                "message": outcome.message,
                "evidence": dict(outcome.evidence),
            }
            for outcome in outcomes
        ]
    )


def measurements_document(outcomes: Sequence[CheckOutcome]) -> bytes:
    """Spell what was measured with a clock or a meter, which differs from run to run."""
    measured: Mapping[str, JSONValue] = {o.check_id: dict(o.measurements) for o in outcomes if o.measurements}
    return canonical_bytes(measured)


def live_words(models: Sequence[str]) -> str:
    """Say what a replay can and cannot show where live models took part."""
    named = ", ".join(models)
    subject = f"{named} was a live model" if len(models) == 1 else f"{named} were live models"
    return (
        f"{subject}. The answers are recorded, and a replay works the outcomes out from them; the same answers cannot "
        "be had again, so another grading of the same submission may end otherwise."
    )
