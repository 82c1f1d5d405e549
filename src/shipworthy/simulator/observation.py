"""What can be measured: counts and figures drawn from the truth, with the noise that their numbers imply."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.drift import Effects
from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.labels import origins
from shipworthy.simulator.production import Production
from shipworthy.simulator.readings import FEWEST_FOR_QUANTILES, Reading
from shipworthy.simulator.streams import stream
from shipworthy.simulator.truth import upper_tail

RARE = 4.0
DEPTH = 13
BINS = 10
PROXY_BEST, PROXY_FALL, PROXY_SPREAD = 0.7, 0.4, 2.0
"""Few users say anything, so the spread stands for that of a mean over all requests."""
MEMORY_SPREAD = 0.05
MOODS = 0.01
POSITIVE, POSITIVE_SHIFT, POSITIVE_BAD, POSITIVE_SPREAD = 0.3, 0.02, 0.2, 0.46
DEVIATES = (0.0, 1.645, 2.326)
"""Normal deviates of the 50th, 95th and 99th percentile."""
QUANTILE_ERRORS = (1.253, 2.113, 3.733)
"""Sampling error of the logarithm of these percentiles of a log-normal, over spread / sqrt(n)."""
UNKNOWN = (None, None, None)

Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Noise:
    """Everything random about measurements of one version, drawn beforehand, so that looking twice shows the same.

    `rare` are arrival times of Poisson processes of unit rate, for small counts; `normal` and `uniform` serve
    larger counts, rounding and figures.
    """

    rare: Singles
    normal: Singles
    uniform: Singles


def draw_noise(seed: int, slot: int, exercise: Exercise) -> Noise:
    """Draw the noise of one slot's measurements for a whole horizon."""
    rng, steps, width = stream(seed, "observation", slot), exercise.steps, len(exercise.segments)
    gaps = rng.standard_exponential((steps, 2, width, DEPTH), dtype=np.float32)
    return Noise(
        np.cumsum(gaps, axis=-1, out=gaps),
        rng.standard_normal((steps, 7, width), dtype=np.float32),
        rng.random((steps, 4, width), dtype=np.float32),
    )


def counted(expected: float, rate: float, rare: Sequence[float], normal: float, uniform: float) -> int:
    """Draw a count with a mean of `expected`, whose variance is that of a binomial of this `rate`.

    A small count is that of a Poisson process, `rare` its arrival times; a larger one is normal and rounded at random.
    """
    if expected < RARE:
        return bisect_left(rare, expected)
    return max(0, floor(expected + sqrt(expected * (1.0 - rate)) * normal + uniform))


class Moment(NamedTuple):
    """What all segments share in a step: latency and wait in ms, spread, level of both signals, chances to be late."""

    latency: float
    wait: float
    spread: float
    proxy: float
    positive: float
    late: list[float]


class Sample(NamedTuple):
    """One segment's truth in a step and the noise of its measurements.

    `truth` are requests that arrived, failed, timed out, were shed, were answered, and the part that is live; `labels`
    are the expected labels and their rate of bad ones.
    """

    place: int
    truth: tuple[float, ...]
    bad: float
    labels: tuple[float, float]
    normal: list[float]
    uniform: list[float]


class Observation:
    """Draws measurements of a production's steps."""

    def __init__(self, seed: int, exercise: Exercise, production: Production) -> None:
        self.exercise, self.production = exercise, production
        self._seed, self._noises = seed, dict[int, Noise]()
        self._lates: dict[tuple[float, float, float], list[float]] = {}
        rng = stream(seed, "inputs")
        self._input_noise = rng.standard_normal((3, self.exercise.steps, len(exercise.features)), dtype=np.float32)
        self._moods = MOODS * np.convolve(rng.standard_normal(exercise.steps + 35), np.full(36, 1 / 6.0), mode="valid")
        self._factors = [segment.latency for segment in exercise.segments]
        self._prepare()

    def _prepare(self) -> None:
        """Work out what does not depend on what a policy does, for the whole horizon."""
        effects: Effects = self.production.effects
        self._effects = effects
        self._origins = origins(self.exercise.labels, effects).tolist()
        sampled = np.maximum(1.0, self.production.arriving.sum(axis=1) * self.exercise.labels.rate)[:, None]
        first, second, third = self._input_noise
        self._moved = effects.shift + first / np.sqrt(sampled)
        chance = (BINS - 2) + np.sqrt(2.0 * (BINS - 2)) * second
        self._floor = np.maximum(0.0, chance) / sampled
        spread = np.sqrt(effects.nulls * (1.0 - effects.nulls) / sampled)
        self._nulls = np.clip(effects.nulls + spread * third, 0.0, 1.0)

    def _fresh(self) -> None:
        if self._effects is not self.production.effects:
            self._prepare()

    def noise(self, slot: int) -> Noise:
        """Return the noise of a slot's measurements, drawn when somebody first looks."""
        if slot not in self._noises:
            self._noises[slot] = draw_noise(self._seed, slot, self.exercise)
        return self._noises[slot]

    def dark(self, step: int) -> bool:
        """Say whether the metrics of a step are missing."""
        return bool(self.production.effects.dark[step])

    def readings(self, step: int, slot: int) -> list[Reading]:
        """Measure one version in one step, in every segment.

        Plain numbers: with half a dozen segments they are several times as fast as arrays.
        """
        self._fresh()
        noise = self.noise(slot)
        history, number = self.production.history, int(self.production.history.version[step, slot])
        tables = (history.arrived, history.failed, history.timed_out, history.shed, history.ok, history.live)
        truths = zip(*(table[step, slot].tolist() for table in tables), strict=True)
        bad = self.production.truth.chances[number][step].tolist()
        labels = self._labels(step, slot, number)
        normal, uniform = noise.normal[step].T.tolist(), noise.uniform[step].T.tolist()
        moment, rare = self._moment(step, slot, number), noise.rare[step]
        samples = map(Sample, range(len(bad)), truths, bad, labels, normal, uniform)
        return [self._reading(sample, moment, rare) for sample in samples]

    def _moment(self, step: int, slot: int, number: int) -> Moment:
        latency, wait = self.production.history.gauges[step, slot, :2].tolist()
        version = self.production.truth.versions[number]
        proxy = PROXY_BEST + float(self._moods[step]) + version.novelty
        positive = POSITIVE + POSITIVE_SHIFT * float(self._effects.shift[step, 0]) - POSITIVE_BAD * 0.05
        late = self._late(latency, 1000.0 * wait, version.spread)
        return Moment(latency, 1000.0 * wait, version.spread, proxy, positive, late)

    def _reading(self, sample: Sample, moment: Moment, rare: Singles) -> Reading:
        place, (arrived, failed, timed_out, shed, ok, live), bad, labels, normal, uniform = sample
        lost = failed + timed_out + shed
        requests, labelled = floor(arrived + uniform[0]), floor(labels[0] + uniform[2])
        errors = labelled_bad = 0
        if requests and lost > 0.0:
            times = rare[0, place].tolist() if lost < RARE else ()
            errors = min(
                requests, counted(lost, lost / arrived if lost < arrived else 1.0, times, normal[0], uniform[1])
            )
        if labelled:
            expected = labelled * labels[1]
            times = rare[1, place].tolist() if expected < RARE else ()
            labelled_bad = min(labelled, counted(expected, labels[1], times, normal[1], uniform[3]))
        answered = requests - errors
        if answered <= 0:
            return Reading(requests, errors, 0, None, None, None, None, None, labelled, labelled_bad)
        root = sqrt(answered)
        late = min(answered, floor(ok * moment.late[place] + uniform[2]))
        p50, p95, p99 = self._quantiles(place, moment, root, normal) if requests >= FEWEST_FOR_QUANTILES else UNKNOWN
        proxy = None
        if live > 0.0:
            proxy = moment.proxy - PROXY_FALL * bad + PROXY_SPREAD / (root * sqrt(live)) * normal[2]
        positive = moment.positive + POSITIVE_BAD * bad + POSITIVE_SPREAD / root * normal[3]
        return Reading(requests, errors, late, p50, p95, p99, proxy, positive, labelled, labelled_bad)

    def _quantiles(self, place: int, moment: Moment, root: float, normal: list[float]) -> tuple[float, float, float]:
        median, scatter = moment.latency * self._factors[place], moment.spread / root
        return (
            moment.wait + median * exp(QUANTILE_ERRORS[0] * scatter * normal[4]),
            moment.wait + median * exp(DEVIATES[1] * moment.spread + QUANTILE_ERRORS[1] * scatter * normal[5]),
            moment.wait + median * exp(DEVIATES[2] * moment.spread + QUANTILE_ERRORS[2] * scatter * normal[6]),
        )

    def _late(self, latency: float, wait: float, spread: float) -> list[float]:
        """Return the chances, per segment, that an answer is late, as `Truth.late` does for whole stretches.

        They are remembered, for most steps are alike; latency and wait are taken to a tenth of a millisecond.
        """
        key = (round(latency, 1), round(wait, 1), spread)
        found = self._lates.get(key)
        if found is None:
            allowed = max(self.exercise.slo.late_ms - key[1], 1.0)
            deviates = (log(allowed / max(key[0], 1.0)) - self.production.truth.factors) / spread
            found = self._lates[key] = upper_tail(deviates).tolist()
        return found

    def _labels(self, step: int, slot: int, number: int) -> list[tuple[float, float]]:
        """Return, per segment, the labels to be expected for answers of a version, and the rate of bad ones."""
        start, stop = self._origins[step], self._origins[step + 1]
        history, chances = self.production.history, self.production.truth.chances[number]
        if stop == start + 1 and int(history.version[start, slot]) == number:
            share = self.exercise.labels.rate * float(self._effects.label_rate[step])
            return [(ok * share, bad) for ok, bad in zip(history.ok[start, slot].tolist(), chances[start].tolist())]  # noqa: B905
        return self._labels_of_many(step, number)

    def _labels_of_many(self, step: int, number: int) -> list[tuple[float, float]]:
        """Do the same where labels of several steps arrive, or the version was in another slot then."""
        window = slice(self._origins[step], self._origins[step + 1])
        history, chances = self.production.history, self.production.truth.chances[number]
        own = history.version[window] == number
        answered = (history.ok[window] * own[:, :, None]).sum(axis=1)
        whole = answered.sum(axis=0)
        bad = (answered * chances[window]).sum(axis=0) / np.maximum(whole, 1e-9)
        share = self.exercise.labels.rate * float(self._effects.label_rate[step])
        return list(zip((whole * share).tolist(), bad.tolist(), strict=True))

    def memory(self, step: int, slot: int) -> float:
        """Measure the share of memory in use, which goes up and down with what is cleared away."""
        sawtooth = float(self.noise(slot).uniform[step, 3, 0]) - 0.5
        return min(1.0, float(self.production.history.gauges[step, slot, 3]) + MEMORY_SPREAD * sawtooth)

    def inputs(self, step: int) -> list[tuple[float, float]]:
        """Measure each feature: its population stability index against training, and the rate of nulls.

        For a normal feature whose mean moved by d standard deviations the index is d squared; sampling adds
        (bins - 1) / n on average, with the variance of a chi-squared variable.
        """
        self._fresh()
        reference = self.production.stable.version.reference
        measured = zip(self._moved[step].tolist(), self._floor[step].tolist(), self._nulls[step].tolist(), strict=True)
        return [
            ((moved - usual) ** 2 + least, nulls)
            for usual, (moved, least, nulls) in zip(reference, measured, strict=True)
        ]
