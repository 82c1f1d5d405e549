"""The checks that you can run yourself: the sample, twice, with a model that is friendlier than the one that grades."""

import json
import sys
from pathlib import Path
from typing import Any

from shipworthy.kit import BadAnswer, Bench, LentModels, Workspace, decode_json
from shipworthy.kit.models import Budget

sys.path.insert(0, str(Path(__file__).parent))
try:
    import models
finally:
    sys.path.pop(0)

COMMAND = ("python", "extract.py", "--documents", "documents", "--out", "out")
SHOWN = 4


def judge(bench: Bench) -> None:
    """Run over the sample, compare, and run again."""
    starter = bench.variant.starter
    before = "sample/documents/"
    given = {path.removeprefix("sample/"): starter[path] for path in starter if path.startswith(before)}
    expected = [json.loads(line) for line in starter["sample/expected.jsonl"].splitlines()]
    workspace = bench.workspace(given)
    with bench.lend(*models.models(bench.variant), seed=3, budget=Budget(calls=200)) as lent:
        first = _run(workspace, lent)
        bench.observe("runs", 1.0, f"extract.py wrote both files, with {first[2]} calls.")
        _compare(bench, first[0], expected)
        again = _run(workspace, lent)
    left = "the same" if first[:2] == again[:2] else "other"
    said = f"The second run made {again[2] - first[2]} calls and left {left} files."
    bench.observe("second_run", first == again, said)


def _run(workspace: Workspace, lent: LentModels) -> tuple[bytes, bytes, int]:
    workspace.run(COMMAND, models=lent).require()
    record = lent.record()
    made = len(record.calls) + sum(record.refused.values())
    return workspace.read("out/records.jsonl"), workspace.read("out/failures.jsonl"), made


def _compare(bench: Bench, written: bytes, expected: list[dict[str, Any]]) -> None:
    lines = [decode_json(line, "A line of records.jsonl") for line in written.splitlines() if line.strip()]
    if not all(isinstance(line, dict) for line in lines):
        raise BadAnswer("A line of `out/records.jsonl` is no JSON object.")
    found = {str(line.get("document")): line for line in lines if isinstance(line, dict)}
    wrong = [
        f"{right['document']} {name}: {found.get(right['document'], {}).get(name)!r}, expected {value!r}"
        for right in expected
        for name, value in right.items()
        if found.get(right["document"], {}).get(name) != value
    ]
    right = sum(found.get(each["document"]) == each for each in expected)
    shown = "; ".join(wrong[:SHOWN]) or "Nothing is wrong"
    bench.observe("sample_records", right / len(expected), f"{right} of {len(expected)} records are right. {shown}.")
