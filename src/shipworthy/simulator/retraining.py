"""Training a new version on what was labelled lately."""

from dataclasses import dataclass

import numpy as np

from shipworthy.simulator.clockwork import STEPS_PER_DAY
from shipworthy.simulator.labels import origins
from shipworthy.simulator.production import Production
from shipworthy.simulator.versions import Version, stable_version


@dataclass(frozen=True)
class Training:
    """A training that runs: the step at which the version is ready, and what it will be."""

    ready_at: int
    version: Version


def train(production: Production, step: int, days: float, name: str) -> Training:
    """Train on the labels of the last days that have arrived before a step.

    The version learns the mean concept of its labelled window, weighted by labels. It is worse the fewer labels there
    are, and the more of the window's inputs were broken.
    """
    exercise, history, effects = production.exercise, production.history, production.effects
    newest = int(origins(exercise.labels, effects)[step])
    oldest = max(0, newest - int(days * STEPS_PER_DAY))
    window = slice(oldest, newest)
    delivered = effects.label_rate[min(step, production.steps - 1)] if newest == oldest else 1.0
    share = exercise.labels.rate * delivered * _kept(production, window)
    weights = (history.ok[window] * history.live[window]).sum(axis=1) * share[:, None]
    total = float(weights.sum())
    first = stable_version(production.width, len(exercise.features))
    if total <= 0:
        return Training(step + exercise.retraining.steps, _spoilt(first, production.stable.version, name))
    rules = exercise.retraining
    per_segment = np.maximum(weights.sum(axis=0), 1e-9)
    learned = (effects.concept[window] * weights).sum(axis=0) / per_segment
    broken = float((effects.broken[window] * weights.sum(axis=1)).sum()) / total
    shift = (effects.shift[window] * weights.sum(axis=1)[:, None]).sum(axis=0) / total
    worse = rules.scarcity / np.sqrt(per_segment) + rules.contagion * broken
    bad = tuple(float(rate) for rate in np.minimum(np.array(first.bad) + worse, 0.9))
    version = Version(name, bad, first.errors, learned=tuple(map(float, learned)), reference=tuple(map(float, shift)))
    return Training(step + rules.steps, version)


def _kept(production: Production, window: slice) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return which part of each step's labels was not lost on its way."""
    delay = np.rint(production.exercise.labels.delay * production.effects.label_delay[window]).astype(np.int64)
    arrived = np.minimum(np.arange(window.start, window.stop) + delay, production.steps - 1)
    kept: np.ndarray[tuple[int], np.dtype[np.float64]] = production.effects.label_rate[arrived]
    return kept


def _spoilt(first: Version, current: Version, name: str) -> Version:
    """Return what comes of training without a single label: a version that guesses."""
    bad = tuple(min(0.9, rate + 0.3) for rate in first.bad)
    return Version(name, bad, first.errors, learned=current.learned, reference=current.reference)
