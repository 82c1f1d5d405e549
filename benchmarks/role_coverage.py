"""Does the index over a role's required competencies hold what its interval promises?

Simulated engineers, with abilities that differ between competencies, take forms whose checks each speak of two
competencies. The product's own rules make the recommendation. Beside it stands what independent draws with a uniform
prior per competency would have claimed. Exit code 1 if the 90 % intervals cover less than 85 % or more than 95 %, or
if more than 5 % of all firm recommendations are wrong passes.

    python benchmarks/role_coverage.py [--people 600] [--json]
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from shipworthy.framework import Framework, RequirementLevel, load_framework
from shipworthy.scoring.entities import EvidenceRecord, Recommendation, RoleDecision, Scorecard, ScoringPolicy
from shipworthy.scoring.rules import score_evidence

CONTEXT = "classical_ml"
DESIGNS = ((6, 8), (12, 6))
PERSON_CENTRE, PERSON_SPREAD, COMPETENCY_SPREAD, TASK_EFFECT = 0.85, 0.6, 0.6, 0.8
LOWEST_COVERAGE, HIGHEST_COVERAGE, MOST_WRONG_PASSES = 0.85, 0.95, 0.05

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """What a simulation of one form showed; all but the counts are shares."""

    tasks: int
    checks: int
    people: int
    coverage: float
    coverage_if_independent: float
    firm: float
    wrong_pass_of_firm: float
    wrong_fail_of_firm: float
    kept: bool


@dataclass(frozen=True)
class _Sitting:
    index: float
    role: RoleDecision
    held_if_independent: bool


def simulate(tasks: int, checks: int, people: int, seed: int) -> Outcome:
    """Let `people` simulated engineers take a form of `tasks` tasks with `checks` checks each."""
    generator = np.random.default_rng([seed, tasks, checks])
    framework = load_framework()
    sittings = [_sit(generator, framework, tasks, checks) for _ in range(people)]
    held = [sitting.role.interval.low <= sitting.index <= sitting.role.interval.high for sitting in sittings]
    passes = [sitting for sitting in sittings if sitting.role.recommendation is Recommendation.RECOMMENDED]
    fails = [sitting for sitting in sittings if sitting.role.recommendation is Recommendation.NOT_RECOMMENDED]
    firm = max(1, len(passes) + len(fails))
    coverage = float(np.mean(held))
    wrong_passes = sum(sitting.index < sitting.role.cut for sitting in passes) / firm
    return Outcome(
        tasks=tasks,
        checks=checks,
        people=people,
        coverage=coverage,
        coverage_if_independent=float(np.mean([sitting.held_if_independent for sitting in sittings])),
        firm=(len(passes) + len(fails)) / people,
        wrong_pass_of_firm=wrong_passes,
        wrong_fail_of_firm=sum(sitting.index >= sitting.role.cut for sitting in fails) / firm,
        kept=LOWEST_COVERAGE <= coverage <= HIGHEST_COVERAGE and wrong_passes <= MOST_WRONG_PASSES,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures and return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    outcomes = [simulate(tasks, checks, chosen.people, chosen.seed) for tasks, checks in DESIGNS]
    print(json.dumps([asdict(outcome) for outcome in outcomes], indent=2) if chosen.json else _table(outcomes))
    return 0 if all(outcome.kept for outcome in outcomes) else 1


def _sit(generator: np.random.Generator, framework: Framework, tasks: int, checks: int) -> _Sitting:
    levels = framework.requirements_of(CONTEXT)
    required = [name for name, level in levels.items() if level is RequirementLevel.REQUIRED]
    person = generator.normal(PERSON_CENTRE, PERSON_SPREAD)
    abilities = person + generator.normal(0.0, COMPETENCY_SPREAD, len(required))
    records = [
        _look(generator, required, abilities, task=task, place=task * checks + check, effect=float(effect))
        for task, effect in enumerate(generator.normal(0.0, TASK_EFFECT, tasks))
        for check in range(checks)
    ]
    card = score_evidence(records, framework, context_id=CONTEXT, policy=ScoringPolicy(draws=1000))
    index = float(_true_levels(abilities).mean())
    low, high = _independent_interval(card, generator)
    if card.role is None:
        raise AssertionError("a role context was given, so the card has a role")
    return _Sitting(index, card.role, bool(low <= index <= high))


def _look(
    generator: np.random.Generator, required: Sequence[str], abilities: Floats, *, task: int, place: int, effect: float
) -> EvidenceRecord:
    main_one, side = place % len(required), (place * 5 + 1) % len(required)
    loadings = {main_one: 1.0} if main_one == side else {main_one: 0.7, side: 0.3}
    ability = sum(share * abilities[column] for column, share in loadings.items())
    earned = float(generator.random() < special.expit(ability + effect))
    competencies = {required[column]: share for column, share in loadings.items()}
    return EvidenceRecord("first", f"task-{task}", 0, f"check-{place}", competencies, 1.0, earned, "")


def _true_levels(abilities: Floats) -> Floats:
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    levels: Floats = special.expit(abilities[:, None] + TASK_EFFECT * nodes) @ (weights / weights.sum())
    return levels


def _independent_interval(card: Scorecard, generator: np.random.Generator) -> tuple[float, float]:
    required = [score for score in card.competencies if score.requirement is RequirementLevel.REQUIRED]
    earned = np.array([(score.score or 0.0) * score.effective_n for score in required])
    missed = np.array([score.effective_n for score in required]) - earned
    draws = generator.beta(1.0 + earned, 1.0 + missed, (1000, len(required))).mean(axis=1)
    low, high = np.quantile(draws, [0.05, 0.95])
    return float(low), float(high)


def _table(outcomes: Sequence[Outcome]) -> str:
    head = f"{'form':>7}{'coverage':>10}{'if indep.':>11}{'firm':>8}{'wrong pass':>12}{'wrong fail':>12}{'kept':>6}"
    lines = [
        f"{f'{outcome.tasks}x{outcome.checks}':>7}{outcome.coverage:>10.3f}{outcome.coverage_if_independent:>11.3f}"
        f"{outcome.firm:>8.3f}{outcome.wrong_pass_of_firm:>12.4f}{outcome.wrong_fail_of_firm:>12.4f}"
        f"{'yes' if outcome.kept else 'NO':>6}"
        for outcome in outcomes
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    sys.exit(main())
