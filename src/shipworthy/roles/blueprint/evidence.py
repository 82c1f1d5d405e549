"""How much a set of tasks says about a competency: the definitions that the program and the explanation share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from shipworthy.framework import RequirementLevel
from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.measurement.weights import effective_n, kish_n
from shipworthy.roles.blueprint.entities import EvidenceKind, TaskOffer

THOUSANDTHS = 1000
"""Effective observations are counted in thousandths, rounded up, so that the integer program has whole figures."""


@dataclass(frozen=True)
class TaskEvidence:
    """What one task has for one competency: weight times loading of each check, sorted, and whether it is rated."""

    weights: tuple[float, ...]
    rated: bool

    @property
    def kinds(self) -> frozenset[EvidenceKind]:
        """The kinds of evidence that the task has for this competency."""
        kinds = {EvidenceKind.EXECUTED} if self.weights else set()
        return frozenset(kinds | ({EvidenceKind.HUMAN} if self.rated else set()))

    def worth(self, rule: FirmnessRule) -> int:
        """Return the task's own effective observations: its Kish n over its own design effect, in thousandths."""
        if not self.weights:
            return 0
        alone = effective_n(kish_n(self.weights), len(self.weights), rule.rho)
        return ceil(alone * THOUSANDTHS - 1e-6)


@dataclass(frozen=True)
class Standing:
    """What a set of tasks has for one competency.

    `effective_n` pools all checks, `worth` is the sum of the tasks' own effective observations in thousandths. With
    equal weights n / (1 + (n - 1) rho) is concave in n, so that the sum is never above the pooled figure (Jensen).
    """

    tasks: int
    effective_n: float
    worth: int
    kinds: frozenset[EvidenceKind]

    def is_firm(self, kinds_needed: int, rule: FirmnessRule) -> bool:
        """Say whether this allows a firm word, both by the pooled figure and by the tasks' own sum."""
        return (
            self.tasks >= rule.min_tasks
            and len(self.kinds) >= kinds_needed
            and self.worth >= needed_worth(rule)
            and self.effective_n >= rule.min_effective_n
        )


def needed_worth(rule: FirmnessRule) -> int:
    """Return the least sum of the tasks' own effective observations, in thousandths."""
    return ceil(rule.min_effective_n * THOUSANDTHS - 1e-6)


def evidence_of(offer: TaskOffer, competency_id: str) -> TaskEvidence | None:
    """Return what a task has for a competency, or None where no check and no criterion speaks of it."""
    loaded = [(check.weight, check.loadings.get(competency_id, 0.0)) for check in offer.checks]
    weights = tuple(sorted(weight * loading for weight, loading in loaded if loading > 0.0))
    rated = any(criterion.get(competency_id, 0.0) > 0.0 for criterion in offer.criteria)
    return TaskEvidence(weights, rated) if weights or rated else None


def standing(evidence: Iterable[TaskEvidence], rule: FirmnessRule) -> Standing:
    """Return what a set of tasks has, given each task's evidence."""
    chosen = tuple(evidence)
    kinds = frozenset[EvidenceKind]().union(*(entry.kinds for entry in chosen))
    worth = sum(entry.worth(rule) for entry in chosen)
    return Standing(len(chosen), pooled_n([entry.weights for entry in chosen], rule), worth, kinds)


def pooled_n(weights_per_task: Sequence[Sequence[float]], rule: FirmnessRule) -> float:
    """Return the independent observations that all checks together are worth, as scoring counts them."""
    seen = [weights for weights in weights_per_task if weights]
    pooled = [weight for weights in seen for weight in weights]
    return effective_n(kish_n(pooled), len(pooled) / len(seen), rule.rho) if pooled else 0.0


@dataclass(frozen=True)
class Ground:
    """The tasks that may be chosen, sorted by id, with what each has per required and preferred competency.

    `kinds_needed` is how many kinds of evidence a firm word needs, no more than the tasks on offer have.
    """

    offers: tuple[TaskOffer, ...]
    required: tuple[str, ...]
    preferred: tuple[str, ...]
    evidence: Mapping[str, Mapping[int, TaskEvidence]]
    kinds_needed: Mapping[str, int]
    rule: FirmnessRule

    def standing(self, competency_id: str, chosen: Iterable[int]) -> Standing:
        """Return what the chosen tasks (places in `offers`) have for a competency."""
        having = self.evidence[competency_id]
        return standing((having[place] for place in sorted(chosen) if place in having), self.rule)

    def is_firm(self, competency_id: str, chosen: Iterable[int]) -> bool:
        """Say whether the chosen tasks allow a firm word about a competency."""
        return self.standing(competency_id, chosen).is_firm(self.kinds_needed[competency_id], self.rule)

    def kinds_on_offer(self, competency_id: str) -> frozenset[EvidenceKind]:
        """Return the kinds of evidence that the tasks on offer have for a competency."""
        return frozenset[EvidenceKind]().union(*(entry.kinds for entry in self.evidence[competency_id].values()))


def ground_of(offers: Iterable[TaskOffer], needs: Mapping[str, RequirementLevel], rule: FirmnessRule) -> Ground:
    """Lay out the tasks that may be chosen against what the role needs."""
    ordered = tuple(sorted(offers, key=lambda offer: offer.task_id))
    names = [name for name, need in needs.items() if need is not RequirementLevel.NOT_NEEDED]
    evidence = {name: _evidence_by_place(ordered, name) for name in names}
    kinds = {name: {kind for entry in evidence[name].values() for kind in entry.kinds} for name in names}
    return Ground(
        offers=ordered,
        required=tuple(name for name in names if needs[name] is RequirementLevel.REQUIRED),
        preferred=tuple(name for name in names if needs[name] is RequirementLevel.PREFERRED),
        evidence=evidence,
        kinds_needed={name: min(rule.min_kinds, len(kinds[name])) for name in names},
        rule=rule,
    )


def _evidence_by_place(offers: Sequence[TaskOffer], competency_id: str) -> dict[int, TaskEvidence]:
    found = ((place, evidence_of(offer, competency_id)) for place, offer in enumerate(offers))
    return {place: entry for place, entry in found if entry is not None}
