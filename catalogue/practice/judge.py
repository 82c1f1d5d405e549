"""Calls the function with hidden tables and compares what it returns, in this process, with the medians."""

import json
import math
import statistics
from typing import Any

from shipworthy.kit import Bench, Calls

CHECKS = ("odd_groups", "even_groups", "missing_values", "row_order")


def judge(bench: Bench) -> None:
    """Observe every check: the share of its tables that came out right."""
    tables = json.loads(bench.variant.hidden["tables.json"])
    with bench.workspace().calls("medians.py", "median_by_group") as calls:
        for check_id in CHECKS:
            observe(bench, calls, check_id, tables[check_id])


def observe(bench: Bench, calls: Calls, check_id: str, tables: list[list[dict[str, Any]]]) -> None:
    """Call the function with each table of a check."""
    answers = [calls.try_call(rows) for rows in tables]
    right = sum(
        answer.ok and is_right(answer.value, medians_of(rows)) for answer, rows in zip(answers, tables, strict=True)
    )
    failed = sum(not answer.ok for answer in answers)
    message = f"{right} of {len(tables)} tables came out right."
    if failed:
        message += f" {failed} calls gave no answer: they raised, took too long, or the program had ended."
    bench.observe(check_id, right / len(tables), message, {"right": right, "tables": len(tables), "failed": failed})


def medians_of(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return what the brief asks for."""
    values: dict[str, list[float]] = {}
    for row in rows:
        if row["value"] is not None:
            values.setdefault(row["group"], []).append(row["value"])
    return {group: statistics.median(numbers) for group, numbers in values.items()}


def is_right(answer: object, expected: dict[str, float]) -> bool:
    """Compare a decoded answer with the expected medians; only plain numbers count as numbers."""
    if not isinstance(answer, dict) or answer.keys() != expected.keys():
        return False
    numbers = [answer[group] for group in expected]
    if not all(type(number) in {int, float} for number in numbers):
        return False
    return all(math.isclose(answer[group], expected[group], rel_tol=1e-9) for group in expected)
