"""The hidden judge of drift-watch: plays a policy through stretches of simulated production, hour by hour."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from shipworthy.kit import Bench

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "public"), str(HERE / "sources")]
try:
    import measuring
    import scoring
    import suite
    from driving import Asking, drive, require_loaded
finally:
    del sys.path[:2]

POINTS = 108
DRAWN = {
    "drift_harm": "sudden_drift",
    "pipeline_harm": "faint_schema_break",
    "calm": "season",
    "training": "gradual_drift",
}
"""The first stretch of this kind is drawn for this check."""


def judge(bench: Bench) -> None:
    """Play every hidden stretch, and look at what came of them."""
    require_loaded(bench)
    asking = Asking()
    stretches, distance = _play(bench, json.loads(bench.variant.hidden["suite.json"]), asking)
    for check, look in scoring.CHECKS.items():
        seen = look(stretches)
        evidence: dict[str, Any] = dict(seen.figures)
        words = seen.words
        if check == "drift_harm":
            words = f"{words} {_far(distance)}"
            evidence |= distance
        if check == "alert_log":
            words = f"{words} {_faults(stretches, asking)}".rstrip()
        if check in DRAWN:
            evidence["timelines"] = [
                each.timeline for each in stretches if each.kind == DRAWN[check] and each.timeline is not None
            ]
        bench.observe(check, seen.score, words, evidence)


def _play(bench: Bench, hidden: Mapping[str, Any], asking: Asking) -> tuple[list[measuring.Stretch], dict[str, float]]:
    drawn, all_ = set(DRAWN.values()), suite.hidden_stretches(hidden["seed"])
    found: list[measuring.Stretch] = []
    losses: list[float] = []
    for place in hidden["order"]:
        scenario, known = all_[place], hidden["anchors"][place]
        desk, raised = drive(bench, scenario, asking)
        points = POINTS if scenario.kind in drawn else 0
        drawn.discard(scenario.kind)
        found.append(measuring.measure(desk, known, raised=raised, points=points))
        losses.append(found[-1].harm + found[-1].spend - known["oracle"])
    nothing = fmean(known["never"] - known["oracle"] for known in hidden["anchors"])
    return found, {"above_oracle": round(fmean(losses), 2), "doing_nothing": round(nothing, 2)}


def _far(distance: Mapping[str, float]) -> str:
    above, nothing = distance["above_oracle"], distance["doing_nothing"]
    return (
        f"Pages and trainings included, a stretch cost EUR {above:.0f} more than the harm that somebody who knows "
        f"the truth leaves; doing nothing costs EUR {nothing:.0f} more."
    )


def _faults(stretches: list[measuring.Stretch], asking: Asking) -> str:
    refused = sum(each.refused for each in stretches)
    told = [f"{refused} actions were refused."] if refused else []
    if asking.raised:
        told.append(f"`decide` raised {asking.raised} times.")
    if asking.stopped:
        told.append(f"In {asking.stopped} stretches the policy stopped answering; later ones were played without it.")
    if asking.first:
        told.append(f"First: {asking.first}")
    return " ".join(told)
