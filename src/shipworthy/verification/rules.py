"""The gates, decided from what the trials gave; pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import stdev

from shipworthy.tasks.entities import Attack, Finding, Reference
from shipworthy.verification.entities import LADDER, Gate, GateReport, Purpose, Tried, Verdict

MAX_DEVIATION = 0.02
MAX_RANGE = 0.08
WELL_INSIDE = 0.7
"""The expert may use this share of any limit, so that a slower machine does not fail a good submission."""

TOLERANCE = 1e-9


def report(gate: Gate, faults: Iterable[str], figure: str, figures: Mapping[str, float] | None = None) -> GateReport:
    """Give a gate its verdict: it holds when nothing was found wrong."""
    found = tuple(faults)
    verdict = Verdict.FAILS if found else Verdict.HOLDS
    return GateReport(gate, verdict, figure, found, figures or {})


def well_formed(findings: Sequence[Finding]) -> GateReport:
    """Gate 1: the package loads without a finding."""
    faults = [f"{f.file}: {f.key}: {f.fault} {f.remedy}" for f in findings]
    return report(Gate.WELL_FORMED, faults, counted(len(faults), "finding"), {"findings": len(faults)})


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, such as `1 seed` or `3 seeds`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def not_tried(gate: Gate, why: str) -> GateReport:
    """Return the report of a gate that could not be tried."""
    return GateReport(gate, Verdict.NOT_TRIED, why)


def of_purpose(tried: Sequence[Tried], purpose: Purpose) -> list[Tried]:
    """Return the trials of one purpose."""
    return [one for one in tried if one.trial.purpose is purpose]


def scores_by_name(tried: Sequence[Tried]) -> dict[str, dict[int, float]]:
    """Return the task scores per submission and seed, of those that could be judged."""
    found: dict[str, dict[int, float]] = {}
    for one in tried:
        if one.score is not None:
            found.setdefault(one.trial.name, {})[one.trial.seed] = one.score
    return found


def our_faults(tried: Sequence[Tried]) -> list[str]:
    """Name the trials that ended with a fault of ours."""
    return [f"{one.trial.name}, seed {one.trial.seed}: {_tail(one.fault)}" for one in tried if one.fault]


def _tail(fault: str) -> str:
    return fault.strip().splitlines()[-1][:300] if fault.strip() else ""


def ladder(tried: Sequence[Tried], references: Sequence[Reference]) -> GateReport:
    """Gate 2: every reference lands in its bands, and each beats the next on every seed."""
    mine = of_purpose(tried, Purpose.REFERENCE)
    scores = scores_by_name(mine)
    faults = our_faults(mine) + _out_of_band(mine, references)
    gaps: list[float] = []
    for better, worse in pairwise(LADDER):
        for seed in sorted(scores.get(better, {}).keys() & scores.get(worse, {}).keys()):
            gap = scores[better][seed] - scores[worse][seed]
            gaps.append(gap)
            if gap <= TOLERANCE:
                faults.append(
                    f"seed {seed}: {better} ({scores[better][seed]:.3f}) does not beat "
                    f"{worse} ({scores[worse][seed]:.3f})"
                )
    ranges = ", ".join(f"{name} {_span(scores[name].values())}" for name in LADDER if name in scores)
    smallest = min(gaps, default=0.0)
    seeds = len(scores.get("expert", {}))
    return report(
        Gate.LADDER, faults, f"{ranges}; smallest gap {smallest:.3f}; {counted(seeds, 'seed')}", {"gap": smallest}
    )


def _span(scores: Iterable[float]) -> str:
    values = list(scores)
    low, high = min(values), max(values)
    return f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"


def _out_of_band(tried: Sequence[Tried], references: Sequence[Reference]) -> list[str]:
    bands = {reference.id: reference for reference in references}
    faults = []
    for one in tried:
        reference = bands[one.trial.name]
        wanted = {"the task": (one.score, reference.overall)}
        wanted |= {name: (one.competencies.get(name), band) for name, band in reference.competencies.items()}
        for name, (score, band) in wanted.items():
            if score is not None and not band.holds(score):
                faults.append(
                    f"{one.trial.name}, seed {one.trial.seed}: {score:.3f} for {name}, "
                    f"expected {band.low:g} to {band.high:g}"
                )
    return faults


def attacks(tried: Sequence[Tried], authored: Sequence[Attack]) -> GateReport:
    """Gate 3: on every seed, no attack scores above the reference that is its honest baseline."""
    mine = of_purpose(tried, Purpose.ATTACK)
    honest = scores_by_name(of_purpose(tried, Purpose.REFERENCE))
    baselines = {attack.id: attack.baseline for attack in authored}
    faults, largest = our_faults(mine), -1.0
    for one in mine:
        baseline = honest.get(baselines[one.trial.name], {}).get(one.trial.seed)
        if one.score is None or baseline is None:
            faults.append(f"{one.trial.name}, seed {one.trial.seed}: could not be compared with its baseline")
            continue
        largest = max(largest, one.score - baseline)
        if one.score > baseline + TOLERANCE:
            faults.append(
                f"{one.trial.name}, seed {one.trial.seed}: {one.score:.3f}, above {baselines[one.trial.name]} "
                f"({baseline:.3f})"
            )
    seeds = len({one.trial.seed for one in mine})
    figure = f"{counted(len(authored), 'attack')}, {counted(seeds, 'seed')}; largest gain {largest:+.3f}"
    return report(Gate.ATTACKS, faults, figure, {"attacks": len(authored), "largest_gain": largest})


def junk(tried: Sequence[Tried]) -> GateReport:
    """Gate 4: every kind of junk ends in a failed check, and never in a fault of the judge."""
    mine = of_purpose(tried, Purpose.JUNK)
    faults = our_faults(mine)
    faults += [
        f"{one.trial.name}, seed {one.trial.seed}: no check failed"
        for one in mine
        if not one.fault and not one.failed_checks
    ]
    kinds = len({one.trial.name for one in mine})
    return report(Gate.JUNK, faults, f"{kinds} kinds of junk, {len(mine)} judgements", {"kinds": kinds})


def equal_variants(tried: Sequence[Tried]) -> GateReport:
    """Gate 5: over the seeds, a reference's score has a standard deviation of at most 0.02, a range of at most 0.08."""
    scores = scores_by_name(of_purpose(tried, Purpose.REFERENCE))
    faults, deviations, ranges = [], [0.0], [0.0]
    for name, by_seed in scores.items():
        values = list(by_seed.values())
        deviation = stdev(values) if len(values) > 1 else 0.0
        spread = max(values) - min(values)
        deviations.append(deviation)
        ranges.append(spread)
        if deviation > MAX_DEVIATION or spread > MAX_RANGE:
            faults.append(f"{name}: standard deviation {deviation:.4f}, range {spread:.4f}")
    figure = f"largest standard deviation {max(deviations):.4f}, largest range {max(ranges):.4f}"
    figures = {"deviation": max(deviations), "range": max(ranges)}
    return report(Gate.EQUAL_VARIANTS, faults, figure, figures)


def determinism(tried: Sequence[Tried]) -> GateReport:
    """Gate 6: a second grading and a replay give the same bytes, and the expert stays well inside the limits."""
    mine = of_purpose(tried, Purpose.AGAIN)
    faults = our_faults(mine)
    faults += [
        f"{one.trial.name}, seed {one.trial.seed}: graded again, the outcomes differ" for one in mine if not one.same
    ]
    experts = [one for one in of_purpose(tried, Purpose.REFERENCE) if one.trial.name == LADDER[0]]
    largest = max((one.largest_share for one in experts), default=0.0)
    if largest > WELL_INSIDE:
        faults.append(
            f"the expert uses {largest:.0%} of a limit; at most {WELL_INSIDE:.0%} leaves room for slow machines"
        )
    figure = f"{len(mine)} gradings repeated and replayed; expert uses at most {largest:.0%} of a limit"
    return report(Gate.DETERMINISM, faults, figure, {"largest_share": largest})


def sealed(tried: Sequence[Tried]) -> GateReport:
    """Gate 7: a submission that reads all it can finds nothing of the judge, the references or hidden data."""
    mine = of_purpose(tried, Purpose.SEARCH)
    faults = our_faults(mine) + [
        f"seed {one.trial.seed}: candidate code can read {leak}" for one in mine for leak in one.leaks
    ]
    figure = f"{counted(len(mine), 'search', 'searches')} of all that a submission can read"
    return report(Gate.SEALED, faults, figure, {"leaks": sum(len(one.leaks) for one in mine)})


def sealed_unrun(tried: Sequence[Tried]) -> GateReport:
    """Gate 7 where submissions are only read: in no grading was anything of a submission run."""
    graded = [one for one in tried if one.trial.purpose is not Purpose.JUNK]
    faults = our_faults(of_purpose(graded, Purpose.SEARCH)) + [
        f"{one.trial.name}, seed {one.trial.seed}: something was run, although the manifest says that nothing is"
        for one in graded
        if one.runs
    ]
    figure = f"nothing of a submission was run in {counted(len(graded), 'grading')}"
    return report(Gate.SEALED, faults, figure, {"leaks": len(faults)})
