"""Checks that candidates run themselves: does it train, does it answer, is an answer about its own row only."""

import json
from typing import Any

from shipworthy.kit import BadAnswer, Bench, Calls, expect_flag, expect_list, expect_mapping, expect_number

Row = dict[str, Any]


def judge(bench: Bench) -> None:
    """Train on the given data, then send the sample rows."""
    files = {name: content for name, content in bench.variant.starter.items() if name.startswith("data/")}
    rows: list[Row] = json.loads(bench.variant.public["public/sample_rows.json"])
    workspace = bench.workspace(files)
    run = workspace.run(["python", "train.py", "--data", "data", "--out", "artifacts"], cpu_seconds=20).require()
    with workspace.calls("predict.py", "predict", setup=("load", ["artifacts"])) as calls:
        together = ask(calls, rows)
        bench.observe(
            "trains_and_answers",
            score=True,
            message=f"{len(rows)} rows were answered, with a mean probability of {sum(together) / len(rows):.3f}.",
            measurements={"train_cpu_seconds": run.cpu_seconds or 0.0},
        )
        judge_alone(bench, calls, rows, together)
        with bench.guard("survives_a_damaged_row"):
            ask(calls, [damaged(rows[0])])
            bench.observe("survives_a_damaged_row", score=True, message="A damaged row got an answer.")


def judge_alone(bench: Bench, calls: Calls, rows: list[Row], together: list[float]) -> None:
    """The first ten rows alone, against their answers in the batch."""
    with bench.guard("alone_as_in_batch"):
        alone = [ask(calls, [row])[0] for row in rows[:10]]
        gap = max(abs(one - other) for one, other in zip(alone, together, strict=False))
        words = "agree" if gap <= 1e-6 else f"differ by up to {gap:.4f}"
        bench.observe("alone_as_in_batch", gap <= 1e-6, f"The answers alone and in a batch {words}.")


def ask(calls: Calls, rows: list[Row]) -> list[float]:
    """Send rows and check the form of every answer; returns the probabilities."""
    answers = expect_list(calls.call(rows), "what predict returns")
    if len(answers) != len(rows):
        raise BadAnswer(f"predict returned {len(answers)} answers for {len(rows)} rows.")
    return [probability(expect_mapping(answer, "an answer of predict")) for answer in answers]


def probability(answer: dict[str, Any]) -> float:
    """Read one answer's probability, and see that it says whether to contact."""
    expect_flag(answer.get("contact"), 'the "contact" of an answer')
    return expect_number(answer.get("probability"), 'the "probability" of an answer', low=0.0, high=1.0)


def damaged(row: Row) -> Row:
    """Damage a row as a broken feed would."""
    kept = {name: value for name, value in row.items() if name != "inspection_points"}
    return {**kept, "monthly_price": "N/A", "region": "elsewhere", "visits_12m": None}
