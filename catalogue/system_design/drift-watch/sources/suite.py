"""Which stretches of simulated production a policy meets: the same number of every kind, whatever the seed."""

from collections.abc import Callable

import numpy as np

from shipworthy.kit.rollouts import Incident, IncidentKind
from shipworthy.kit.simulation import Scenario

HOUR, DAY = 12, 288
"""Steps of five minutes."""
HORIZON = 18 * DAY
SEGMENTS, FEATURES = 6, 4

HIDDEN = {
    "quiet": 1,
    "season": 2,
    "campaign": 2,
    "sudden_drift": 2,
    "gradual_drift": 2,
    "silent_drift": 1,
    "drift_in_season": 1,
    "drift_in_campaign": 1,
    "drift_and_label_loss": 1,
    "schema_break": 1,
    "faint_schema_break": 1,
    "stale_features": 1,
    "label_loss": 2,
}
PUBLIC = ("season", "sudden_drift", "schema_break", "label_loss")
DRIFTS = tuple(kind for kind in HIDDEN if "drift" in kind)
PIPELINE = ("schema_break", "faint_schema_break", "stale_features")
CALM = ("quiet", "season", "campaign")
K = IncidentKind


def _one(rng: np.random.Generator, low: float, high: float) -> tuple[float, ...]:
    place, size = int(rng.integers(FEATURES)), float(rng.uniform(low, high))
    return tuple(size if each == place else 0.0 for each in range(FEATURES))


def _begin(rng: np.random.Generator, first: float = 7.5, last: float = 12.0) -> int:
    return int(rng.uniform(first * DAY, last * DAY))


def _drift(rng: np.random.Generator, kind: IncidentKind, start: int) -> Incident:
    segments = tuple(float(weight) for weight in rng.uniform(0.9, 1.1, SEGMENTS))
    return Incident(kind, start, HORIZON, float(rng.uniform(0.9, 1.05)), segments, _one(rng, 0.6, 0.8))


def _season(rng: np.random.Generator) -> Incident:
    return Incident(K.SEASONAL_SHIFT, 0, HORIZON, 0.45, (), _one(rng, 0.9, 1.1))


def _campaign(rng: np.random.Generator, start: int, days: float) -> Incident:
    return Incident(K.INPUT_SHIFT, start, start + int(days * DAY), 1.0, (), _one(rng, 0.6, 0.8))


def _passing(rng: np.random.Generator, kind: IncidentKind, size: float, features: tuple[float, ...]) -> Incident:
    start = _begin(rng)
    return Incident(kind, start, start + 4 * DAY, size, (), features)


def _drifting(kind: IncidentKind) -> Callable[[np.random.Generator], tuple[Incident, ...]]:
    return lambda rng: (_drift(rng, kind, _begin(rng)),)


def _late_drift(rng: np.random.Generator) -> tuple[Incident, ...]:
    start = _begin(rng, 7.5, 10.5)
    return _campaign(rng, start, 8.0), _drift(rng, K.SILENT_DRIFT, start + int(rng.uniform(1.2, 1.6) * DAY))


def _lost_drift(rng: np.random.Generator) -> tuple[Incident, ...]:
    drift = _drift(rng, K.SUDDEN_DRIFT, _begin(rng))
    lost = drift.start + int(rng.uniform(0.2, 0.6) * DAY)
    return drift, Incident(K.LABEL_LOSS, lost, lost + 6 * DAY, 1.0)


DRAWN: dict[str, Callable[[np.random.Generator], tuple[Incident, ...]]] = {
    "quiet": lambda rng: (Incident(K.TRAFFIC_SPIKE, (at := _begin(rng)), at + 3 * HOUR, 2.0),),
    "season": lambda rng: (_season(rng),),
    "campaign": lambda rng: (_campaign(rng, _begin(rng), rng.uniform(4.0, 7.0)),),
    "sudden_drift": _drifting(K.SUDDEN_DRIFT),
    "gradual_drift": lambda rng: (_drift(rng, K.GRADUAL_DRIFT, _begin(rng, 7.5, 9.5)),),
    "silent_drift": _drifting(K.SILENT_DRIFT),
    "drift_in_season": lambda rng: (_season(rng), _drift(rng, K.SUDDEN_DRIFT, _begin(rng))),
    "drift_in_campaign": _late_drift,
    "drift_and_label_loss": _lost_drift,
    "schema_break": lambda rng: (_passing(rng, K.SCHEMA_BREAK, rng.uniform(0.15, 0.25), _one(rng, 0.5, 1.0)),),
    "faint_schema_break": lambda rng: (_passing(rng, K.SCHEMA_BREAK, rng.uniform(0.13, 0.17), _one(rng, 0.03, 0.04)),),
    "stale_features": lambda rng: (_passing(rng, K.STALE_FEATURES, rng.uniform(0.12, 0.16), ()),),
    "label_loss": lambda rng: (_passing(rng, K.LABEL_LOSS, 1.0, ()),),
}


def stretch(seed: int, kind: str, number: int = 0) -> Scenario:
    """Draw one stretch of production. The same arguments give the same one."""
    rng = np.random.default_rng([seed, 97, list(DRAWN).index(kind), number])
    return Scenario(f"{kind}-{number}", kind, "drift", int(rng.integers(2**31)), (), DRAWN[kind](rng))


def hidden_stretches(seed: int) -> list[Scenario]:
    """Draw the suite that is graded."""
    return [stretch(seed, kind, number) for kind, count in HIDDEN.items() for number in range(count)]
