"""Trains the submission, sends it later customers and damaged ones, and compares its answers with the true chances."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shipworthy.kit import (
    BadAnswer,
    Bench,
    Calls,
    Run,
    Workspace,
    expect_flag,
    expect_list,
    expect_mapping,
    expect_number,
    ramp,
)

Floats = NDArray[np.float64]
Row = dict[str, Any]

TRAIN = ["python", "train.py", "--data", "data", "--out", "artifacts"]
BATCH = 2000
SINGLE_ROWS = 20
COMPARED_ROWS = 200
PREDICT_CPU_SECONDS = 10.0
LARGEST_COMPARED_FILE = 16 * 1024 * 1024
KINDS = {
    "missing": "missing values and keys",
    "unseen": "words never seen in training",
    "text": "numbers written as text",
    "extreme": "impossible numbers",
}


@dataclass(frozen=True)
class Answers:
    """What the submission said about one batch: its probabilities and whom it would contact."""

    probability: Floats
    contact: NDArray[np.bool_]


@dataclass(frozen=True)
class Standing:
    """The submission's answers on the live rows, beside the truth and what an ideal scorer of the same cells says.

    `useful` in [0, 1] is how far its ranking is from saying nothing; checks that a constant would pass count by it.
    """

    live: Answers
    chance: Floats
    ideal: Floats
    useful: float


def judge(bench: Bench) -> None:
    """Observe every check of the manifest."""
    truth = json.loads(bench.variant.hidden["truth.json"])
    low = None
    with predictor(trained(bench)) as calls:
        standing = stand(truth, ask(calls, rows_of(bench, "live")))
        judge_contract(bench, calls, standing)
        judge_ranking(bench, standing)
        judge_calibration(bench, standing)
        judge_decisions(bench, standing, truth["costs"])
        with bench.guard("timeliness"):
            low = ask(calls, rows_of(bench, "late_low"))
        judge_robustness(bench, calls, truth, standing)
    judge_latency(bench, calls.run, standing)
    with bench.guard("timeliness", "reproducibility"):
        high, again = second_look(bench)
        judge_reproducibility(bench, standing, again)
        if low:
            judge_timeliness(bench, truth, standing, low=low, high=high)


def trained(bench: Bench) -> Workspace:
    """Train in a fresh workspace that holds the submission and the training files."""
    files = {name: content for name, content in bench.variant.starter.items() if name.startswith("data/")}
    workspace = bench.workspace(files)
    workspace.run(TRAIN, cpu_seconds=20, wall_seconds=30).require()
    return workspace


def predictor(workspace: Workspace) -> AbstractContextManager[Calls]:
    """Start a process of predict.py that has loaded what was learned."""
    return workspace.calls("predict.py", "predict", setup=("load", ["artifacts"]), cpu_seconds=30, wall_seconds=45)


def second_look(bench: Bench) -> tuple[Answers, Answers]:
    """Train again, and ask a process that has seen no row yet: first customers with a changed column, then others.

    A predictor that remembers rows cannot know here what it said of the same customers before.
    """
    with predictor(trained(bench)) as calls:
        return ask(calls, rows_of(bench, "late_high")), ask(calls, rows_of(bench, "live")[:COMPARED_ROWS])


def rows_of(bench: Bench, batch: str) -> list[Row]:
    """Read one hidden batch."""
    rows: list[Row] = json.loads(bench.variant.hidden[f"{batch}.json"])
    return rows


def ask(calls: Calls, rows: list[Row]) -> Answers:
    """Send rows in batches and check the form of every answer."""
    answers = [
        answer for start in range(0, len(rows), BATCH) for answer in ask_once(calls, rows[start : start + BATCH])
    ]
    return Answers(np.array([chance for chance, _ in answers]), np.array([contact for _, contact in answers]))


def ask_once(calls: Calls, rows: list[Row]) -> list[tuple[float, bool]]:
    """Send one batch; one answer per row, or BadAnswer."""
    return read_answers(calls.call(rows), len(rows))


def read_answers(value: object, count: int) -> list[tuple[float, bool]]:
    """Read the answers to `count` rows."""
    answers = expect_list(value, "what predict returns")
    if len(answers) != count:
        raise BadAnswer(f"predict returned {len(answers)} answers for {count} rows.")
    return [read_answer(answer) for answer in answers]


def read_answer(answer: object) -> tuple[float, bool]:
    """Read one answer: a probability in [0, 1] and a truth value."""
    fields = expect_mapping(answer, "an answer of predict")
    chance = expect_number(fields.get("probability"), 'the "probability" of an answer', low=0.0, high=1.0)
    return chance, expect_flag(fields.get("contact"), 'the "contact" of an answer')


def stand(truth: Mapping[str, Any], live: Answers) -> Standing:
    """Put the answers beside the truth."""
    chance, ideal = np.array(truth["chance"]), np.array(truth["ideal"]["live"])
    relative = lift_over_chance(live.probability, chance) / lift_over_chance(ideal, chance)
    return Standing(live, chance, ideal, ramp(relative, 0.15, 0.40))


def lift_over_chance(score: Floats, chance: Floats) -> float:
    """Give the expected area under the ROC curve minus 0.5, given each row's true chance; ties count half.

    Each row counts as `chance` of a positive and `1 - chance` of a negative; a row is not compared with itself.
    """
    _, group = np.unique(score, return_inverse=True)
    positive = np.bincount(group, weights=chance)
    negative = np.bincount(group, weights=1.0 - chance)
    won = positive * (np.cumsum(negative) - negative / 2)
    own = float((chance * (1.0 - chance)).sum())
    pairs = chance.sum() * (1.0 - chance).sum() - own
    return float((won.sum() - own / 2) / pairs - 0.5)


def judge_contract(bench: Bench, calls: Calls, standing: Standing) -> None:
    """The same row gets the same answer alone as in a batch."""
    rows = rows_of(bench, "live")[-SINGLE_ROWS:]
    alone = np.array([ask(calls, [row]).probability[0] for row in rows])
    gap = float(np.abs(alone - standing.live.probability[-SINGLE_ROWS:]).max())
    message = (
        f"A row sent alone got a probability that differs by {gap:.4f} from its answer in a batch: an answer may "
        "depend on its own row and on what was learned in training, nothing else."
        if gap > 1e-6
        else "train.py and predict.py ran, every row got an answer of the right form, alone and in a batch."
    )
    observe_useful(bench, "contract", float(gap <= 1e-6), standing, message, evidence={"largest_gap": round(gap, 6)})


def observe_useful(
    bench: Bench,
    check: str,
    score: float,
    standing: Standing,
    message: str,
    *,
    evidence: Mapping[str, Any],
    measurements: Mapping[str, float] | None = None,
) -> None:
    """Observe a check that a constant would pass: it counts as far as the ranking says anything at all."""
    note = "" if standing.useful == 1.0 else " Counted in part or not at all: the ranking is hardly better than chance."
    shown = {**evidence, "useful": round(standing.useful, 4)}
    bench.observe(check, score * standing.useful, message + note, shown, measurements or {})


def judge_ranking(bench: Bench, standing: Standing) -> None:
    """How well the rows of the later dates are ordered, against what can be known from their cells."""
    own = lift_over_chance(standing.live.probability, standing.chance)
    best = lift_over_chance(standing.ideal, standing.chance)
    score = ramp(own / best, 0.50, 0.94)
    advice = " If your own validation promised much more, it saw something it should not have." if score < 0.8 else ""
    bench.observe(
        "ranking",
        score,
        f"On the later dates the ranking reaches an area under the ROC curve of {0.5 + own:.3f}.{advice}",
        {"area": round(0.5 + own, 4), "ideal_area": round(0.5 + best, 4), "relative": round(own / best, 4)},
    )


def judge_calibration(bench: Bench, standing: Standing) -> None:
    """Whether probabilities mean what they say on the later dates."""
    error = calibration_error(standing.live.probability, standing.chance)
    skill = log_skill(standing)
    mean = float(standing.live.probability.mean())
    level = mean / float(standing.chance.mean()) - 1
    where = "about right" if abs(level) < error / 2 else "too high" if level > 0 else "too low"
    bench.observe(
        "calibration",
        min(ramp(error, 0.40, 0.12), ramp(skill, 0.0, 0.5)),
        f"On the later dates the mean probability of {mean:.3f} is {where}; over tenths of the customers what you say "
        f"is off by {100 * error:.0f} % of the rate on average."
        if error > 0.12
        else "On the later dates the probabilities mean what they say, over tenths of the customers.",
        {"relative_error": round(error, 4), "log_skill": round(skill, 4), "mean_probability": round(mean, 4)},
    )


def calibration_error(probability: Floats, chance: Floats) -> float:
    """Give the mean gap between stated and true chance over tenths by stated chance, relative to the mean chance."""
    tenths = np.array_split(np.argsort(probability, kind="stable"), 10)
    found = [abs(probability[tenth].mean() - chance[tenth].mean()) for tenth in tenths]
    return float(np.mean(found) / chance.mean())


def log_skill(standing: Standing) -> float:
    """Give the share of the ideal scorer's gain in expected log loss, over saying the mean rate, that is reached."""
    constant = np.full_like(standing.chance, standing.chance.mean())
    floor = log_loss(constant, standing.chance)
    best = log_loss(standing.ideal, standing.chance)
    return (floor - log_loss(standing.live.probability, standing.chance)) / (floor - best)


def log_loss(probability: Floats, chance: Floats) -> float:
    """Give the expected log loss, stated chances kept off 0 and 1 by a millionth."""
    stated = np.clip(probability, 1e-6, 1 - 1e-6)
    return float(-(chance * np.log(stated) + (1 - chance) * np.log(1 - stated)).mean())


def judge_decisions(bench: Bench, standing: Standing, costs: Mapping[str, float]) -> None:
    """What the contacts earn, between the better of nobody and everybody and the ideal scorer's contacts."""
    gains = gain_per_contact(standing.chance, costs, bench)
    known = gain_per_contact(standing.ideal, costs, bench)
    floor = max(0.0, float(gains.sum()))
    best = float(gains[known > 0].sum())
    own = float(gains[standing.live.contact].sum())
    share = (own - floor) / (best - floor)
    bench.observe(
        "decisions",
        ramp(share, 0.25, 0.94),
        f"{int(standing.live.contact.sum())} of {len(gains)} customers would be contacted, for an expected gain of "
        f"{own:.0f} EUR; contacting nobody gains 0 and contacting everybody {gains.sum():.0f}. "
        "A contact pays where what it is expected to save, for this customer, is more than what it costs.",
        {"gain": round(own), "ideal_gain": round(best), "share": round(share, 4)},
    )


def gain_per_contact(chance: Floats, costs: Mapping[str, float], bench: Bench) -> Floats:
    """Give the expected gain in EUR of contacting each live customer, as the brief states it."""
    prices = np.array([row["monthly_price"] for row in rows_of(bench, "live")])
    return np.asarray(chance * costs["success_rate"] * costs["months_saved"] * prices - costs["contact_cost"])


def judge_timeliness(
    bench: Bench, truth: Mapping[str, Any], standing: Standing, *, low: Answers, high: Answers
) -> None:
    """Whether answers move with the column that the history knows from after the outcome."""
    spread = float(np.std(log_odds(standing.live.probability[truth["picked"]])))
    moved = float(np.mean(np.abs(log_odds(high.probability) - log_odds(low.probability)))) / max(spread, 1e-9)
    message = (
        "The answers move with a column whose history was written after the outcome: read in columns.csv as of when "
        "each value was known, and ask of every column whether it is the same thing on the day of scoring."
        if moved > 0.05
        else "The answers do not rest on what is only known after the outcome."
    )
    observe_useful(
        bench, "timeliness", ramp(moved, 0.6, 0.05), standing, message, evidence={"moved": round(min(moved, 99), 4)}
    )


def log_odds(probability: Floats) -> Floats:
    """Give the log-odds, chances kept off 0 and 1 by a thousandth."""
    stated = np.clip(probability, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(stated / (1 - stated)), dtype=np.float64)


def judge_robustness(bench: Bench, calls: Calls, truth: Mapping[str, Any], standing: Standing) -> None:
    """Whether damaged rows still get sensible answers, kind by kind."""
    scores = {kind: robustness_score(bench, calls, truth, standing, kind) for kind in KINDS}
    weak = [KINDS[kind] for kind, score in scores.items() if score < 0.5]
    message = (
        f"Rows with these faults got no answer, or answers that lost their sense: {', '.join(weak)}."
        if weak
        else "Rows with missing, unseen, badly written and impossible values still got sensible answers."
    )
    evidence = {kind: round(score, 4) for kind, score in scores.items()}
    observe_useful(bench, "robustness", float(np.mean(list(scores.values()))), standing, message, evidence=evidence)


def robustness_score(bench: Bench, calls: Calls, truth: Mapping[str, Any], standing: Standing, kind: str) -> float:
    """Score one kind of damage by how much order and level are lost beyond what the damage itself takes away."""
    rows, places = rows_of(bench, kind), truth["picked"]
    try:
        given = ask(calls, rows).probability
    except BadAnswer:
        return 0.0
    chance, ideal = standing.chance[places], np.array(truth["ideal"][kind])
    whole = lift_over_chance(standing.live.probability[places], chance)
    if whole <= 0.0:  # one answer for everybody has no order that damage could take away
        return 0.0
    kept = lift_over_chance(given, chance) / whole
    could = lift_over_chance(ideal, chance) / lift_over_chance(standing.ideal[places], chance)
    shift = abs(given.mean() - standing.live.probability[places].mean()) / chance.mean()
    return min(ramp(kept / could, 0.5, 0.85), ramp(shift, 1.0, 0.4))


def judge_latency(bench: Bench, run: Run, standing: Standing) -> None:
    """How much processor time loading, all batches and the single rows took together."""
    used = run.wall_seconds if run.cpu_seconds is None else run.cpu_seconds
    fast = used <= PREDICT_CPU_SECONDS
    message = (
        "All rows were answered well within the processor time that scoring may take."
        if fast
        else f"Scoring took more than {PREDICT_CPU_SECONDS:g} s of processor time: load what was learned once, in "
        "load, and keep the path of a single row short."
    )
    times = {"predict_cpu_seconds": used}
    observe_useful(
        bench, "latency", float(fast), standing, message, evidence={"within_limit": fast}, measurements=times
    )


def judge_reproducibility(bench: Bench, standing: Standing, again: Answers) -> None:
    """Whether a second training on the same files, loaded by a fresh process, gives the same answers."""
    first = standing.live.probability[: len(again.probability)]
    same = bool(np.abs(again.probability - first).max() <= 1e-9)
    message = (
        "Two trainings on the same files give the same answers, in whatever order rows come."
        if same
        else "Two trainings on the same files gave different answers, or a row's answer depends on the rows before it: "
        "seed every source of randomness, and keep nothing of one call for the next."
    )
    observe_useful(bench, "reproducibility", float(same), standing, message, evidence={"same": same})
