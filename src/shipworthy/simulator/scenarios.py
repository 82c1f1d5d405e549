"""Suites of scenarios: the same number of every kind, so that suites of different seeds are equally hard."""

from collections.abc import Callable

import numpy as np

from shipworthy.simulator.clockwork import STEPS_PER_DAY, STEPS_PER_HOUR
from shipworthy.simulator.exercises import Exercise, exercise_of
from shipworthy.simulator.incidents import Incident, IncidentKind
from shipworthy.simulator.releases import Release, ReleaseKind, draw_release
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.streams import stream
from shipworthy.simulator.versions import stable_version

Drawn = tuple[tuple[Release, ...], tuple[Incident, ...]]
Drawer = Callable[[Exercise, np.random.Generator], Drawn]
HOUR, DAY = STEPS_PER_HOUR, STEPS_PER_DAY


def _release(exercise: Exercise, kind: ReleaseKind, rng: np.random.Generator) -> Release:
    stable = stable_version(len(exercise.segments), len(exercise.features))
    arrives = int(rng.integers(DAY // 2, DAY + DAY // 2))
    return draw_release(kind, arrives, stable, "v2", rng)


def _only(kind: ReleaseKind) -> Drawer:
    def draw(exercise: Exercise, rng: np.random.Generator) -> Drawn:
        return (_release(exercise, kind, rng),), ()

    return draw


def _good_while(kind: IncidentKind, low: float, high: float, lasts: tuple[int, int]) -> Drawer:
    def draw(exercise: Exercise, rng: np.random.Generator) -> Drawn:
        release = _release(exercise, ReleaseKind.GOOD, rng)
        start = release.arrives + int(rng.integers(1, 4 * HOUR))
        stop = start + int(rng.integers(*lasts))
        return (release,), (Incident(kind, start, stop, float(rng.uniform(low, high))),)

    return draw


def _weights(rng: np.random.Generator, width: int, low: float, high: float) -> tuple[float, ...]:
    return tuple(float(weight) for weight in rng.uniform(low, high, width))


def _one_feature(rng: np.random.Generator, width: int, low: float, high: float) -> tuple[float, ...]:
    place, size = int(rng.integers(width)), float(rng.uniform(low, high))
    return tuple(size if each == place else 0.0 for each in range(width))


def _drift(kind: IncidentKind) -> Drawer:
    def draw(exercise: Exercise, rng: np.random.Generator) -> Drawn:
        start = int(rng.integers(9 * DAY, 14 * DAY))
        segments = _weights(rng, len(exercise.segments), 0.7, 1.3)
        features = _one_feature(rng, len(exercise.features), 0.6, 0.9)
        return (), (Incident(kind, start, exercise.steps, float(rng.uniform(0.7, 1.1)), segments, features),)

    return draw


def _passing(kind: IncidentKind, low: float, high: float, lasts: tuple[int, int]) -> Drawer:
    def draw(exercise: Exercise, rng: np.random.Generator) -> Drawn:
        start = int(rng.integers(8 * DAY, 16 * DAY))
        stop = min(exercise.steps, start + int(rng.integers(*lasts)))
        features = _one_feature(rng, len(exercise.features), 0.6, 1.0)
        return (), (Incident(kind, start, stop, float(rng.uniform(low, high)), (), features),)

    return draw


def _seasonal(exercise: Exercise, rng: np.random.Generator) -> Drawn:
    features = _one_feature(rng, len(exercise.features), 0.9, 1.1)
    return (), (Incident(IncidentKind.SEASONAL_SHIFT, 0, exercise.steps, 0.45, (), features),)


def _quiet(exercise: Exercise, rng: np.random.Generator) -> Drawn:  # noqa: ARG001
    return (), ()


_ROLLOUT: dict[str, Drawer] = {
    "good": _only(ReleaseKind.GOOD),
    "failing": _only(ReleaseKind.FAILING),
    "worse": _only(ReleaseKind.WORSE),
    "worse_for_segment": _only(ReleaseKind.WORSE_FOR_SEGMENT),
    "slow": _only(ReleaseKind.SLOW),
    "leaking": _only(ReleaseKind.LEAKING),
    "good_and_outage": _good_while(IncidentKind.UPSTREAM_OUTAGE, 0.02, 0.05, (6 * HOUR, 18 * HOUR)),
    "good_and_spike": _good_while(IncidentKind.TRAFFIC_SPIKE, 1.8, 2.5, (HOUR, 3 * HOUR)),
    "good_and_label_loss": _good_while(IncidentKind.LABEL_LOSS, 0.9, 1.0, (12 * HOUR, 36 * HOUR)),
    "good_and_metric_outage": _good_while(IncidentKind.METRIC_OUTAGE, 1.0, 1.0, (HOUR, 6 * HOUR)),
}
_DRIFT: dict[str, Drawer] = {
    "quiet": _quiet,
    "sudden_drift": _drift(IncidentKind.SUDDEN_DRIFT),
    "gradual_drift": _drift(IncidentKind.GRADUAL_DRIFT),
    "silent_drift": _drift(IncidentKind.SILENT_DRIFT),
    "seasonal_shift": _seasonal,
    "input_shift": _passing(IncidentKind.INPUT_SHIFT, 1.0, 1.0, (5 * DAY, 12 * DAY)),
    "schema_break": _passing(IncidentKind.SCHEMA_BREAK, 0.12, 0.22, (2 * DAY, 4 * DAY)),
    "stale_features": _passing(IncidentKind.STALE_FEATURES, 0.1, 0.16, (2 * DAY, 4 * DAY)),
    "label_delay": _passing(IncidentKind.LABEL_DELAY, 3.0, 5.0, (4 * DAY, 8 * DAY)),
    "label_loss": _passing(IncidentKind.LABEL_LOSS, 0.9, 1.0, (4 * DAY, 8 * DAY)),
}
_KINDS = {"rollout": _ROLLOUT, "drift": _DRIFT}


def kinds(exercise: str) -> tuple[str, ...]:
    """Return the kinds of scenarios of an exercise. Raises `UnknownExerciseError`."""
    return tuple(_KINDS[exercise_of(exercise).id])


def scenario(seed: int, exercise: str, kind: str, number: int = 0) -> Scenario:
    """Draw one scenario of a kind. The same arguments give the same scenario."""
    setting, place = exercise_of(exercise), kinds(exercise).index(kind)
    rng = stream(seed, "scenario", place, number)
    releases, incidents = _KINDS[exercise][kind](setting, rng)
    noise = int(rng.integers(2**31))
    return Scenario(f"{kind}-{number}", kind, exercise, noise, releases, incidents)


def scenarios(seed: int, exercise: str, each: int = 4) -> list[Scenario]:
    """Draw a suite: `each` scenarios of every kind of the exercise, kind by kind."""
    return [scenario(seed, exercise, kind, number) for kind in kinds(exercise) for number in range(each)]
