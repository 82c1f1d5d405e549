"""The checks that you can run yourself: whether findings.json can be read. They say nothing about what is right."""

import json
from typing import Any

from shipworthy.kit import (
    BadAnswer,
    Bench,
    decode_json,
    expect_list,
    expect_mapping,
    expect_number,
    expect_text,
)

DECISIONS = ("approve", "approve_with_changes", "reject")
EFFECTS = ("too_high", "too_low", "none")
KINDS = (
    *("contaminated_test", "time_split", "tuned_on_test", "selective_report", "leaky_fit", "dropped_cases"),
    *("wrong_denominator", "unequal_groups", "judge_bias", "wrong_uncertainty", "rewarding_metric"),
    *("misleading_plot", "text_contradicts_code"),
)
MOST_FINDINGS = 20
MOST_LINES = 8


def judge(bench: Bench) -> None:
    """Check the form of the whole, then every finding."""
    review = expect_mapping(
        decode_json(bench.submission.get("findings.json", b""), "`findings.json`"), "`findings.json`"
    )
    _one_of(review.get("decision"), "`decision`", DECISIONS)
    expect_number(review.get("gain"), "`gain`", low=-1000, high=1000)
    findings = expect_list(review.get("findings"), "`findings`", max_items=MOST_FINDINGS)
    bench.observe("form", 1.0, f"A decision, a gain and {len(findings)} findings were read.")
    with bench.guard("places"):
        for number, finding in enumerate(findings, start=1):
            _check(bench, expect_mapping(finding, f"Finding {number}"), f"Finding {number}")
        bench.observe("places", 1.0, "Every finding names lines, a kind, a figure and a fix that exist.")
    written = bool(bench.submission.get("review.md", b"").strip())
    bench.observe("review", written, "review.md is there." if written else "There is no review.md yet.")


def _one_of(value: Any, what: str, known: tuple[str, ...]) -> None:
    if expect_text(value, what, max_chars=100) not in known:
        raise BadAnswer(f"{what} is none of: {', '.join(known)}.")


def _check(bench: Bench, finding: Any, what: str) -> None:
    lines = expect_list(finding.get("lines"), f"{what}: `lines`", max_items=2)
    if len(lines) != 2:
        raise BadAnswer(f"{what}: `lines` are two numbers, the first and the last line.")
    first, last = (_line(bench, finding.get("file"), line, what) for line in lines)
    if not first <= last < first + MOST_LINES:
        raise BadAnswer(f"{what}: `lines` are at most {MOST_LINES} lines, the first one first.")
    _one_of(finding.get("kind"), f"{what}: `kind`", KINDS)
    figures = (*json.loads(bench.variant.starter["pr/numbers.json"])["numbers"], "none")
    _one_of(finding.get("figure"), f"{what}: `figure`", figures)
    _one_of(finding.get("effect"), f"{what}: `effect`", EFFECTS)
    if finding.get("size") is not None:
        expect_number(finding["size"], f"{what}: `size`", low=0, high=1e6)
    fix = expect_mapping(finding.get("fix"), f"{what}: `fix`")
    _line(bench, fix.get("file"), fix.get("line"), f"{what}: `fix`")
    expect_text(finding.get("why"), f"{what}: `why`", max_chars=1000)


def _line(bench: Bench, file: Any, line: Any, what: str) -> int:
    path = expect_text(file, f"{what}: `file`", max_chars=200)
    if path not in bench.variant.starter or not path.startswith("pr/"):
        raise BadAnswer(f"{what}: there is no file {path!r} in the pull request.")
    most = bench.variant.starter[path].count(b"\n")
    number = expect_number(line, f"{what}: a line of {path}", low=1, high=most)
    if number != int(number):
        raise BadAnswer(f"{what}: {number} is no line.")
    return int(number)
