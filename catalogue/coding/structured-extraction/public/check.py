"""The checks that you can run yourself: the sample, twice, with a model that is friendlier than the one that grades."""

import json
import re
from collections.abc import Mapping
from typing import Any

from shipworthy.kit import BadAnswer, Bench, LentModels, Workspace, decode_json
from shipworthy.kit.models import Budget, ChatModel, ChatRequest, Damage, FaultKind, Rates, Reply, Unreliable

COMMAND = ("python", "extract.py", "--documents", "documents", "--out", "out")
SHOWN = 4
RATES = Rates(
    damages={Damage.CODE_FENCE: 0.15, Damage.CUT_OFF: 0.1, Damage.WRONG_TYPES: 0.1, Damage.REFUSAL: 0.05},
    faults={FaultKind.RATE_LIMITED: 0.1, FaultKind.SERVER_ERROR: 0.05},
    retry_after=0.8,
)


class Sample:
    """Answers about a document of the sample, which it knows by its scan stamp."""

    name = "sample"

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._said = said

    def reply(self, request: ChatRequest) -> Reply:
        """Return the fields of the one document that the request holds."""
        text = "\n".join(message.content for message in request.messages)
        stamps = sorted(self._said.keys() & set(re.findall(r"[A-Z]{6}", text)))
        if len(stamps) != 1:
            return Reply("Please send me one document at a time.")
        return Reply(json.dumps(self._said[stamps[0]], ensure_ascii=False))


def judge(bench: Bench) -> None:
    """Run over the sample, compare, and run again."""
    starter = bench.variant.starter
    before = "sample/documents/"
    given = {path.removeprefix("sample/"): starter[path] for path in starter if path.startswith(before)}
    expected = [json.loads(line) for line in starter["sample/expected.jsonl"].splitlines()]
    model = ChatModel(
        "reader-1", Unreliable(Sample(json.loads(bench.variant.public["public/answers.json"])), RATES, seed=3)
    )
    workspace = bench.workspace(given)
    with bench.lend(model, seed=3, budget=Budget(calls=200)) as lent:
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
