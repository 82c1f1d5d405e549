"""What happens to production by itself, and what it does to traffic, features, labels and metrics."""

from dataclasses import dataclass
from enum import StrEnum

FOREVER = 10**9


class IncidentKind(StrEnum):
    """What happens."""

    UPSTREAM_OUTAGE = "upstream_outage"
    TRAFFIC_SPIKE = "traffic_spike"
    METRIC_OUTAGE = "metric_outage"
    LABEL_LOSS = "label_loss"
    LABEL_DELAY = "label_delay"
    SUDDEN_DRIFT = "sudden_drift"
    GRADUAL_DRIFT = "gradual_drift"
    SILENT_DRIFT = "silent_drift"
    INPUT_SHIFT = "input_shift"
    SEASONAL_SHIFT = "seasonal_shift"
    SCHEMA_BREAK = "schema_break"
    STALE_FEATURES = "stale_features"


REPAIRABLE = frozenset(
    {
        IncidentKind.UPSTREAM_OUTAGE,
        IncidentKind.METRIC_OUTAGE,
        IncidentKind.LABEL_LOSS,
        IncidentKind.LABEL_DELAY,
        IncidentKind.SCHEMA_BREAK,
        IncidentKind.STALE_FEATURES,
    }
)
"""What a person who is paged can put right."""
DRIFTS = frozenset({IncidentKind.SUDDEN_DRIFT, IncidentKind.GRADUAL_DRIFT, IncidentKind.SILENT_DRIFT})
HARMFUL = frozenset(
    {IncidentKind.UPSTREAM_OUTAGE, IncidentKind.SCHEMA_BREAK, IncidentKind.STALE_FEATURES} | DRIFTS,
)
"""What hurts users for as long as nobody acts."""


@dataclass(frozen=True)
class Incident:
    """One thing that happens, from step `start` to before step `stop`.

    `size` is its strength: added share of errors (outage), factor on traffic (spike), movement of the concept (drifts),
    shift of inputs in standard deviations (input and seasonal shift), share of broken answers (schema, stale features),
    factor on the delay (label delay). `segments` and `features` weigh its effect on each.
    """

    kind: IncidentKind
    start: int
    stop: int
    size: float
    segments: tuple[float, ...] = ()
    features: tuple[float, ...] = ()

    @property
    def repairable(self) -> bool:
        """Say whether a person who is paged can put it right."""
        return self.kind in REPAIRABLE

    @property
    def harmful(self) -> bool:
        """Say whether it hurts users for as long as nobody acts."""
        return self.kind in HARMFUL

    def active(self, step: int) -> bool:
        """Say whether it goes on at a step."""
        return self.start <= step < self.stop
