"""What a task author imports in `judge.py`, `variant.py` and `public/check.py`.

A judge is one function, `judge(bench)`. It makes workspaces, lets the submission act in them, and observes::

    from shipworthy.kit import Bench, expect_number, ramp

    def judge(bench: Bench) -> None:
        workspace = bench.workspace({"orders.csv": bench.variant.hidden["orders.csv"]})
        with workspace.calls("solution.py", "total") as calls:
            got = expect_number(calls.call("orders.csv"))
        bench.observe("total", ramp(abs(got - 42.0), 1.0, 0.0), f"Your total is {got:g}.", {"got": got})
"""

from shipworthy.grading.bench import Bench, ramp
from shipworthy.grading.calls import Answer, Calls
from shipworthy.grading.decoding import (
    decode_csv,
    decode_json,
    expect_flag,
    expect_list,
    expect_mapping,
    expect_number,
    expect_text,
)
from shipworthy.grading.errors import BadAnswer
from shipworthy.grading.lending import LentModels, ModelCall, ModelRecord
from shipworthy.grading.runs import Run
from shipworthy.grading.serving import Response, Server
from shipworthy.grading.workspace import Workspace
from shipworthy.tasks.entities import Variant

__all__ = [
    "Answer",
    "BadAnswer",
    "Bench",
    "Calls",
    "LentModels",
    "ModelCall",
    "ModelRecord",
    "Response",
    "Run",
    "Server",
    "Variant",
    "Workspace",
    "decode_csv",
    "decode_json",
    "expect_flag",
    "expect_list",
    "expect_mapping",
    "expect_number",
    "expect_text",
    "ramp",
]
