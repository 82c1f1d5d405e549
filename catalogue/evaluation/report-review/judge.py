"""Compares findings with what was planted: where, of which kind, what it changes, and what follows for the decision."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shipworthy.kit import (
    BadAnswer,
    Bench,
    decode_json,
    expect_list,
    expect_mapping,
    expect_number,
    expect_text,
    ramp,
)

DECISIONS = ("approve", "approve_with_changes", "reject")
EFFECTS = ("too_high", "too_low", "none")
KINDS = (
    "contaminated_test",
    "time_split",
    "tuned_on_test",
    "selective_report",
    "leaky_fit",
    "dropped_cases",
    "wrong_denominator",
    "unequal_groups",
    "judge_bias",
    "wrong_uncertainty",
    "rewarding_metric",
    "misleading_plot",
    "text_contradicts_code",
)
GAIN_WEIGHT = 3
MOST_FINDINGS = 20
MOST_LINES = 8
NEAR_LINES = 2
NEAR_FIX = 3
FREE_ASIDES = 2
LARGEST = 200_000
SIZE_SHARE = 0.3
SIZE_LEAST = {"gain_low": 0.5, "gain_high": 0.5}
SIZE_LEAST_ELSE = 0.2
AS_FAR = "It counts as far as you found the faults that move the gain."
Fault = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One finding, as it was handed in."""

    file: str
    first: int
    last: int
    kind: str
    figure: str
    effect: str
    size: float | None
    fix_file: str
    fix_line: int

    def touches(self, places: Sequence[Sequence[Any]], within: int = 0) -> bool:
        """Say whether its lines touch one of the places, or pass by within some lines."""
        return any(file == self.file and self.first - within <= line <= self.last + within for file, line in places)


@dataclass
class Matched:
    """Which finding stands for which fault, and what the others cost."""

    by_fault: dict[str, Found] = field(default_factory=dict)
    again: Counter[str] = field(default_factory=Counter)
    false: int = 0
    decoys: int = 0
    asides: int = 0

    @property
    def cost(self) -> int:
        """What false findings cost: one each, two where the plan asks for it; the rest from the third on."""
        repeated = sum(max(number - 1, 0) for number in self.again.values())
        return self.false + 2 * self.decoys + max(self.asides - FREE_ASIDES, 0) + repeated


def judge(bench: Bench) -> None:
    """Judge findings.json; review.md is for a person."""
    review = expect_mapping(_decoded(bench), "`findings.json`")
    decision = _choice(review.get("decision"), "`decision`", DECISIONS)
    gain = expect_number(review.get("gain"), "`gain`", low=-1000, high=1000)
    findings = _findings(review.get("findings"))
    truth = json.loads(bench.variant.hidden["truth.json"])
    matched = match(findings, truth["faults"], truth["decoys"], truth["asides"])
    trust = ramp(matched.cost, 8, 3)
    for_gain = _recall(bench, matched, truth["faults"], trust)
    _precision(bench, matched, truth["faults"])
    _details(bench, matched, truth["faults"], trust)
    near = abs(gain - truth["headline"]) <= truth["near"] + 1e-9
    said = "Your gain is right." if near else "Your gain is not what mending everything gives."
    bench.observe("gain", for_gain * near * trust, f"{said} {AS_FAR}", {"right": near})
    right = decision == truth["decision"]
    said = "Your decision is right." if right else "Your decision does not follow from the plan's rule."
    bench.observe("decision", for_gain * right * trust, f"{said} {AS_FAR}", {"right": right})


def _decoded(bench: Bench) -> Any:
    content = bench.submission.get("findings.json")
    if content is None:
        raise BadAnswer("There is no `findings.json`.")
    if len(content) > LARGEST:
        raise BadAnswer(f"`findings.json` has more than {LARGEST} bytes.")
    return decode_json(content, "`findings.json`")


def _choice(value: Any, what: str, known: Sequence[str]) -> str:
    text = expect_text(value, what, max_chars=100)
    if text not in known:
        raise BadAnswer(f"{what} is none of: {', '.join(known)}.")
    return text


def _findings(value: Any) -> list[Found]:
    entries = expect_list(value, "`findings`", max_items=MOST_FINDINGS)
    return [_finding(entry, f"Finding {number}") for number, entry in enumerate(entries, start=1)]


def _finding(value: Any, what: str) -> Found:
    entry = expect_mapping(value, what)
    lines = expect_list(entry.get("lines"), f"{what}: `lines`", max_items=2)
    if len(lines) != 2:
        raise BadAnswer(f"{what}: `lines` are two numbers, the first and the last line.")
    first, last = (_line(line, f"{what}: `lines`") for line in lines)
    if not first <= last < first + MOST_LINES:
        raise BadAnswer(f"{what}: `lines` are at most {MOST_LINES} lines, the first one first.")
    fix = expect_mapping(entry.get("fix"), f"{what}: `fix`")
    size = entry.get("size")
    expect_text(entry.get("why"), f"{what}: `why`", max_chars=1000)
    return Found(
        file=expect_text(entry.get("file"), f"{what}: `file`", max_chars=200),
        first=first,
        last=last,
        kind=_choice(entry.get("kind"), f"{what}: `kind`", KINDS),
        figure=expect_text(entry.get("figure"), f"{what}: `figure`", max_chars=100),
        effect=_choice(entry.get("effect"), f"{what}: `effect`", EFFECTS),
        size=None if size is None else expect_number(size, f"{what}: `size`", low=0, high=1e6),
        fix_file=expect_text(fix.get("file"), f"{what}: `fix.file`", max_chars=200),
        fix_line=_line(fix.get("line"), f"{what}: `fix.line`"),
    )


def _line(value: Any, what: str) -> int:
    number = expect_number(value, what, low=1, high=100_000)
    if number != int(number):
        raise BadAnswer(f"{what} holds {number}, which is no whole number.")
    return int(number)


def match(
    findings: Sequence[Found], faults: Sequence[Fault], decoys: Sequence[Fault], asides: Sequence[Sequence[Any]]
) -> Matched:
    """Give every finding to the fault that it touches; the first one on a fault stands for it."""
    matched = Matched()
    for finding in findings:
        open_to = [fault for fault in faults if _shows(finding, fault)]
        if not open_to:
            _on_no_fault(matched, finding, decoys, asides)
            continue
        free = [fault for fault in open_to if fault["id"] not in matched.by_fault]
        if not free:
            matched.again[open_to[0]["id"]] += 1
            continue
        fitting = [fault for fault in free if finding.kind in fault["kinds"]]
        matched.by_fault[(fitting or free)[0]["id"]] = finding
    return matched


def _on_no_fault(matched: Matched, finding: Found, decoys: Sequence[Fault], asides: Sequence[Sequence[Any]]) -> None:
    """Count a finding that shows no fault: on a decoy, on what a fault elsewhere makes wrong, or on nothing."""
    if any(finding.touches(decoy["places"]) for decoy in decoys):
        matched.decoys += 1
    elif finding.touches(asides):
        matched.asides += 1
    else:
        matched.false += 1


def _shows(finding: Found, fault: Fault) -> bool:
    """Say whether a finding is on a fault: on its lines, or on what it makes untrue with a fix where it is made."""
    files = {file for file, _ in fault["cores"]}
    own = [place for place in fault["places"] if place[0] in files]
    near = finding.kind in fault["kinds"] and finding.touches(fault["cores"], NEAR_LINES)
    return near or finding.touches(own) or (finding.touches(fault["places"]) and _fix(finding, fault))


def _recall(bench: Bench, matched: Matched, faults: Sequence[Fault], trust: float) -> float:
    """Observe the share of faults found, by weight, and return it for those that move the gain."""
    moving = [fault for fault in faults if fault["weight"] == GAIN_WEIGHT]
    others = [fault for fault in faults if fault["weight"] != GAIN_WEIGHT]
    shares = {}
    for check, group in (("gain_faults", moving), ("other_faults", others)):
        found = [fault for fault in group if fault["id"] in matched.by_fault]
        shares[check] = _weight(found) / _weight(group)
        said = f"{len(found)} of {len(group)} found."
        if trust < 1:
            said += " False findings take from this share."
        bench.observe(check, shares[check] * trust, said, {"found": len(found), "of": len(group), "trust": trust})
    return shares["gain_faults"]


def _weight(faults: Sequence[Fault]) -> float:
    return float(sum(fault["weight"] for fault in faults))


def _precision(bench: Bench, matched: Matched, faults: Sequence[Fault]) -> None:
    share = _weight([fault for fault in faults if fault["id"] in matched.by_fault]) / _weight(faults)
    score = ramp(matched.cost, 5, 0) * ramp(share, 0, 0.5)
    nothing = matched.false + matched.decoys
    said = f"{nothing} findings are on nothing wrong, {matched.decoys} of them on what the plan asks for."
    evidence = {
        "false": matched.false,
        "decoys": matched.decoys,
        "asides": matched.asides,
        "repeated": sum(matched.again.values()),
        "cost": matched.cost,
    }
    bench.observe("false_findings", score, said, evidence)


def _details(bench: Bench, matched: Matched, faults: Sequence[Fault], trust: float) -> None:
    """Observe kinds, effects, sizes and places of the fix, each as a share of all faults by weight."""
    looks = {"kinds": _kind, "effects": _effect, "sizes": _size, "fix_places": _fix}
    for check, look in looks.items():
        right = [
            fault for fault in faults if fault["id"] in matched.by_fault and look(matched.by_fault[fault["id"]], fault)
        ]
        said = f"Right for {len(right)} of {len(faults)} faults."
        bench.observe(check, trust * _weight(right) / _weight(faults), said, {"right": len(right), "of": len(faults)})


def _kind(finding: Found, fault: Fault) -> bool:
    return finding.kind in fault["kinds"]


def _effect(finding: Found, fault: Fault) -> bool:
    expected = fault["effects"].get(finding.figure)
    return expected is not None and finding.effect == expected[0]


def _size(finding: Found, fault: Fault) -> bool:
    if not _effect(finding, fault):
        return False
    expected = fault["effects"][finding.figure][1]
    if expected is None or finding.size is None:
        return expected is None and finding.size is None
    least = SIZE_LEAST.get(finding.figure, SIZE_LEAST_ELSE)
    return abs(finding.size - float(expected)) <= max(SIZE_SHARE * float(expected), least) + 1e-9


def _fix(finding: Found, fault: Fault) -> bool:
    return any(file == finding.fix_file and abs(line - finding.fix_line) <= NEAR_FIX for file, line in fault["cores"])
