"""From evidence records to a scorecard. No input or output, no chance: the same records give the same card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.framework.entities import Framework, RequirementLevel
from shipworthy.measurement.agreement import TENTATIVE_ALPHA, AgreementBand, agreement_band
from shipworthy.scoring.entities import (
    AskedRole,
    CandidateTask,
    CompetencyScore,
    EvidenceRecord,
    NextTask,
    RatedCriterion,
    RoleDecision,
    Scorecard,
    ScoringPolicy,
    Source,
    Validity,
    Verdict,
)
from shipworthy.scoring.errors import PolicyError
from shipworthy.scoring.next_task import most_informative
from shipworthy.scoring.plain import record_to_json
from shipworthy.scoring.pooling import PooledEvidence, pool, require_sound, usable
from shipworthy.scoring.roles import decide_role
from shipworthy.scoring.verdicts import count, decide, explain, explain_unrated, gate_faults, kinds_needed

MOST_CRITICAL_MINIMA = 3

_NO_AGREEMENT: Mapping[str, float] = {}


def score_evidence(
    records: Sequence[EvidenceRecord],
    framework: Framework,
    *,
    context_id: str | None = None,
    role: AskedRole | None = None,
    policy: ScoringPolicy | None = None,
    candidates: Sequence[CandidateTask] = (),
    criteria: Sequence[RatedCriterion] = (),
    rating_agreement: Mapping[str, float] = _NO_AGREEMENT,
) -> Scorecard:
    """Return the scorecard of one candidate's evidence, all valid attempts pooled.

    With a `role`, or the `context_id` of a role context that stands for one, every Required and Preferred competency is
    scored, those not needed are left out, and a recommendation is made; without either, every competency that a record
    speaks of is scored. `candidates` are tasks that could be taken next. `criteria` are what people rate on the tasks
    taken; those without a rating await review and count nothing. `rating_agreement` is Krippendorff's alpha of the
    reviewers per task, where it is known. Raises `EvidenceError`, `PolicyError`, or the framework's `UnknownNameError`.
    """
    chosen = policy or ScoringPolicy()
    require_sound_policy(chosen, framework)
    require_sound(records, framework)
    asked = role or (None if context_id is None else asked_by_context(framework, context_id))
    requirements = _requirements(records, framework, asked)
    counted = usable(records, rating_agreement)
    pooled = {name: pool(counted, name, chosen) for name in requirements}
    offer = _offer(candidates, counted)
    awaiting = _awaiting(criteria, records)
    scores = tuple(
        _score(framework, name, level, pooled[name], offer=offer, awaiting=awaiting, policy=chosen)
        for name, level in requirements.items()
    )
    evidence_digest = digest_of_evidence(records)
    return Scorecard(
        framework_version=framework.version,
        framework_digest=framework.digest,
        policy=chosen,
        evidence_digest=evidence_digest,
        competencies=scores,
        role=_role(asked, scores, pooled, offer=offer, policy=chosen, seed=int(evidence_digest[:16], 16)),
        notes=_notes(records, rating_agreement, framework, asked),
        awaiting=awaiting,
        not_replayable=tuple(_live(records)),
    )


def asked_by_context(framework: Framework, context_id: str) -> AskedRole:
    """Return a role context of the framework as a role. Raises the framework's `UnknownNameError`."""
    context = framework.role_context(context_id)
    return AskedRole(context.id, context.title, framework.requirements_of(context_id))


def digest_of_evidence(records: Sequence[EvidenceRecord]) -> str:
    """Return the SHA-256 of all records, independent of their order."""
    spelled = sorted(digest(canonical_bytes(record_to_json(record))) for record in records)
    return digest(canonical_bytes(spelled))


def require_sound_policy(policy: ScoringPolicy, framework: Framework) -> None:
    """Raise `PolicyError` where a policy contradicts itself or names what the framework does not have."""
    faults = [rule for kept, rule in _policy_rules(policy) if not kept]
    named = {*policy.cuts, *policy.critical, *policy.index_weights}
    # A framework of one's own may do without a default critical competency, but not without one that was named.
    unknown = sorted(named - set(framework.competency_ids) - set(ScoringPolicy().critical))
    if unknown:
        faults.append(f"every named competency is in the framework, which has no {', '.join(unknown)}")
    if faults:
        raise PolicyError(f"The scoring policy breaks a rule: {'; '.join(faults)}.", remedy="Mend the policy.")


def _policy_rules(policy: ScoringPolicy) -> list[tuple[bool, str]]:
    cuts = (policy.cut, policy.index_cut, *policy.cuts.values())
    return [
        (all(0.0 < cut < 1.0 for cut in cuts), "every cut lies between 0 and 1"),
        (0.0 < policy.tau_fail < policy.tau_pass < 1.0, "tau_fail lies below tau_pass, both between 0 and 1"),
        (0.0 < policy.level < 1.0, "the level of intervals lies between 0 and 1"),
        (0.0 <= policy.rho <= 1.0, "rho lies from 0 to 1"),
        (0.0 <= policy.rater_icc <= 1.0, "rater_icc lies from 0 to 1"),
        (policy.min_tasks >= 1 and policy.min_kinds >= 1, "at least one task and one kind of evidence are needed"),
        (policy.draws >= 1000, "at least 1000 draws are needed"),
        (len(policy.critical) <= MOST_CRITICAL_MINIMA, f"at most {MOST_CRITICAL_MINIMA} competencies are critical"),
        (all(weight > 0.0 for weight in policy.index_weights.values()), "index weights are above 0"),
    ]


@dataclass(frozen=True)
class _Offer:
    everything: tuple[CandidateTask, ...]
    untaken: tuple[CandidateTask, ...]


def _offer(candidates: Sequence[CandidateTask], counted: Sequence[EvidenceRecord]) -> _Offer:
    taken = {record.task for record in counted if record.earned is not None}
    return _Offer(tuple(candidates), tuple(task for task in candidates if task.task_id not in taken))


def _awaiting(criteria: Sequence[RatedCriterion], records: Sequence[EvidenceRecord]) -> tuple[RatedCriterion, ...]:
    rated = {(record.task, record.check) for record in records if record.source is Source.HUMAN}
    return tuple(one for one in criteria if (one.task_id, one.criterion_id) not in rated)


def _requirements(
    records: Sequence[EvidenceRecord], framework: Framework, asked: AskedRole | None
) -> dict[str, RequirementLevel | None]:
    if asked is None:
        spoken_of = {name for record in records for name in record.competencies}
        return {name: None for name in framework.competency_ids if name in spoken_of}
    for name in asked.needs:
        framework.competency(name)
    needed = {name: asked.needs.get(name, RequirementLevel.NOT_NEEDED) for name in framework.competency_ids}
    return {name: level for name, level in needed.items() if level is not RequirementLevel.NOT_NEEDED}


def _score(
    framework: Framework,
    name: str,
    level: RequirementLevel | None,
    pooled: PooledEvidence,
    *,
    offer: _Offer,
    awaiting: Sequence[RatedCriterion],
    policy: ScoringPolicy,
) -> CompetencyScore:
    competency = framework.competency(name)
    unrated = sum(one.competencies.get(name, 0.0) > 0.0 for one in awaiting)
    posterior = pooled.posterior()
    cut = policy.cut_for(name)
    probability = posterior.probability_at_least(cut)
    faults = gate_faults(pooled, kinds_needed(pooled, name, offer.everything, policy), policy)
    verdict = decide(probability, faults, policy)
    return CompetencyScore(
        competency_id=name,
        title=competency.title,
        description=competency.description,
        requirement=level,
        score=pooled.score,
        interval=posterior.interval(policy.level),
        effective_n=pooled.effective_n,
        tasks=len(pooled.clusters),
        checks=len(pooled.observations),
        missing=pooled.missing,
        awaiting=unrated,
        kinds=pooled.kinds,
        cut=cut,
        probability=probability,
        verdict=verdict,
        reasons=(*explain(pooled, probability, cut, faults, policy), *explain_unrated(unrated)),
        next_task=_next_for(name, verdict, pooled, offer, policy),
    )


def _role(
    asked: AskedRole | None,
    scores: Sequence[CompetencyScore],
    pooled: Mapping[str, PooledEvidence],
    *,
    offer: _Offer,
    policy: ScoringPolicy,
    seed: int,
) -> RoleDecision | None:
    required = [score.competency_id for score in scores if score.requirement is RequirementLevel.REQUIRED]
    if asked is None or not required:
        return None
    kinds = max(kinds_needed(pooled[name], name, offer.everything, policy) for name in required)
    return decide_role(asked, scores, pooled, candidates=offer.untaken, kinds=kinds, policy=policy, seed=seed)


def _next_for(
    name: str, verdict: Verdict, pooled: PooledEvidence, offer: _Offer, policy: ScoringPolicy
) -> NextTask | None:
    if verdict is not Verdict.INSUFFICIENT_EVIDENCE:
        return None
    lacking = next((kind for kind in Source if pooled.kinds and kind not in pooled.kinds), None)
    return most_informative({name: pooled.posterior()}, {name: 1.0}, offer.untaken, policy, lacking)


def _notes(
    records: Sequence[EvidenceRecord],
    rating_agreement: Mapping[str, float],
    framework: Framework,
    asked: AskedRole | None,
) -> tuple[str, ...]:
    notes = []
    invalid = sum(record.validity is Validity.INVALID for record in records)
    if invalid:
        notes.append(f"{count(invalid, 'record')} found invalid by a person and left out.")
    notes.extend(_live_note(task, models) for task, models in _live(records).items())
    rated = sorted({record.task for record in records if record.source is Source.HUMAN} & set(rating_agreement))
    notes.extend(_agreement_note(task, rating_agreement[task]) for task in rated)
    if asked is not None:
        notes.extend(_notes_on_role(records, framework, asked))
    return tuple(notes)


def _notes_on_role(records: Sequence[EvidenceRecord], framework: Framework, asked: AskedRole) -> list[str]:
    notes = []
    if RequirementLevel.REQUIRED not in asked.needs.values():
        notes.append("The role requires no competency, so there is no recommendation.")
    spoken_of = {name for record in records for name in record.competencies}
    levels = {name: asked.needs.get(name, RequirementLevel.NOT_NEEDED) for name in framework.competency_ids}
    aside = [name for name, level in levels.items() if level is RequirementLevel.NOT_NEEDED and name in spoken_of]
    if aside:
        titles = ", ".join(framework.competency(name).title for name in aside)
        notes.append(f"Not needed for this role and not assessed: {titles}.")
    return notes


def _live(records: Sequence[EvidenceRecord]) -> dict[str, list[str]]:
    """Return the tasks whose evidence was made with live models, and which, both sorted."""
    tasks = sorted({record.task for record in records if record.live_models})
    return {
        task: sorted({name for record in records if record.task == task for name in record.live_models})
        for task in tasks
    }


def _live_note(task: str, models: Sequence[str]) -> str:
    return (
        f"Not replayable: {task} was graded with a live model ({', '.join(models)}). Its answers are recorded, and the "
        "score follows from them; they cannot be had again, so another grading may end otherwise."
    )


def _agreement_note(task: str, alpha: float) -> str:
    use = {
        AgreementBand.FIRM: "firm",
        AgreementBand.TENTATIVE: f"tentative, between {TENTATIVE_ALPHA} and 0.8",
        AgreementBand.NOT_USABLE: f"below {TENTATIVE_ALPHA}, so these ratings are reported and not used",
    }[agreement_band(alpha)]
    return f"Agreement of the reviewers on {task}: Krippendorff's alpha {alpha:.2f}, {use}."
