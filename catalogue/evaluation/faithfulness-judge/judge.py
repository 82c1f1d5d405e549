"""Runs report.py and score.py, and holds what they say against labels that nobody else has."""

import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from shipworthy.kit import BadAnswer, Bench, decode_json, expect_list, expect_mapping, expect_number, expect_text, ramp

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import measures
finally:
    sys.path.pop(0)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Row = dict[str, Any]

SCORE = ["python", "score.py", "cases.jsonl", "scores.csv"]
REPORT = ["python", "report.py"]
AGAIN = 250
"""How many cases are scored a second time, alone among themselves, in another order and under other ids."""

LEVEL = 0.90
FAULTS = {
    "names": ("name", "another name"),
    "numbers": ("number", "another number"),
    "negations": ("negation", "a lost or added negation"),
    "elsewhere": ("elsewhere", "what is true of the site but not said in the passage"),
}
REPORTED = ("ranking", "intervals", "measured", "shift", "limit")
MOST_MEASURES = 20


@dataclass(frozen=True)
class Standing:
    """Scores of the hidden cases beside the truth; `useful` in [0, 1] is how far they are from saying nothing."""

    scores: Floats
    faulty: Flags
    kinds: NDArray[np.str_]
    paraphrased: Flags
    useful: float


@dataclass(frozen=True)
class Sets:
    """Pilot and last week as they were handed out; for each, the rate and the area of lack of overlap."""

    pilot: Sequence[Row]
    week: Sequence[Row]
    rates: tuple[float, float]
    areas: tuple[float, float]

    @classmethod
    def of(cls, bench: Bench, truth: Mapping[str, Any]) -> "Sets":
        """Work the figures out."""
        pilot, week = (rows_of(bench.variant.starter[f"data/{name}.jsonl"]) for name in ("pilot", "last_week"))
        labels = np.array([bool(row["unsupported"]) for row in pilot]), np.array(truth["week"], dtype=bool)
        lacks = [-np.array([measures.overlap(row) for row in rows]) for rows in (pilot, week)]
        before, now = (area(lack, faulty) for lack, faulty in zip(lacks, labels, strict=True))
        return cls(pilot, week, (float(labels[0].mean()), float(labels[1].mean())), (before, now))


def judge(bench: Bench) -> None:
    """Observe every check of the manifest."""
    truth = json.loads(bench.variant.hidden["truth.json"])
    rows = rows_of(bench.variant.hidden["inputs/later.jsonl"])
    standing = stand(truth, scored(bench, rows))
    judge_scores(bench, standing)
    with bench.guard("contract"):
        judge_contract(bench, standing, rows)
    with bench.guard(*REPORTED):
        judge_report(bench, reported(bench), truth, standing)


def judge_report(bench: Bench, report: Row, truth: Mapping[str, Any], standing: Standing) -> None:
    """Look at each part of the report; a part that cannot be read costs its own check only."""
    with bench.guard("ranking", "intervals"):
        systems = read_systems(report, truth["rates"])
        judge_intervals(bench, systems, truth["rates"], standing.useful)
        judge_ranking(bench, report, systems, truth["rates"], standing.useful)
    sets = Sets.of(bench, truth)
    with bench.guard("measured"):
        judge_measured(bench, report, sets)
    with bench.guard("shift"):
        judge_shift(bench, report, sets, standing.useful)
    with bench.guard("limit"):
        judge_limit(bench, report, standing)


def given(bench: Bench) -> dict[str, bytes]:
    """Give the files that every run gets as they were handed out, whatever the submission made of them."""
    return dict(bench.variant.starter)


def rows_of(content: bytes) -> list[Row]:
    """Read one JSON object per line."""
    return [json.loads(line) for line in content.splitlines()]


def scored(bench: Bench, rows: Sequence[Row]) -> Floats:
    """Let score.py score cases; one probability per case in their order, or BadAnswer."""
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    workspace = bench.workspace({**given(bench), "cases.jsonl": lines})
    workspace.run(SCORE).require()
    answers = workspace.csv("scores.csv", {"id": str, "unsupported": float}, max_rows=2 * len(rows))
    found = {answer["id"]: answer["unsupported"] for answer in answers}
    if len(answers) != len(rows) or found.keys() != {row["id"] for row in rows}:
        raise BadAnswer(f"scores.csv does not hold exactly one row for each of the {len(rows)} ids that were given.")
    return np.array([expect_number(found[row["id"]], 'a value of "unsupported"', low=0.0, high=1.0) for row in rows])


def stand(truth: Mapping[str, Any], scores: Floats) -> Standing:
    """Put scores beside the truth."""
    kinds = np.array([case["fault"] for case in truth["later"]])
    paraphrased = np.array([case["paraphrased"] for case in truth["later"]])
    faulty = kinds != ""
    return Standing(scores, faulty, kinds, paraphrased, ramp(area(scores, faulty), 0.62, 0.75))


def area(scores: Floats, faulty: Flags) -> float:
    """Give the area under the ROC curve; ties count half."""
    ranks, positives = rankdata(scores), int(faulty.sum())
    pairs = positives * (len(faulty) - positives)
    return float((ranks[faulty].sum() - positives * (positives + 1) / 2) / pairs)


def judge_scores(bench: Bench, standing: Standing) -> None:
    """How well the scores tell unsupported answers, overall and kind by kind, and whether they mean what they say."""
    whole = area(standing.scores, standing.faulty)
    bench.observe(
        "discrimination",
        ramp(whole, 0.65, 0.98),
        f"On answers like last week's the area under the ROC curve is {whole:.3f}.",
        {"area": round(whole, 4)},
    )
    for check, (kind, words) in FAULTS.items():
        looked = ~standing.faulty | (standing.kinds == kind)
        found = area(standing.scores[looked], standing.faulty[looked])
        message = f"Answers with {words}, against supported ones: area under the ROC curve {found:.3f}."
        bench.observe(check, ramp(found, 0.60, 0.97), message, {"area": round(found, 4)})
    looked = standing.faulty | standing.paraphrased
    found = area(standing.scores[looked], standing.faulty[looked])
    bench.observe(
        "paraphrases",
        ramp(found, 0.60, 0.97),
        f"Supported answers in other words, against unsupported ones: area under the ROC curve {found:.3f}.",
        {"area": round(found, 4)},
    )
    judge_calibration(bench, standing)


def judge_calibration(bench: Bench, standing: Standing) -> None:
    """Whether probabilities mean what they say, over tenths, and are better than saying the rate."""
    error = calibration_error(standing.scores, standing.faulty)
    rate = standing.faulty.mean()
    skill = 1 - float(((standing.scores - standing.faulty) ** 2).mean() / (rate * (1 - rate)))
    bench.observe(
        "calibration",
        min(ramp(error, 0.25, 0.03), ramp(skill, 0.0, 0.80)),
        f"Over tenths of your scores, what they say is off by {error:.3f} on average; of the Brier score of a constant "
        f"at the true rate, {100 * max(0.0, skill):.0f} % is gained.",
        {"error": round(error, 4), "skill": round(skill, 4), "mean": round(float(standing.scores.mean()), 4)},
    )


def calibration_error(scores: Floats, faulty: Flags) -> float:
    """Give the mean gap between stated and true share over tenths by score; ties are broken without a look at truth."""
    order = np.lexsort((rankdata(np.arange(len(scores)) * 7919 % len(scores)), scores))
    return float(np.mean([abs(scores[tenth].mean() - faulty[tenth].mean()) for tenth in np.array_split(order, 10)]))


def judge_contract(bench: Bench, standing: Standing, rows: Sequence[Row]) -> None:
    """Whether a case gets the same score among others, in another order and under another id."""
    drawn = random.Random("again")
    places = drawn.sample(range(len(rows)), AGAIN)
    renamed = [{**rows[place], "id": f"{drawn.getrandbits(40):010x}"} for place in places]
    gap = float(np.abs(scored(bench, renamed) - standing.scores[places]).max())
    whole = area(standing.scores, standing.faulty)
    same, speaks = gap <= 1e-6, ramp(whole, 0.53, 0.56)
    message = "score.py ran, and a case gets the same score in whatever company, order and under whatever id."
    if not same:
        message = (
            f"The same cases in another order, in a smaller file and under other ids got scores that differ by up to "
            f"{gap:.4f}: a score may rest on its own context and answer and on data/, nothing else."
        )
    elif speaks < 1.0:
        message += f" But with an area of {whole:.3f} it says nothing, or hardly anything, about the answers."
    bench.observe("contract", same * speaks, message, {"largest_gap": round(gap, 6), "area": round(whole, 4)})


def reported(bench: Bench) -> Row:
    """Let report.py write report.json, and read it. Raises BadAnswer."""
    workspace = bench.workspace(given(bench))
    workspace.delete("report.json")
    workspace.run(REPORT).require()
    return expect_mapping(decode_json(workspace.read("report.json", limit=262_144), "report.json"), "report.json")


def read_systems(report: Row, rates: Mapping[str, float]) -> dict[str, tuple[float, float, float]]:
    """Read rate, low and high of every system. Raises BadAnswer."""
    systems = expect_mapping(report.get("systems"), '"systems" of report.json')
    if systems.keys() != rates.keys():
        raise BadAnswer('"systems" of report.json does not hold exactly the systems of data/last_week.jsonl.')
    return {name: read_system(name, systems[name]) for name in sorted(rates)}


def read_system(name: str, value: object) -> tuple[float, float, float]:
    """Read one system's figures."""
    fields = expect_mapping(value, f'"{name}" of "systems"')
    rate, low, high = (share(fields, key, f'"{key}" of "{name}"') for key in ("rate", "low", "high"))
    if not low <= rate <= high:
        raise BadAnswer(f'The rate of "{name}" does not lie between its low and high.')
    return rate, low, high


def share(fields: Row, key: str, what: str) -> float:
    """Read a number in [0, 1]."""
    return expect_number(fields.get(key), what, low=0.0, high=1.0)


def note(useful: float) -> str:
    """Say in words what `useful` does to a score."""
    if useful == 1.0:
        return ""
    return " Counted in part or not at all: on answers like last week's, score.py is hardly better than chance."


def judge_intervals(
    bench: Bench, systems: Mapping[str, tuple[float, float, float]], rates: Mapping[str, float], useful: float
) -> None:
    """Whether the stated intervals hold the true rates and are no wider than the sample makes necessary.

    The interval score (Gneiting and Raftery 2007) is the width plus 2 / (1 - level) times the distance by which the
    interval misses.
    """
    found = []
    for name, (_, low, high) in systems.items():
        missed = max(low - rates[name], rates[name] - high, 0.0)
        found.append(high - low + 2 / (1 - LEVEL) * missed)
    held = sum(low <= rates[name] <= high for name, (_, low, high) in systems.items())
    width = float(np.mean([high - low for _, low, high in systems.values()]))
    score = ramp(float(np.mean(found)), 0.42, 0.13)
    bench.observe(
        "intervals",
        score * useful,
        f"{held} of {len(systems)} intervals hold the true rate; they are {width:.3f} wide on average." + note(useful),
        {"held": held, "width": round(width, 4), "useful": round(useful, 4)},
    )


def judge_ranking(
    bench: Bench,
    report: Row,
    systems: Mapping[str, tuple[float, float, float]],
    rates: Mapping[str, float],
    useful: float,
) -> None:
    """Whether the system to ship is good, and whether the stated rates order the systems as the true ones do."""
    ship = expect_text(report.get("ship"), '"ship" of report.json', max_chars=100)
    if ship not in rates:
        raise BadAnswer('"ship" of report.json names no system of data/last_week.jsonl.')
    lost = rates[ship] - min(rates.values())
    order = agreement([systems[name][0] for name in systems], [rates[name] for name in systems])
    worse = sum(rate < rates[ship] for rate in rates.values())
    words = "is the one with the fewest unsupported answers" if worse == 0 else "is not the one with the fewest"
    bench.observe(
        "ranking",
        (0.5 * ramp(lost, 0.10, 0.0) + 0.5 * ramp(order, 0.3, 0.9)) * useful,
        f"The system to ship {words}; the stated rates agree with the true order to {order:.2f}, where 1 is all."
        + note(useful),
        {"lost": round(lost, 4), "order": round(order, 4), "useful": round(useful, 4)},
    )


def agreement(stated: Sequence[float], true: Sequence[float]) -> float:
    """Give Kendall's tau with each pair counting by how far apart the two true rates are; ties in `stated` count 0."""
    pairs = [(stated[a] - stated[b], true[a] - true[b]) for a, b in combinations(range(len(true)), 2)]
    agreed = sum(abs(apart) * float(np.sign(said) * np.sign(apart)) for said, apart in pairs)
    return agreed / sum(abs(apart) for _, apart in pairs)


def judge_measured(bench: Bench, report: Row, sets: Sets) -> None:
    """Whether the figures that need no estimate are right: those of the pilot, and the measures that moved."""
    shift = expect_mapping(report.get("shift"), '"shift" of report.json')
    true = {"unsupported": sets.rates[0], "overlap_area": sets.areas[0]}
    right = [abs(stated(shift, key, "pilot") - true[key]) <= 0.01 for key in true]
    found = moved(shift, sets)
    bench.observe(
        "measured",
        sum(right) / len(right) * found,
        f"{sum(right)} of {len(right)} figures of the pilot are right; of the measures that moved, the report has "
        f"{100 * found:.0f} % with their means, less what it names and did not move.",
        {"pilot": sum(right), "moved": round(found, 4)},
    )


def judge_shift(bench: Bench, report: Row, sets: Sets, useful: float) -> None:
    """Whether the report knows, without labels, the rate of last week and what overlap is worth there."""
    shift = expect_mapping(report.get("shift"), '"shift" of report.json')
    rate = ramp(abs(stated(shift, "unsupported", "last_week") - sets.rates[1]), 0.10, 0.03)
    overlap = ramp(abs(stated(shift, "overlap_area", "last_week") - sets.areas[1]), 0.20, 0.06)
    bench.observe(
        "shift",
        (0.5 * rate + 0.5 * overlap) * useful,
        f"What the report says about last week holds to {100 * rate:.0f} % for the share of unsupported answers and to "
        f"{100 * overlap:.0f} % for what overlap is worth." + note(useful),
        {"rate": round(rate, 4), "overlap": round(overlap, 4), "useful": round(useful, 4)},
    )


def stated(shift: Row, key: str, when: str) -> float:
    """Read a figure of the pilot or of last week."""
    return share(expect_mapping(shift.get(key), f'"{key}" of "shift"'), when, f'"{when}" of "{key}"')


def moved(shift: Row, sets: Sets) -> float:
    """Score the named measures: three that really moved, with their means; each that did not takes off three shares."""
    named = {}
    for entry in expect_list(shift.get("moved"), '"moved" of "shift"', max_items=MOST_MEASURES):
        fields = expect_mapping(entry, 'an entry of "moved"')
        name = expect_text(fields.get("measure"), '"measure" of an entry of "moved"', max_chars=100)
        named[name] = [
            expect_number(fields.get(key), f'"{key}" of an entry of "moved"') for key in ("pilot", "last_week")
        ]
    verdicts = [moved_really(name, figures, (sets.pilot, sets.week)) for name, figures in named.items()]
    if not verdicts:
        return 0.0
    wrong = sum(verdict < 0 for verdict in verdicts) / len(verdicts)
    return min(1.0, sum(verdict > 0 for verdict in verdicts) / 3) * max(0.0, 1 - 3 * wrong)


def moved_really(name: str, figures: Sequence[float], sets: tuple[Sequence[Row], Sequence[Row]]) -> int:
    """Say whether a measure moved by more than chance (1), not (-1), or that one cannot tell (0); wrong numbers: -1."""
    if name not in measures.MEASURES:
        return -1
    values = [np.array([measures.MEASURES[name](row) for row in rows]) for rows in sets]
    if any(abs(figure - found.mean()) > 0.01 for figure, found in zip(figures, values, strict=True)):
        return -1
    error = float(np.sqrt(sum(found.var() / len(found) for found in values)))
    distance = abs(values[0].mean() - values[1].mean()) / error if error else 0.0
    return 1 if distance >= 3.0 else -1 if distance < 2.0 else 0


def judge_limit(bench: Bench, report: Row, standing: Standing) -> None:
    """Whether the report knows how many unsupported answers score.py lets through at a half."""
    limit = expect_mapping(report.get("limit"), '"limit" of report.json')
    stated = share(limit, "missed_share", '"missed_share" of "limit"')
    expect_text(limit.get("text"), '"text" of "limit"', max_chars=5000)
    missed = float((standing.scores[standing.faulty] < 0.5).mean())
    bench.observe(
        "limit",
        ramp(abs(stated - missed), 0.35, 0.04) * standing.useful,
        f"You say that score.py misses a share of {stated:.2f} of the unsupported answers at 0.5; this is off by "
        f"{abs(stated - missed):.2f}." + note(standing.useful),
        {"stated": round(stated, 4), "missed": round(missed, 4), "useful": round(standing.useful, 4)},
    )
