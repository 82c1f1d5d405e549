"""How long does it take to draw a blueprint, and is it really the best one?

Catalogues are drawn from a seed, of three sorts: `even` (every check weighs the same), `uneven` (weights differ, as in
real packages) and `alike` (ten of each task). The role needs all 11 competencies; the limits are 1 h 30 min, 3 h,
and as much as it takes. Times are seconds of this process's own processor time, so that other programs matter little.
Every small random case must equal what trying every set of tasks finds. Exit code 1 if one does not, or if the median
time for a sort and limit is above 1 s.

    python benchmarks/blueprint.py [--catalogues 3] [--sizes 50 200] [--cases 100] [--json]
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from statistics import median

from shipworthy.framework import RequirementLevel, load_framework
from shipworthy.measurement.firmness import FIRMNESS, FirmnessRule
from shipworthy.roles.blueprint.choice import best_choice
from shipworthy.roles.blueprint.entities import OfferedCheck, TaskOffer
from shipworthy.roles.blueprint.evidence import Ground, ground_of
from shipworthy.roles.blueprint.operations import draw_blueprint
from shipworthy.roles.blueprint.program import value_of
from shipworthy.tasks.entities import Method

SORTS = ("even", "uneven", "alike")
LIMITS = (90, 180, 2400)
COPIES = 10
BAR_SECONDS = 1.0
COMPETENCIES = load_framework().competency_ids


@dataclass(frozen=True)
class Timing:
    """Median and longest processor time of drawing one blueprint, in seconds."""

    sort: str
    tasks: int
    limit_minutes: int
    median_seconds: float
    longest_seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures and return 1 if a small case differs from trying every set, or one takes too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogues", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--sorts", nargs="+", choices=SORTS, default=list(SORTS))
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    equal = sum(_equals_trying(random.Random(seed)) for seed in range(chosen.cases))
    if not chosen.json:
        print(f"equal to trying every set: {equal} of {chosen.cases} random small cases")
        print(f"{'sort':8} {'tasks':>5} {'limit':>6} {'median':>9} {'longest':>9}")
    timings = []
    for sort in chosen.sorts:
        for size in chosen.sizes:
            for limit in LIMITS:
                timing = _timing(sort, size, limit, chosen.catalogues)
                timings.append(timing)
                if not chosen.json:
                    print(_line(timing), flush=True)
    if chosen.json:
        print(
            json.dumps({"equal": equal, "cases": chosen.cases, "timings": [asdict(each) for each in timings]}, indent=2)
        )
    quick = all(timing.median_seconds <= BAR_SECONDS for timing in timings)
    return 0 if equal == chosen.cases and quick else 1


def _line(timing: Timing) -> str:
    seconds = f"{timing.median_seconds:>7.2f} s {timing.longest_seconds:>7.2f} s"
    return f"{timing.sort:8} {timing.tasks:>5} {timing.limit_minutes:>6} {seconds}"


def _timing(sort: str, size: int, limit: int, catalogues: int) -> Timing:
    needs = dict.fromkeys(COMPETENCIES, RequirementLevel.REQUIRED) | {
        "statistical_modeling": RequirementLevel.PREFERRED
    }
    seconds = []
    for seed in range(catalogues):
        offers = catalogue(sort, size, random.Random(seed))
        start = time.process_time()
        draw_blueprint(needs, offers, limit_minutes=limit)
        seconds.append(time.process_time() - start)
    return Timing(sort, size, limit, median(seconds), max(seconds))


def catalogue(sort: str, size: int, chance: random.Random) -> list[TaskOffer]:
    """Return random tasks: one main competency with most of the checks, and up to two more."""
    copies = COPIES if sort == "alike" else 1
    weights = [0.1] if sort != "uneven" else [0.06, 0.08, 0.1, 0.12, 0.16]
    kinds = [_task(weights, chance) for _ in range(-(-size // copies))]
    alike = [kind for kind in kinds for _ in range(copies)][:size]
    chance.shuffle(alike)
    return [TaskOffer(f"task-{place:03d}", f"Task {place}", *kind) for place, kind in enumerate(alike)]


def _task(
    weights: list[float], chance: random.Random
) -> tuple[Method, int, tuple[str, ...], tuple[OfferedCheck, ...], tuple[dict[str, float], ...]]:
    main_one, *others = chance.sample(COMPETENCIES, chance.randint(1, 3))
    spoken_of = [main_one] * chance.randint(4, 8) + [name for name in others for _ in range(chance.randint(1, 4))]
    checks = tuple(OfferedCheck(chance.choice(weights), {name: 1.0}) for name in spoken_of)
    rated = ({main_one: 1.0}, *({name: 1.0} for name in others if chance.random() < 0.5))
    return chance.choice(list(Method)), chance.choice([20, 25, 30, 35, 40, 45]), ("llm_genai",), checks, rated


def _equals_trying(chance: random.Random) -> bool:
    rule = chance.choice([FIRMNESS, FirmnessRule(2, 2, 4.0), FirmnessRule(2, 1, 2.0, 0.4)])
    names = COMPETENCIES[:4]
    levels = [RequirementLevel.REQUIRED, RequirementLevel.REQUIRED, RequirementLevel.PREFERRED]
    offers = [_small_task(f"task-{place}", names, chance) for place in range(chance.randint(1, 9))]
    ground = ground_of(offers, {name: chance.choice(levels) for name in names}, rule)
    limit = chance.choice([None, chance.randint(10, 300)])
    found, expected = best_choice(ground, (), limit), _best_by_trying(ground, limit)
    return found == expected and value_of(ground, found) == value_of(ground, expected)


def _small_task(task_id: str, names: Sequence[str], chance: random.Random) -> TaskOffer:
    spoken_of = chance.sample(names, chance.randint(1, 3))
    weight = chance.choice([0.05, 0.1, 0.3])
    checks = tuple(OfferedCheck(weight, {chance.choice(spoken_of): 1.0}) for _ in range(chance.randint(1, 10)))
    rated = tuple({name: 1.0} for name in spoken_of if chance.random() < 0.5)
    return TaskOffer(task_id, task_id, chance.choice(list(Method)), chance.choice([20, 30, 40]), (), checks, rated)


def _best_by_trying(ground: Ground, limit: int | None) -> frozenset[int]:
    places = range(len(ground.offers))
    sets = [frozenset(entry) for size in range(len(places) + 1) for entry in combinations(places, size)]
    most = sum(offer.minutes for offer in ground.offers) if limit is None else limit
    fitting = [entry for entry in sets if sum(ground.offers[place].minutes for place in entry) <= most]
    return min(fitting, key=lambda entry: (value_of(ground, entry).key, sorted(entry)))


if __name__ == "__main__":
    sys.exit(main())
