"""Which task would say most next, for the minutes that it asks of a candidate."""

from collections.abc import Iterable, Mapping
from math import fsum

from shipworthy.measurement.posterior import BetaPosterior
from shipworthy.measurement.weights import effective_n
from shipworthy.scoring.entities import CandidateTask, NextTask, ScoringPolicy, Source


def observations_from(task: CandidateTask, competency_id: str, policy: ScoringPolicy) -> float:
    """Return how many independent observations of a competency a task should bring."""
    loading = task.competencies.get(competency_id, 0.0)
    if loading <= 0.0:
        return 0.0
    checks = task.checks * loading / fsum(task.competencies.values())
    return effective_n(checks, max(1.0, checks), policy.rho)


def most_informative(
    posteriors: Mapping[str, BetaPosterior],
    weights: Mapping[str, float],
    candidates: Iterable[CandidateTask],
    policy: ScoringPolicy,
    wanted: Source | None = None,
) -> NextTask | None:
    """Return the task that is expected to remove most variance of sum(weight theta) per minute, or None.

    `wanted` is a kind of evidence that is still lacking: tasks that bring it come first.
    """
    best: tuple[bool, float, str] | None = None
    chosen: NextTask | None = None
    total = fsum(weights[name] ** 2 * posterior.variance for name, posterior in posteriors.items())
    for task in sorted(candidates, key=lambda entry: entry.task_id):
        removed = _variance_removed(task, posteriors, weights, policy)
        rank = (wanted in task.kinds, removed / task.minutes, task.task_id)
        if removed > 0.0 and (best is None or rank[:2] > best[:2]):
            best, chosen = rank, _describe(task, removed / total)
    return chosen


def _variance_removed(
    task: CandidateTask, posteriors: Mapping[str, BetaPosterior], weights: Mapping[str, float], policy: ScoringPolicy
) -> float:
    return fsum(
        weights[name] ** 2
        * (posterior.variance - posterior.expected_variance_after(observations_from(task, name, policy)))
        for name, posterior in posteriors.items()
    )


def _describe(task: CandidateTask, gain: float) -> NextTask:
    reason = f"Should remove about {gain * 100:.0f} % of the remaining uncertainty in {task.minutes:g} minutes."
    return NextTask(task.task_id, task.title, task.minutes, gain, reason)
