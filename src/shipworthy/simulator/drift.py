"""What incidents do over time, as arrays: how inputs move, how the concept moves, what breaks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shipworthy.simulator.clockwork import STEPS_PER_DAY, STEPS_PER_WEEK
from shipworthy.simulator.incidents import Incident, IncidentKind
from shipworthy.simulator.traffic import Floats

DAILY_SHIFT = 0.12
WEEKLY_SHIFT = 0.12
GRADUAL_STEPS = 7 * STEPS_PER_DAY
STALE_STEPS = STEPS_PER_DAY


@dataclass(frozen=True)
class Effects:
    """What is true outside the system at every step.

    Shapes: `outage` (added error rate), `surge` (factor on traffic), `dark` (1 where metrics are missing), `age`
    (minutes since features were refreshed), `broken` (share of broken inputs), `label_rate` (factor) and
    `label_delay` (factor) are (steps,); `concept` is (steps, segments); `shift` (in standard deviations) and `nulls`
    (rates) are (steps, features).
    """

    outage: Floats
    surge: Floats
    dark: Floats
    age: Floats
    broken: Floats
    label_rate: Floats
    label_delay: Floats
    concept: Floats
    shift: Floats
    nulls: Floats


def effects_of(incidents: Sequence[Incident], steps: int, segments: int, features: int) -> Effects:
    """Return the effects of incidents over a horizon."""
    effects = _quiet(steps, segments, features)
    for incident in incidents:
        _APPLIED[incident.kind](effects, incident, slice(incident.start, min(incident.stop, steps)))
    return effects


def _quiet(steps: int, segments: int, features: int) -> Effects:
    step = np.arange(steps)
    seasons = DAILY_SHIFT * np.sin(2 * np.pi * step / STEPS_PER_DAY)
    seasons = seasons + WEEKLY_SHIFT * np.sin(2 * np.pi * step / STEPS_PER_WEEK)
    weights = np.array([1.0 / (1 + place) for place in range(features)])
    zero = np.zeros(steps)
    return Effects(
        outage=zero.copy(),
        surge=np.ones(steps),
        dark=zero.copy(),
        age=np.full(steps, 5.0),
        broken=zero.copy(),
        label_rate=np.ones(steps),
        label_delay=np.ones(steps),
        concept=np.zeros((steps, segments)),
        shift=seasons[:, None] * weights,
        nulls=np.full((steps, features), 0.002),
    )


def _since(window: slice) -> Floats:
    """Return the steps since the beginning, starting at 1."""
    return np.arange(1.0, max(0, window.stop - window.start) + 1.0)


def _outage(effects: Effects, incident: Incident, window: slice) -> None:
    effects.outage[window] += incident.size


def _spike(effects: Effects, incident: Incident, window: slice) -> None:
    effects.surge[window] *= incident.size


def _dark(effects: Effects, incident: Incident, window: slice) -> None:  # noqa: ARG001
    effects.dark[window] = 1.0


def _label_loss(effects: Effects, incident: Incident, window: slice) -> None:
    effects.label_rate[window] *= 1.0 - incident.size


def _label_delay(effects: Effects, incident: Incident, window: slice) -> None:
    effects.label_delay[window] *= incident.size


def _sudden(effects: Effects, incident: Incident, window: slice) -> None:
    _silent(effects, incident, window)
    _moved(effects, incident, window)


def _silent(effects: Effects, incident: Incident, window: slice) -> None:
    effects.concept[window] += incident.size * np.array(incident.segments)


def _gradual(effects: Effects, incident: Incident, window: slice) -> None:
    grown = np.minimum(1.0, _since(window) / GRADUAL_STEPS)[:, None]
    effects.concept[window] += incident.size * grown * np.array(incident.segments)
    effects.shift[window] += grown * np.array(incident.features)


def _moved(effects: Effects, incident: Incident, window: slice) -> None:
    effects.shift[window] += np.array(incident.features)


def _seasonal(effects: Effects, incident: Incident, window: slice) -> None:
    wave = np.sin(2 * np.pi * np.arange(window.start, window.stop) / STEPS_PER_WEEK)
    effects.shift[window] += incident.size * wave[:, None] * np.array(incident.features)


def _schema(effects: Effects, incident: Incident, window: slice) -> None:
    effects.broken[window] += incident.size
    effects.nulls[window] += 0.9 * np.array(incident.features)
    effects.shift[window] += 0.8 * np.array(incident.features)


def _stale(effects: Effects, incident: Incident, window: slice) -> None:
    since = _since(window)
    effects.age[window] += 5.0 * since
    effects.broken[window] += incident.size * np.minimum(1.0, since / STALE_STEPS)


_APPLIED: dict[IncidentKind, Callable[[Effects, Incident, slice], None]] = {
    IncidentKind.UPSTREAM_OUTAGE: _outage,
    IncidentKind.TRAFFIC_SPIKE: _spike,
    IncidentKind.METRIC_OUTAGE: _dark,
    IncidentKind.LABEL_LOSS: _label_loss,
    IncidentKind.LABEL_DELAY: _label_delay,
    IncidentKind.SUDDEN_DRIFT: _sudden,
    IncidentKind.GRADUAL_DRIFT: _gradual,
    IncidentKind.SILENT_DRIFT: _silent,
    IncidentKind.INPUT_SHIFT: _moved,
    IncidentKind.SEASONAL_SHIFT: _seasonal,
    IncidentKind.SCHEMA_BREAK: _schema,
    IncidentKind.STALE_FEATURES: _stale,
}
