"""Which simulated weeks a submission meets: the same number of every kind, whatever the seed."""

from dataclasses import replace

import numpy as np

from shipworthy.kit.rollouts import Incident, IncidentKind
from shipworthy.kit.simulation import Scenario, scenario

SMALL = (4, 5)
"""The segments with less than a tenth of the traffic each."""

HOUR = 12
"""Steps of five minutes."""

HIDDEN = {
    "good": 4,
    "good_and_outage": 4,
    "good_and_spike": 3,
    "good_and_label_loss": 3,
    "good_and_metric_outage": 2,
    "failing": 3,
    "slow": 3,
    "worse": 4,
    "worse_for_segment": 5,
    "leaking": 4,
    "worse_and_label_loss": 3,
    "failing_and_metric_outage": 2,
}
PUBLIC = ("good", "good_and_outage", "failing", "slow", "worse")
COMBINED = {
    "worse_and_label_loss": ("worse", IncidentKind.LABEL_LOSS, 1.0, (30, 42)),
    "failing_and_metric_outage": ("failing", IncidentKind.METRIC_OUTAGE, 1.0, (4, 8)),
}
"""A bad release that meets an incident: of which kind, how strong, and how many hours it lasts."""


def week(seed: int, kind: str, number: int) -> Scenario:
    """Draw one simulated week."""
    if kind == "worse_for_segment":
        drawn = (scenario(seed, "rollout", kind, 1000 * number + attempt) for attempt in range(1000))
        return next(one for one in drawn if one.releases[0].segment in SMALL)
    if kind not in COMBINED:
        return scenario(seed, "rollout", kind, number)
    release, incident, size, (shortest, longest) = COMBINED[kind]
    drawn = scenario(seed, "rollout", release, 100 + number)
    rng = np.random.default_rng([seed, 71, list(COMBINED).index(kind), number])
    start = drawn.releases[0].arrives + int(rng.integers(1, HOUR // 2))
    stop = start + int(rng.integers(shortest * HOUR, longest * HOUR))
    return replace(drawn, name=f"{kind}-{number}", kind=kind, incidents=(Incident(incident, start, stop, size),))


def hidden_weeks(seed: int) -> list[Scenario]:
    """Draw the suite that is graded."""
    return [week(seed, kind, number) for kind, count in HIDDEN.items() for number in range(count)]
