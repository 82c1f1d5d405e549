"""The checks that you can run yourself: your policy in four simulated stretches, with a picture of each."""

import json
import sys
from pathlib import Path
from typing import Any

from shipworthy.kit import Bench
from shipworthy.kit.rollouts import Incident, IncidentKind
from shipworthy.kit.simulation import Scenario

sys.path.insert(0, str(Path(__file__).parent))
try:
    from desk import Desk
    from driving import Asking, drive, require_loaded
    from measuring import Stretch, measure
finally:
    sys.path.pop(0)

POINTS = 216
MOST_TOLD = 5


def judge(bench: Bench) -> None:
    """Play the policy through the stretches of public/stretches.json."""
    require_loaded(bench)
    asking = Asking()
    for told in json.loads(bench.variant.public["public/stretches.json"]):
        scenario = _scenario(told["scenario"])
        desk, raised = drive(bench, scenario, asking)
        seen = measure(desk, told["known"], raised=raised, points=POINTS)
        evidence = {"timelines": [seen.timeline]}
        bench.observe(f"stretch_{scenario.kind}", _right(seen), _words(desk, seen, asking), evidence)


def _scenario(told: dict[str, Any]) -> Scenario:
    incidents = tuple(
        Incident(
            IncidentKind(each["kind"]),
            each["start"],
            each["stop"],
            each["size"],
            tuple(each["segments"]),
            tuple(each["features"]),
        )
        for each in told["incidents"]
    )
    return Scenario(told["name"], told["kind"], told["exercise"], told["seed"], (), incidents)


def _right(seen: Stretch) -> bool:
    quiet = seen.false_pages + seen.needless == 0
    return quiet and seen.harm_left < 0.3 and seen.blind_hours < 16 and seen.named == 1.0


def _words(desk: Desk, seen: Stretch, asking: Asking) -> str:
    parts = []
    if seen.detected:
        named = [
            f"{cause} after {hours:.0f} h" if hours < desk.hours else f"{cause} never"
            for cause, hours in seen.detected.items()
        ]
        parts.append(f"Named {', '.join(named)}; {max(seen.harm_left, 0.0):.0%} of the avoidable harm done")
    parts.append(
        f"{seen.false_pages} pages for nothing, {seen.needless} needless interventions, {len(seen.trainings)} trainings"
    )
    if desk.false_page_hours:
        parts.append(f"pages for nothing at hour {', '.join(map(str, desk.false_page_hours))}")
    last = [f"{entry.action} at {entry.hour} h ({entry.cause})" for entry in desk.log[:MOST_TOLD]]
    parts.append(f"log: {', '.join(last) or 'empty'}")
    if desk.refused:
        parts.append(f"first refusal: {desk.refused[0][1]}")
    if asking.first:
        parts.append(f"first error: {asking.first}")
    return "; ".join(parts) + "."
