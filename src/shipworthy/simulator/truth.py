"""What follows from the history: which answers were bad or late, and what was spent."""

import numpy as np

from shipworthy.simulator.clockwork import STEPS_PER_HOUR
from shipworthy.simulator.drift import Effects
from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.history import NO_VERSION, History
from shipworthy.simulator.traffic import Floats
from shipworthy.simulator.versions import Version

MOST_BAD = 0.95
REVIEW_CATCHES = 0.9


def chance_bad(version: Version, effects: Effects, slope: float) -> Floats:
    """Return the chance that an answer is bad, per step and segment.

    It grows by `slope` for each unit that the concept is away from what the version learned, and by the share of broken
    inputs, both as far as the version relies on features.
    """
    gap = slope * np.abs(effects.concept - np.array(version.learned))
    worse = (gap + effects.broken[:, None]) * version.reliance
    chance: Floats = np.minimum(np.array(version.bad) + worse, MOST_BAD)
    return chance


def chance_failing(version: Version, effects: Effects) -> Floats:
    """Return the chance that a request fails, per step and segment, apart from what memory does."""
    return np.minimum(np.array(version.errors) + effects.outage[:, None] * version.reliance, 1.0)


def upper_tail(deviates: Floats) -> Floats:
    """Return the chance that a standard normal is above each deviate, to about 0.003.

    Tsay, W.-J., Huang, C. J., Fu, T.-T. and Ho, I.-L.: A simple closed-form approximation for the cumulative
    distribution function of the composite error of stochastic frontier models, Journal of Productivity Analysis (2013).
    """
    size = np.abs(deviates)
    tail: Floats = 0.5 * np.exp(-size * (0.717 + 0.416 * size))
    return np.where(deviates >= 0, tail, 1.0 - tail)


class Truth:
    """A history together with the versions that made it."""

    def __init__(self, exercise: Exercise, history: History) -> None:
        self.exercise, self.history = exercise, history
        self.versions: list[Version] = []
        self.chances: list[Floats] = []
        self.factors = np.log(np.array([segment.latency for segment in exercise.segments]))

    def late(self, window: slice) -> Floats:
        """Return the answers that came later than the objective, per step, slot and segment."""
        gauges = self.history.gauges[window]
        allowed = np.maximum(self.exercise.slo.late_ms - 1000.0 * gauges[:, :, 1], 1.0)
        spreads = np.array([version.spread for version in self.versions] + [1.0])[self.history.version[window]]
        margin = np.log(allowed / np.maximum(gauges[:, :, 0], 1.0)) / spreads
        deviates = margin[:, :, None] - self.factors / spreads[:, :, None]
        late: Floats = self.history.ok[window] * upper_tail(deviates)
        return late

    def bad(self, window: slice) -> Floats:
        """Return the chance that an answer was bad, per step, slot and segment."""
        versions = self.history.version[window]
        bad = np.zeros((*versions.shape, self.factors.size))
        steps = np.arange(window.start, window.stop)
        for number in np.unique(versions):
            if number != NO_VERSION:
                where = versions == number
                bad[where] = self.chances[number][steps[np.nonzero(where)[0]]]
        return bad

    def bad_answers(self, window: slice) -> Floats:
        """Return the bad answers that reached people, per step, slot and segment."""
        history = self.history
        through = 1.0 - REVIEW_CATCHES * history.reviewed[window]
        answers: Floats = history.ok[window] * history.live[window] * self.bad(window) * through[:, None, None]
        return answers

    def spend(self, window: slice) -> Floats:
        """Return the money spent, per step."""
        history, prices = self.history, self.exercise.prices
        costs = np.array([version.cost for version in self.versions] + [0.0])[history.version[window]]
        requests = (history.arrived[window].sum(axis=2) * costs).sum(axis=1)
        replicas = history.ready[window].sum(axis=1) * prices.replica_hour / STEPS_PER_HOUR
        answers = (history.ok[window] * history.live[window]).sum(axis=(1, 2))
        spent: Floats = requests + replicas + answers * history.reviewed[window] * prices.review
        return spent + history.charged[window]
