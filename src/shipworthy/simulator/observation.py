"""What can be measured: counts and figures drawn from the truth, with the noise that their numbers imply."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.history import SLOT_COUNT
from shipworthy.simulator.labels import origins
from shipworthy.simulator.production import Production
from shipworthy.simulator.streams import stream
from shipworthy.simulator.traffic import Floats

RARE = 5.0
DEPTH = 14
BINS = 10
PROXY_SPREAD = 0.5
QUANTILES = ((0.5, 0.0, 1.253), (0.95, 1.645, 2.113), (0.99, 2.326, 3.733))
"""Quantile, its normal deviate, and the factor of the sampling error of its logarithm over spread / sqrt(n)."""

Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Noise:
    """Everything random about measurements, drawn beforehand, so that looking twice shows the same.

    `rare` are arrival times of Poisson processes of unit rate, for small counts; `normal` and `uniform` serve larger
    counts, rounding and figures.
    """

    rare: Singles
    normal: Singles
    uniform: Singles
    inputs: Singles
    moods: Floats


def draw_noise(seed: int, exercise: Exercise) -> Noise:
    """Draw the noise of a whole horizon."""
    rng, steps, width = stream(seed, "observation"), exercise.steps, len(exercise.segments)
    gaps = rng.standard_exponential((steps, SLOT_COUNT, 2, width, DEPTH), dtype=np.float32)
    moods = np.convolve(rng.standard_normal(steps + 35), np.full(36, 1 / 6.0), mode="valid")
    return Noise(
        np.cumsum(gaps, axis=-1, out=gaps),
        rng.standard_normal((steps, SLOT_COUNT, 7, width), dtype=np.float32),
        rng.random((steps, SLOT_COUNT, 4, width), dtype=np.float32),
        rng.standard_normal((steps, 3, len(exercise.features)), dtype=np.float32),
        0.01 * moods,
    )


def counted(expected: Floats, rate: Floats | float, rare: Singles, normal: Singles, uniform: Singles) -> Floats:
    """Draw counts with a mean of `expected`, whose variance is that of a binomial of this `rate`.

    Small counts are those of a Poisson process; larger ones are normal and rounded at random.
    """
    few: Floats = (rare < expected[:, None]).sum(axis=1).astype(np.float64)
    if float(expected.max(initial=0.0)) < RARE:
        return few
    many = np.floor(expected + np.sqrt(expected * (1.0 - rate)) * normal + uniform)
    return np.where(expected < RARE, few, np.maximum(many, 0.0))


@dataclass(frozen=True)
class Figures:
    """The measurements of one version in one step, each an array over segments; NaN without requests."""

    requests: Floats
    errors: Floats
    late: Floats
    quantiles: tuple[Floats, Floats, Floats]
    proxy: Floats
    positive: Floats
    labelled: Floats
    labelled_bad: Floats


class Observation:
    """Draws measurements of a production's steps."""

    def __init__(self, seed: int, exercise: Exercise, production: Production) -> None:
        self.exercise, self.production = exercise, production
        self.noise = draw_noise(seed, exercise)
        self._effects, self._origins = production.effects, origins(exercise.labels, production.effects)
        self._factors = np.array([segment.latency for segment in exercise.segments])

    def dark(self, step: int) -> bool:
        """Say whether the metrics of a step are missing."""
        return bool(self.production.effects.dark[step])

    def figures(self, step: int, slot: int) -> Figures:
        """Measure one version in one step."""
        history, noise = self.production.history, self.noise
        normal, uniform, rare = noise.normal[step, slot], noise.uniform[step, slot], noise.rare[step, slot]
        arrived = history.arrived[step, slot]
        requests = np.floor(arrived + uniform[0])
        lost = history.failed[step, slot] + history.timed_out[step, slot] + history.shed[step, slot]
        rate = np.minimum(lost / np.maximum(arrived, 1e-9), 1.0)
        errors = np.minimum(counted(lost, rate, rare[0], normal[0], uniform[1]), requests)
        labelled, labelled_bad = self._labels(step, slot, rare[1], normal[1], uniform[2:])
        answered = np.where(requests > errors, requests - errors, np.nan)
        bad, root = history.bad[step, slot], np.sqrt(answered)
        live = np.where(history.live[step, slot] > 0, np.sqrt(history.live[step, slot]), np.nan)
        proxy = 0.7 - 0.8 * bad + noise.moods[step] + PROXY_SPREAD / (root * live) * normal[2]
        positive = 0.3 + 0.02 * self.production.effects.shift[step, 0] + 0.2 * (bad - 0.05) + 0.46 / root * normal[3]
        quantiles = self._quantiles(step, slot, root, normal[4:])
        late = np.minimum(np.floor(history.late[step, slot] + uniform[3]), requests - errors)
        return Figures(requests, errors, late, quantiles, proxy, positive, labelled, labelled_bad)

    def _quantiles(self, step: int, slot: int, root: Floats, normal: Singles) -> tuple[Floats, Floats, Floats]:
        deployed = self.production.deployments[slot]
        spread = deployed.version.spread if deployed else 0.0
        history = self.production.history
        median = history.latency[step, slot] * self._factors
        wait = 1000.0 * history.wait[step, slot]
        first, second, third = (
            wait + median * np.exp(spread * (deviate + factor * normal[place] / root))
            for place, (_, deviate, factor) in enumerate(QUANTILES)
        )
        return first, second, third

    def _labels(self, step: int, slot: int, rare: Singles, normal: Singles, uniform: Singles) -> tuple[Floats, Floats]:
        """Return how many labels arrived for answers of the version in the slot, and how many say that it was bad."""
        if self._effects is not self.production.effects:
            self._effects = self.production.effects
            self._origins = origins(self.exercise.labels, self._effects)
        start, stop = int(self._origins[step]), int(self._origins[step + 1])
        history = self.production.history
        if start >= stop:
            return np.zeros(self.production.width), np.zeros(self.production.width)
        own = history.version[start:stop] == history.version[step, slot]
        answered = history.ok[start:stop] * own[:, :, None]
        share = self.exercise.labels.rate * float(self._effects.label_rate[step])
        expected = answered.sum(axis=(0, 1)) * share
        bad = (answered * history.bad[start:stop]).sum(axis=(0, 1)) * share
        labelled = np.floor(expected + uniform[0])
        rate = bad / np.maximum(expected, 1e-9)
        return labelled, np.minimum(counted(labelled * rate, rate, rare, normal, uniform[1]), labelled)

    def inputs(self, step: int) -> tuple[Floats, Floats]:
        """Measure the inputs: the population stability index of each feature against training, and the rate of nulls.

        For a normal feature whose mean moved by d standard deviations the index is d squared; sampling adds
        (bins - 1) / n on average, with the variance of a chi-squared variable.
        """
        production = self.production
        normal = self.noise.inputs[step]
        requests = max(1.0, float(production.seen.sum()) * self.exercise.labels.rate)
        moved = production.effects.shift[step] - np.array(production.stable.version.reference)
        error = moved + normal[0] / np.sqrt(requests)
        floor = np.maximum(0.0, (BINS - 2) + np.sqrt(2.0 * (BINS - 2)) * normal[1]) / requests
        nulls = production.effects.nulls[step]
        spread = np.sqrt(nulls * (1 - nulls) / requests)
        return error**2 + floor, np.clip(nulls + spread * normal[2], 0.0, 1.0)
