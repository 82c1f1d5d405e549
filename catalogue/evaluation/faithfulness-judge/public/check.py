"""The checks that you can run yourself: form and contract only, on answers of last week, whose labels are not here."""

import json
from typing import Any

from shipworthy.kit import BadAnswer, Bench, decode_json, expect_list, expect_mapping, expect_number, expect_text

ROWS = 60


def judge(bench: Bench) -> None:
    """Score a sample, score half of it again, and write the report."""
    rows = [json.loads(line) for line in bench.variant.starter["data/last_week.jsonl"].splitlines()]
    sample = [{name: row[name] for name in ("id", "context", "answer")} for row in rows[:ROWS]]
    with bench.guard("scores_a_sample", "same_in_other_company"):
        scores = scored(bench, sample)
        bench.observe("scores_a_sample", 1.0, f"{ROWS} answers were scored, {sum(scores) / ROWS:.2f} on average.")
        half = list(range(ROWS - 1, 0, -2))
        again = scored(bench, [{**sample[place], "id": f"again{place}"} for place in half])
        gap = max(abs(score - scores[place]) for score, place in zip(again, half, strict=True))
        bench.observe("same_in_other_company", gap <= 1e-6, f"The scores differ by up to {gap:.4f}.")
    with bench.guard("report_is_complete"):
        expect_report(bench, sorted({row["system"] for row in rows}))
        bench.observe("report_is_complete", 1.0, "report.json has all its parts.")


def scored(bench: Bench, rows: list[dict[str, Any]]) -> list[float]:
    """Let score.py score cases; one probability per case, in their order."""
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    workspace = bench.workspace({**bench.variant.starter, "cases.jsonl": lines})
    workspace.run(["python", "score.py", "cases.jsonl", "scores.csv"]).require()
    answers = workspace.csv("scores.csv", {"id": str, "unsupported": float}, max_rows=1000)
    found = {answer["id"]: answer["unsupported"] for answer in answers}
    if found.keys() != {row["id"] for row in rows}:
        raise BadAnswer("scores.csv does not hold exactly one row for each id that was given.")
    return [expect_number(found[row["id"]], 'a value of "unsupported"', low=0.0, high=1.0) for row in rows]


def expect_report(bench: Bench, systems: list[str]) -> None:
    """Write the report and look whether every part is there."""
    workspace = bench.workspace(dict(bench.variant.starter))
    workspace.delete("report.json")
    workspace.run(["python", "report.py"]).require()
    report = expect_mapping(decode_json(workspace.read("report.json", limit=262_144), "report.json"), "report.json")
    found = expect_mapping(report.get("systems"), '"systems" of report.json')
    if sorted(found) != systems or expect_text(report.get("ship"), '"ship"') not in systems:
        raise BadAnswer('"systems" has to hold the five systems of last week, and "ship" one of them.')
    for name in systems:
        expect_ordered(name, expect_mapping(found[name], f'"{name}" of "systems"'))
    shift = expect_mapping(report.get("shift"), '"shift"')
    for key in ("unsupported", "overlap_area"):
        figures = expect_mapping(shift.get(key), f'"{key}" of "shift"')
        for part in ("pilot", "last_week"):
            expect_number(figures.get(part), f'"{part}" of "{key}"', low=0.0, high=1.0)
    expect_list(shift.get("moved"), '"moved" of "shift"', max_items=20)
    limit = expect_mapping(report.get("limit"), '"limit"')
    expect_number(limit.get("missed_share"), '"missed_share" of "limit"', low=0.0, high=1.0)
    expect_text(limit.get("text"), '"text" of "limit"', max_chars=5000)


def expect_ordered(name: str, fields: dict[str, Any]) -> None:
    """Look whether low, rate and high of a system come in this order."""
    rate, low, high = (
        expect_number(fields.get(key), f'"{key}" of "{name}"', low=0.0, high=1.0) for key in ("rate", "low", "high")
    )
    if not low <= rate <= high:
        raise BadAnswer(f'The rate of "{name}" does not lie between its low and high.')
