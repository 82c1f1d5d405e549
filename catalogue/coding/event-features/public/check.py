"""The checks that you can run yourself: the pipeline over the sample, against sample/expected.csv, twice."""

import csv
import io
from typing import Any

from shipworthy.kit import BadAnswer, Bench, Workspace

FEATURES = ("orders_short", "orders_long", "net_spend_long_cents", "active_days_long", "days_since_last_order")
COLUMNS: dict[str, Any] = {"customer_id": str, "as_of": str, **dict.fromkeys(FEATURES, int)}
SHOWN = 4


def judge(bench: Bench) -> None:
    """Run over the sample, compare, and run again."""
    sample = {path.removeprefix("sample/"): content for path, content in bench.variant.starter.items()}
    expected = list(csv.DictReader(io.StringIO(sample.pop("expected.csv").decode())))
    workspace = bench.workspace(sample)
    rows = _rows(bench, workspace, expected)
    bench.observe("runs", 1.0, "features.py wrote the rows and columns that were asked for.")
    _compare(bench, rows, expected)
    same = sum(before == after for before, after in zip(rows, _rows(bench, workspace, expected), strict=True))
    bench.observe("second_run", same == len(rows), f"{same} of {len(rows)} rows are the same after a second run.")


def _rows(bench: Bench, workspace: Workspace, expected: list[dict[str, str]]) -> list[dict[str, Any]]:
    known = bench.variant.parameters
    paths = ["--events", "events", "--customers", "customers.csv", "--labels", "labels.csv", "--state", "state"]
    windows = ["--short-days", str(known["short"]), "--long-days", str(known["long"])]
    workspace.delete("features.csv")
    workspace.run(["python", "features.py", *paths, *windows, "--out", "features.csv"]).require()
    rows = workspace.csv("features.csv", COLUMNS, max_rows=len(expected) + 1)
    asked = [(row["customer_id"], row["as_of"]) for row in expected]
    if [(row["customer_id"], row["as_of"]) for row in rows] != asked:
        raise BadAnswer("`features.csv` does not repeat the rows of `labels.csv` in their order.")
    return rows


def _compare(bench: Bench, rows: list[dict[str, Any]], expected: list[dict[str, str]]) -> None:
    wrong = [
        f"{row['customer_id']} {column}: {row[column]}, expected {right[column]}"
        for row, right in zip(rows, expected, strict=True)
        for column in FEATURES
        if row[column] != int(right[column])
    ]
    cells = len(rows) * len(FEATURES)
    shown = "; ".join(wrong[:SHOWN]) or "All cells of the sample are right"
    bench.observe("sample_rows", not wrong, f"{cells - len(wrong)} of {cells} cells are right. {shown}.")
