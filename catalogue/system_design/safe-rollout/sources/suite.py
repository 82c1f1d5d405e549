"""Which simulated weeks a submission meets: the same number of every kind, whatever the seed."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from shipworthy.kit.rollouts import Incident, IncidentKind
from shipworthy.kit.simulation import Scenario, scenario

SMALL = (4, 5)
"""The segments with less than a tenth of the traffic each."""

SEGMENTS = 6
HOUR = 12
"""Steps of five minutes."""

HIDDEN = {
    "good": 2,
    "good_and_outage": 4,
    "good_and_drift": 4,
    "good_and_spike": 2,
    "good_and_label_loss": 3,
    "good_and_metric_outage": 1,
    "failing": 2,
    "slow": 3,
    "worse": 4,
    "worse_for_segment": 4,
    "failing_for_segment": 3,
    "leaking": 4,
    "worse_and_label_loss": 3,
    "failing_and_metric_outage": 1,
}
PUBLIC = ("good", "good_and_outage", "failing", "worse", "worse_for_segment", "leaking")
SOME = 12
MILD = 0.65
COMBINED = {
    "good_and_outage": ("good", IncidentKind.UPSTREAM_OUTAGE, (0.04, 0.12), (6, 18)),
    "good_and_drift": ("good", IncidentKind.SUDDEN_DRIFT, (0.7, 1.0), (150, 156)),
    "worse_and_label_loss": ("worse", IncidentKind.LABEL_LOSS, (1.0, 1.0), (30, 42)),
    "failing_and_metric_outage": ("failing", IncidentKind.METRIC_OUTAGE, (1.0, 1.0), (4, 8)),
}
"""A release that meets an incident: of which kind, how strong, and how many hours it lasts."""

SOON = {
    IncidentKind.UPSTREAM_OUTAGE: 4 * HOUR,
    IncidentKind.SUDDEN_DRIFT: HOUR,
    IncidentKind.LABEL_LOSS: HOUR // 2,
    IncidentKind.METRIC_OUTAGE: HOUR // 2,
}
"""In how many steps after the release it begins."""

Drawer = Callable[[int, int], Scenario]


def week(seed: int, kind: str, number: int) -> Scenario:
    """Draw one simulated week."""
    drawn = _DRAWN[kind](seed, number) if kind in _DRAWN else scenario(seed, "rollout", kind, number)
    return replace(drawn, name=f"{kind}-{number}", kind=kind)


def hidden_weeks(seed: int) -> list[Scenario]:
    """Draw the suite that is graded."""
    return [week(seed, kind, number) for kind, count in HIDDEN.items() for number in range(count)]


def public_weeks(seed: int) -> list[dict[str, Any]]:
    """Choose the weeks that candidates see, as JSON: few kinds, and what is hard to see in a milder form.

    The release that is worse for one segment is so for the largest that it can be, the leak is the fastest of some, and
    the world changes by less.
    """
    numbers = dict.fromkeys(PUBLIC, 0)
    hurt = (scenario(seed, "rollout", "worse_for_segment", number).releases[0].segment for number in range(1000))
    numbers["worse_for_segment"] = next(number for number, segment in enumerate(hurt) if segment not in SMALL)
    leaks = [scenario(seed, "rollout", "leaking", number).releases[0].version.leak for number in range(SOME)]
    numbers["leaking"] = leaks.index(max(leaks))
    chosen = [{"kind": kind, "release": kind, "number": number} for kind, number in numbers.items()]
    drifting = week(seed, "good_and_drift", 0)
    incidents = [asdict(replace(each, size=MILD)) for each in drifting.incidents]
    return [*chosen, {"kind": "good_and_drift", "release": "good", "number": 100, "incidents": incidents}]


def _combined(kind: str) -> Drawer:
    release, incident, sizes, lasts = COMBINED[kind]

    def draw(seed: int, number: int) -> Scenario:
        drawn = scenario(seed, "rollout", release, 100 + number)
        rng = np.random.default_rng([seed, 71, list(COMBINED).index(kind), number])
        start = drawn.releases[0].arrives + int(rng.integers(1, SOON[incident]))
        stop = start + int(rng.integers(lasts[0] * HOUR, lasts[1] * HOUR))
        weights = tuple(float(weight) for weight in rng.uniform(0.8, 1.2, SEGMENTS))
        meets = Incident(incident, start, stop, float(rng.uniform(*sizes)), weights, (0.5, 0.0, 0.0, 0.0))
        return replace(drawn, incidents=(meets,))

    return draw


def _for_small(seed: int, number: int) -> Scenario:
    drawn = (scenario(seed, "rollout", "worse_for_segment", 1000 * number + attempt) for attempt in range(1000))
    return next(one for one in drawn if one.releases[0].segment in SMALL)


def _failing_for_segment(seed: int, number: int) -> Scenario:
    """Draw a release that fails where another would answer badly, and is sound everywhere else."""
    drawn = _for_small(seed, 100 + number)
    (release,), rng = drawn.releases, np.random.default_rng([seed, 72, number])
    version, more = release.version, float(rng.uniform(0.04, 0.07))
    sound = min(version.bad)
    hurt = tuple(rate + more * (place == release.segment) for place, rate in enumerate(version.errors))
    spoilt = replace(version, bad=tuple(sound for _ in version.bad), errors=hurt)
    return replace(drawn, releases=(replace(release, version=spoilt),))


_DRAWN: dict[str, Drawer] = {kind: _combined(kind) for kind in COMBINED} | {
    "worse_for_segment": _for_small,
    "failing_for_segment": _failing_for_segment,
}
