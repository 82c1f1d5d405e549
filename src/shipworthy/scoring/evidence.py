"""From gradings to evidence records."""

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.grading.entities import CheckOutcome, CheckRule, Grading
from shipworthy.grading.rules import outcomes_document
from shipworthy.scoring.entities import EvidenceRecord, Source


def records_of(grading: Grading) -> tuple[EvidenceRecord, ...]:
    """Return one record per check of a grading; a check that could not run is missing, never 0."""
    outcomes = {outcome.check_id: outcome for outcome in grading.outcomes}
    return tuple(_record(grading, rule, outcomes[rule.id]) for rule in grading.rules)


def _record(grading: Grading, rule: CheckRule, outcome: CheckOutcome) -> EvidenceRecord:
    provenance = grading.provenance
    return EvidenceRecord(
        attempt=attempt_of(grading),
        task=provenance.task_id,
        variant_seed=provenance.seed,
        check=rule.id,
        competencies=rule.competencies,
        weight=rule.weight,
        earned=outcome.score,
        content_hash=digest(outcomes_document([outcome])),
        source=Source.EXECUTED,
        live_models=provenance.live_models,
    )


def attempt_of(grading: Grading) -> str:
    """Identify the attempt: the same submission to the same variant of the same package is one attempt."""
    provenance = grading.provenance
    return digest(canonical_bytes([provenance.package_digest, provenance.seed, provenance.submission_digest]))
