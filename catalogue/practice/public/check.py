"""The checks that candidates run themselves: the examples, judged as the hidden tables are."""

import json
import math
import statistics
from typing import Any

from shipworthy.kit import Bench


def judge(bench: Bench) -> None:
    """Call the function with each example."""
    examples = json.loads(bench.variant.public["public/examples.json"])
    right = 0
    message = ""
    with bench.workspace().calls("medians.py", "median_by_group") as calls:
        for number, rows in enumerate(examples, start=1):
            answer = calls.try_call(rows)
            expected = medians_of(rows)
            if answer.ok and is_close(answer.value, expected):
                right += 1
            elif not message:
                gave = answer.value if answer.ok else answer.reason
                message = f" Example {number} should give {expected}, but gave {gave}."
    told = f"{right} of {len(examples)} examples came out right.{message}"
    bench.observe("examples", float(right == len(examples)), told)


def medians_of(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return what the brief asks for; the examples have no missing values."""
    groups = {row["group"] for row in rows}
    medians = {group: statistics.median(row["value"] for row in rows if row["group"] == group) for group in groups}
    return {group: round(medians[group], 6) for group in sorted(medians)}


def is_close(answer: object, expected: dict[str, float]) -> bool:
    """Compare an answer with the expected medians."""
    return (
        isinstance(answer, dict)
        and answer.keys() == expected.keys()
        and all(type(answer[group]) in {int, float} for group in expected)
        and all(math.isclose(answer[group], expected[group], abs_tol=1e-6) for group in expected)
    )
