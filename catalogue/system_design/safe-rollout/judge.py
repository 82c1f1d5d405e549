"""The hidden judge of safe-rollout: plays a rollout file through forty simulated weeks. Nothing of it is ever run."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from shipworthy.kit import BadAnswer, Bench
from shipworthy.kit.rollouts import UnsoundRolloutError, read_rollout

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import measuring
    import scoring
    import suite
finally:
    sys.path.pop(0)

FILE = "rollout.yaml"
POINTS = 112
DRAWN = {"harm": "worse", "segments": "worse_for_segment", "leaks": "leaking", "shipped": "good_and_outage"}
"""The first week of this kind is drawn for this check."""


def judge(bench: Bench) -> None:
    """Play the file through every hidden week, and look at what came of them."""
    content = bench.submission.get(FILE, b"")
    try:
        read_rollout(content)
    except UnsoundRolloutError as fault:
        raise BadAnswer(f"`{FILE}` is not carried out. {fault.what}") from None
    hidden = json.loads(bench.variant.hidden["suite.json"])
    weeks = _weeks(content, hidden)
    for check, look in scoring.CHECKS.items():
        seen = look(weeks)
        evidence: dict[str, object] = dict(seen.figures)
        words = seen.words
        if check == "cost":
            words = f"{words} {_distance(weeks, hidden, evidence)}"
        if check in DRAWN:
            evidence["timelines"] = [
                week.timeline for week in weeks if week.kind == DRAWN[check] and week.timeline is not None
            ]
        bench.observe(check, seen.score, words, evidence)


def _weeks(content: bytes, hidden: dict[str, object]) -> list[measuring.Week]:
    drawn = set(DRAWN.values())
    weeks = []
    for week, known in zip(suite.hidden_weeks(hidden["seed"]), hidden["anchors"], strict=True):
        weeks.append(measuring.measure(content, week, known, points=POINTS if week.kind in drawn else 0))
        drawn.discard(week.kind)
    return weeks


def _distance(weeks: Sequence[measuring.Week], hidden: dict[str, object], evidence: dict[str, object]) -> str:
    """Say how far above one who knows the truth the losses are, and where doing nothing or everything would be."""
    anchors = hidden["anchors"]
    found = {
        "above_oracle": fmean(week.above_oracle for week in weeks),
        "never_ship": fmean(known["never_loss"] - known["oracle"] for known in anchors),
        "ship_all": fmean(known["ship_loss"] - known["oracle"] for known in anchors),
    }
    evidence |= found
    return (
        f"In money, harm and delay included, a release cost {found['above_oracle']:.0f} more than with somebody who "
        f"knows the truth (shipping nothing: {found['never_ship']:.0f}, everything: {found['ship_all']:.0f})."
    )
