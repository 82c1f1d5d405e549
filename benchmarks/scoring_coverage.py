"""Do the scorecard's 90 % intervals hold what they promise, and how often is a firm word a wrong pass?

Simulated engineers with a known true level take simulated forms; the product's own rules score them. A task is easier
or harder for a person by chance (standard deviation 0.8 on the logit scale), so that checks on one task resemble each
other. Exit code 1 if a bar is missed: intervals cover 88 to 95 %, at most 5 % of firm words are wrong passes on forms
of three or more tasks, and two tasks never earn a firm word.

    python benchmarks/scoring_coverage.py [--people 3000] [--json]
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from shipworthy.framework import Framework, load_framework
from shipworthy.scoring.entities import CompetencyScore, EvidenceRecord, ScoringPolicy, Verdict
from shipworthy.scoring.rules import score_evidence

DESIGNS = ((2, 8), (3, 8), (4, 8), (6, 6), (10, 4))
POPULATIONS = {"near the cut": (0.85, 0.7), "wide": (0.5, 1.2)}
TASK_EFFECT = 0.8
COMPETENCY = "evaluation"
LOWEST_COVERAGE, HIGHEST_COVERAGE, MOST_WRONG_PASSES = 0.88, 0.95, 0.05

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """What a simulation of one form showed; all but the counts are shares."""

    population: str
    tasks: int
    checks: int
    people: int
    coverage: float
    coverage_if_independent: float
    firm: float
    wrong_pass_of_firm: float
    wrong_pass_of_passes: float
    wrong_fail_of_firm: float
    kept: bool


def simulate(population: str, tasks: int, checks: int, people: int, seed: int) -> Outcome:
    """Score `people` simulated engineers on a form of `tasks` tasks with `checks` checks each."""
    generator = np.random.default_rng([seed, tasks, checks])
    centre, spread = POPULATIONS[population]
    abilities = generator.normal(centre, spread, people)
    easiness = abilities[:, None] + generator.normal(0.0, TASK_EFFECT, (people, tasks))
    passed = generator.random((people, tasks, checks)) < special.expit(easiness)[:, :, None]
    levels = _true_levels(abilities)
    framework = load_framework()
    clustered, independent = ScoringPolicy(), ScoringPolicy(rho=0.0)
    scores = [_score(seen, framework, clustered) for seen in passed]
    naive = [_score(seen, framework, independent) for seen in passed]
    return _summarise(population, passed.shape, levels, scores, naive)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures and return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    outcomes = [
        simulate(population, tasks, checks, chosen.people, chosen.seed)
        for population in POPULATIONS
        for tasks, checks in DESIGNS
    ]
    print(json.dumps([asdict(outcome) for outcome in outcomes], indent=2) if chosen.json else _table(outcomes))
    return 0 if all(outcome.kept for outcome in outcomes) else 1


def _true_levels(abilities: Floats) -> Floats:
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    levels: Floats = special.expit(abilities[:, None] + TASK_EFFECT * nodes) @ (weights / weights.sum())
    return levels


def _score(seen: npt.NDArray[np.bool_], framework: Framework, policy: ScoringPolicy) -> CompetencyScore:
    records = [
        EvidenceRecord("first", f"task-{task}", 0, f"check-{check}", {COMPETENCY: 1.0}, 1.0, float(earned), "")
        for (task, check), earned in np.ndenumerate(seen)
    ]
    return score_evidence(records, framework, policy=policy).competencies[0]


def _summarise(
    population: str,
    shape: tuple[int, ...],
    levels: Floats,
    scores: Sequence[CompetencyScore],
    naive: Sequence[CompetencyScore],
) -> Outcome:
    people, tasks, checks = shape
    able = levels >= scores[0].cut
    passes = np.array([score.verdict is Verdict.DEMONSTRATED for score in scores])
    fails = np.array([score.verdict is Verdict.NOT_YET for score in scores])
    firm = int((passes | fails).sum())
    coverage = _coverage(levels, scores)
    wrong_passes = int((passes & ~able).sum())
    gate_holds = firm == 0 if tasks < ScoringPolicy().min_tasks else wrong_passes <= MOST_WRONG_PASSES * firm
    return Outcome(
        population=population,
        tasks=tasks,
        checks=checks,
        people=people,
        coverage=coverage,
        coverage_if_independent=_coverage(levels, naive),
        firm=firm / people,
        wrong_pass_of_firm=wrong_passes / max(1, firm),
        wrong_pass_of_passes=wrong_passes / max(1, int(passes.sum())),
        wrong_fail_of_firm=int((fails & able).sum()) / max(1, firm),
        kept=bool(LOWEST_COVERAGE <= coverage <= HIGHEST_COVERAGE and gate_holds),
    )


def _coverage(levels: Floats, scores: Sequence[CompetencyScore]) -> float:
    inside = [score.interval.low <= level <= score.interval.high for level, score in zip(levels, scores, strict=True)]
    return float(np.mean(inside))


def _table(outcomes: Sequence[Outcome]) -> str:
    head = f"{'population':14}{'form':>7}{'coverage':>10}{'if indep.':>11}{'firm':>8}{'wrong pass':>12}{'kept':>6}"
    lines = [
        f"{outcome.population:14}{f'{outcome.tasks}x{outcome.checks}':>7}{outcome.coverage:>10.3f}"
        f"{outcome.coverage_if_independent:>11.3f}{outcome.firm:>8.3f}{outcome.wrong_pass_of_firm:>12.4f}"
        f"{'yes' if outcome.kept else 'NO':>6}"
        for outcome in outcomes
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    sys.exit(main())
