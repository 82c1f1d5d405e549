"""What can be measured: counts and figures drawn from the truth, with the noise that their numbers imply."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.drift import Effects
from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.history import SLOT_COUNT
from shipworthy.simulator.labels import origins
from shipworthy.simulator.production import Production
from shipworthy.simulator.streams import stream
from shipworthy.simulator.traffic import Floats
from shipworthy.simulator.truth import upper_tail

RARE = 5.0
DEPTH = 14
BINS = 10
PROXY_BEST, PROXY_FALL, PROXY_SPREAD = 0.7, 0.4, 2.0
"""Few users say anything, so the spread stands for that of a mean over all requests."""
MEMORY_SPREAD = 0.05
POSITIVE, POSITIVE_SHIFT, POSITIVE_BAD, POSITIVE_SPREAD = 0.3, 0.02, 0.2, 0.46
DEVIATES = np.array([[0.0], [1.645], [2.326]])
"""Normal deviates of the 50th, 95th and 99th percentile."""
QUANTILE_ERRORS = np.array([[1.253], [2.113], [3.733]])
"""Sampling error of the logarithm of these percentiles of a log-normal, over spread / sqrt(n)."""

Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Noise:
    """Everything random about measurements, drawn beforehand, so that looking twice shows the same.

    `rare` are arrival times of Poisson processes of unit rate, for small counts; `normal` and `uniform` serve
    larger counts, rounding and figures. `inputs` are three normal series per feature, `moods` a slow series of
    users' moods.
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
        rng.standard_normal((3, steps, len(exercise.features)), dtype=np.float32),
        0.01 * moods,
    )


def counted(expected: Floats, rate: Floats, rare: Singles, normal: Singles, uniform: Singles) -> Floats:
    """Draw counts with a mean of `expected`, whose variance is that of a binomial of this `rate`.

    Small counts are those of a Poisson process, `rare` its arrival times along the last axis; larger ones are normal
    and rounded at random.
    """
    least, most = float(expected.min()), float(expected.max())
    few: Floats = (rare < expected[..., None]).sum(axis=-1).astype(np.float64) if least < RARE else expected
    if most < RARE:
        return few
    many = np.maximum(np.floor(expected + np.sqrt(expected * (1.0 - rate)) * normal + uniform), 0.0)
    return many if least >= RARE else np.where(expected < RARE, few, many)


@dataclass(frozen=True)
class Figures:
    """The measurements of one version in one step, each an array over segments; NaN without requests.

    `quantiles` has a row for each of the 50th, 95th and 99th percentile.
    """

    requests: Floats
    errors: Floats
    late: Floats
    quantiles: Floats
    proxy: Floats
    positive: Floats
    labelled: Floats
    labelled_bad: Floats


class Observation:
    """Draws measurements of a production's steps."""

    def __init__(self, seed: int, exercise: Exercise, production: Production) -> None:
        self.exercise, self.production = exercise, production
        self.noise = draw_noise(seed, exercise)
        self._factors = np.array([segment.latency for segment in exercise.segments])
        self._prepare()

    def _prepare(self) -> None:
        """Work out what does not depend on what a policy does, for the whole horizon."""
        effects: Effects = self.production.effects
        self._effects = effects
        self._origins = origins(self.exercise.labels, effects).tolist()
        sampled = np.maximum(1.0, self.production.arriving.sum(axis=1) * self.exercise.labels.rate)[:, None]
        first, second, third = self.noise.inputs
        self._moved = effects.shift + first / np.sqrt(sampled)
        chance = (BINS - 2) + np.sqrt(2.0 * (BINS - 2)) * second
        self._floor = np.maximum(0.0, chance) / sampled
        spread = np.sqrt(effects.nulls * (1.0 - effects.nulls) / sampled)
        self._nulls = np.clip(effects.nulls + spread * third, 0.0, 1.0)

    def _fresh(self) -> None:
        if self._effects is not self.production.effects:
            self._prepare()

    def dark(self, step: int) -> bool:
        """Say whether the metrics of a step are missing."""
        return bool(self.production.effects.dark[step])

    def figures(self, step: int, slot: int) -> Figures:
        """Measure one version in one step."""
        self._fresh()
        history, noise = self.production.history, self.noise
        normal, uniform = noise.normal[step, slot], noise.uniform[step, slot]
        arrived = history.arrived[step, slot]
        lost = history.failed[step, slot] + history.timed_out[step, slot] + history.shed[step, slot]
        requests = np.floor(arrived + uniform[0])
        labelled, rate = self._labels(step, slot)
        labelled = np.floor(labelled + uniform[2])
        expected = np.array((lost, labelled * rate))
        rates = np.array((np.minimum(lost / np.maximum(arrived, 1e-9), 1.0), rate))
        counts = counted(expected, rates, noise.rare[step, slot], normal[:2], uniform[1::2])
        counts = np.minimum(counts, (requests, labelled))
        answered = requests - counts[0]
        late = np.minimum(np.floor(self._late(step, slot) + uniform[2]), answered)
        root = np.sqrt(np.where(answered > 0, answered, np.nan))
        number = int(history.version[step, slot])
        bad, novelty = self.production.truth.chances[number][step], self.production.truth.versions[number].novelty
        proxy, positive = self._signals(step, history.live[step, slot], bad, root, normal)
        quantiles = self._quantiles(step, slot, root, normal[4:])
        return Figures(requests, counts[0], late, quantiles, proxy + novelty, positive, labelled, counts[1])

    def _signals(self, step: int, live: Floats, bad: Floats, root: Floats, normal: Singles) -> tuple[Floats, Floats]:
        """Return the users' mean signal, which shadow traffic lacks, and the share of positive predictions."""
        seen = np.sqrt(np.where(live > 0, live, np.nan))
        mean = (PROXY_BEST + float(self.noise.moods[step])) - PROXY_FALL * bad
        shift = float(self._effects.shift[step, 0])
        positive = (POSITIVE + POSITIVE_SHIFT * shift) + POSITIVE_BAD * (bad - 0.05)
        return mean + PROXY_SPREAD / (root * seen) * normal[2], positive + POSITIVE_SPREAD / root * normal[3]

    def _quantiles(self, step: int, slot: int, root: Floats, normal: Singles) -> Floats:
        latency, wait = self.production.history.gauges[step, slot, :2].tolist()
        spread = self._spread(step, slot)
        deviates = DEVIATES + QUANTILE_ERRORS * normal / root
        quantiles: Floats = 1000.0 * wait + latency * self._factors * np.exp(spread * deviates)
        return quantiles

    def _spread(self, step: int, slot: int) -> float:
        return self.production.truth.versions[int(self.production.history.version[step, slot])].spread

    def _late(self, step: int, slot: int) -> Floats:
        """Return the expected number of late answers, as `Truth.late` does for whole stretches."""
        latency, wait = self.production.history.gauges[step, slot, :2].tolist()
        spread = self._spread(step, slot)
        allowed = max(self.exercise.slo.late_ms - 1000.0 * wait, 1.0)
        deviates = (log(allowed / max(latency, 1.0)) - self.production.truth.factors) / spread
        late: Floats = self.production.history.ok[step, slot] * upper_tail(deviates)
        return late

    def _labels(self, step: int, slot: int) -> tuple[Floats, Floats]:
        """Return the expected labels that arrived for answers of the version in the slot, and the rate of bad ones."""
        history, chances = self.production.history, self.production.truth.chances
        number = int(history.version[step, slot])
        answered, bad = np.zeros(self.production.width), np.zeros(self.production.width)
        for origin in range(self._origins[step], self._origins[step + 1]):
            for place in np.flatnonzero(history.version[origin] == number).tolist():
                ok = history.ok[origin, place]
                answered, bad = answered + ok, bad + ok * chances[number][origin]
        share = self.exercise.labels.rate * float(self._effects.label_rate[step])
        return answered * share, bad / np.maximum(answered, 1e-9)

    def memory(self, step: int, slot: int) -> float:
        """Measure the share of memory in use, which goes up and down with what is cleared away."""
        sawtooth = float(self.noise.uniform[step, slot, 3, 0]) - 0.5
        return min(1.0, float(self.production.history.gauges[step, slot, 3]) + MEMORY_SPREAD * sawtooth)

    def inputs(self, step: int) -> tuple[Floats, Floats]:
        """Measure the inputs: the population stability index of each feature against training, and the rate of nulls.

        For a normal feature whose mean moved by d standard deviations the index is d squared; sampling adds
        (bins - 1) / n on average, with the variance of a chi-squared variable.
        """
        self._fresh()
        moved = self._moved[step] - np.array(self.production.stable.version.reference)
        return moved * moved + self._floor[step], self._nulls[step]
