"""From gradings to what a report shows of them."""

from dataclasses import replace

from shipworthy.core.canonical import digest
from shipworthy.grading.entities import CheckOutcome, CheckRule, Grading
from shipworthy.grading.rules import task_score
from shipworthy.reports.entities import CheckReport, Provenance, TaskReport
from shipworthy.reports.timelines import EVIDENCE, timelines_in
from shipworthy.tasks.entities import Manifest


def task_report(grading: Grading, manifest: Manifest, *, expected: tuple[float, float] | None = None) -> TaskReport:
    """Return what a report shows of one grading; `expected` is the band of a reference submission."""
    report = stored_report(grading, manifest, bundle_digest=_bundle_digest(grading))
    return replace(report, expected=expected)


def stored_report(grading: Grading, manifest: Manifest | None, *, bundle_digest: str) -> TaskReport:
    """Return what a report shows of a grading whose evidence is kept under a digest.

    `manifest` is what the catalogue says of the task today, None where it has no such task any more.
    """
    outcomes = {outcome.check_id: outcome for outcome in grading.outcomes}
    return TaskReport(
        task_id=grading.provenance.task_id,
        title=manifest.title if manifest else grading.provenance.task_id,
        method=manifest.method.value if manifest else "no longer in the catalogue",
        version=grading.provenance.task_version,
        seed=grading.provenance.seed,
        submission_label=grading.label,
        minutes=manifest.minutes if manifest else 0,
        weighted_score=task_score(grading.rules, grading.outcomes),
        checks=tuple(check_report(rule, outcomes[rule.id]) for rule in grading.rules),
        provenance=_provenance(grading, bundle_digest),
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


def _bundle_digest(grading: Grading) -> str:
    bundle = grading.bundle
    return digest(bundle.read_bytes()) if bundle and bundle.is_file() else ""


def _provenance(grading: Grading, bundle_digest: str) -> Provenance:
    provenance = grading.provenance
    return Provenance(
        package_digest=provenance.package_digest,
        submission_digest=provenance.submission_digest,
        runtime=provenance.runtime_id,
        runtime_digest=provenance.runtime_digest,
        product_version=f"{provenance.product_version} ({provenance.product_digest[:12]})",
        layers_held=tuple(layer.layer for layer in provenance.layers if layer.holds),
        layers_missing=tuple(layer.layer for layer in provenance.layers if not layer.holds),
        bundle_digest=bundle_digest,
    )
