"""From gradings to what a report shows of them."""

from shipworthy.core.canonical import digest
from shipworthy.grading.entities import CheckOutcome, CheckRule, Grading
from shipworthy.grading.rules import task_score
from shipworthy.reports.entities import CheckReport, Provenance, TaskReport
from shipworthy.reports.timelines import EVIDENCE, timelines_in
from shipworthy.tasks.entities import Manifest


def task_report(grading: Grading, manifest: Manifest, *, expected: tuple[float, float] | None = None) -> TaskReport:
    """Return what a report shows of one grading; `expected` is the band of a reference submission."""
    outcomes = {outcome.check_id: outcome for outcome in grading.outcomes}
    return TaskReport(
        task_id=manifest.id,
        title=manifest.title,
        method=manifest.method.value,
        version=grading.provenance.task_version,
        seed=grading.provenance.seed,
        submission_label=grading.label,
        minutes=manifest.minutes,
        weighted_score=task_score(grading.rules, grading.outcomes),
        checks=tuple(check_report(rule, outcomes[rule.id]) for rule in grading.rules),
        provenance=_provenance(grading),
        expected=expected,
        live_models=grading.provenance.live_models,
    )


def check_report(rule: CheckRule, outcome: CheckOutcome) -> CheckReport:
    """Return what a report shows of one check; timelines in its evidence are drawn, and not spelled out besides."""
    timelines = timelines_in(outcome.evidence)
    evidence = {name: value for name, value in outcome.evidence.items() if not timelines or name != EVIDENCE}
    return CheckReport(
        check_id=rule.id,
        sentence=rule.sentence,
        outcome=outcome.outcome,
        score=outcome.score,
        weight=rule.weight,
        competencies=rule.competencies,
        message=outcome.message,
        evidence=evidence,
        measurements=dict(outcome.measurements),
        timelines=timelines,
    )


def _provenance(grading: Grading) -> Provenance:
    provenance, bundle = grading.provenance, grading.bundle
    return Provenance(
        package_digest=provenance.package_digest,
        submission_digest=provenance.submission_digest,
        runtime=provenance.runtime_id,
        runtime_digest=provenance.runtime_digest,
        product_version=f"{provenance.product_version} ({provenance.product_digest[:12]})",
        layers_held=tuple(layer.layer for layer in provenance.layers if layer.holds),
        layers_missing=tuple(layer.layer for layer in provenance.layers if not layer.holds),
        bundle_digest=digest(bundle.read_bytes()) if bundle and bundle.is_file() else "",
    )
