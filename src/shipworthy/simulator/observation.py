"""What can be measured: counts and figures drawn from the truth, with the noise that their numbers imply."""

from math import exp, floor, log, sqrt
from operator import add
from typing import NamedTuple

import numpy as np

from shipworthy.simulator.drift import Effects
from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.history import CANDIDATE
from shipworthy.simulator.labels import origins
from shipworthy.simulator.noise import RARE, Noise, Rows, Singles, counted, draw_noise
from shipworthy.simulator.production import Production
from shipworthy.simulator.readings import FEWEST_FOR_QUANTILES, Columns, Figures
from shipworthy.simulator.streams import stream
from shipworthy.simulator.traffic import Floats
from shipworthy.simulator.truth import upper_tail

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


class Moment(NamedTuple):
    """What all segments share in a step: wait in ms, spread, level of both signals; and per segment the median
    latency without the wait and the chance to be late."""

    wait: float
    spread: float
    proxy: float
    positive: float
    medians: list[float]
    late: list[float]


class Truths(NamedTuple):
    """One version's truth in a step, per segment: requests that arrived, got no answer and were answered, the part that
    is live, and the chance of a bad answer; then the labels to be expected for earlier answers and their rate of bad
    ones."""

    arrived: list[float]
    lost: list[float]
    ok: list[float]
    live: list[float]
    bad: list[float]
    labels: list[float]
    label_rates: list[float]


class Counts(NamedTuple):
    """Requests, errors, labels and labels that say bad, per segment."""

    requests: list[int]
    errors: list[int]
    labelled: list[int]
    labelled_bad: list[int]


class Signals(NamedTuple):
    """Late answers, percentiles of latency and both signals, per segment."""

    late: list[int]
    p50_ms: Figures
    p95_ms: Figures
    p99_ms: Figures
    proxy: Figures
    positive: Figures


class Observation:
    """Draws measurements of a production's steps."""

    def __init__(self, seed: int, exercise: Exercise, production: Production) -> None:
        self.exercise, self.production = exercise, production
        self._seed, self._noises = seed, dict[int, Noise]()
        self._lates: dict[tuple[float, float, float], list[float]] = {}
        rng = stream(seed, "inputs")
        self._input_noise = rng.standard_normal((3, self.exercise.steps, len(exercise.features)), dtype=np.float32)
        white = rng.standard_normal(exercise.steps + 35)
        self._moods: list[float] = (MOODS * np.convolve(white, np.full(36, 1 / 6.0), mode="valid")).tolist()
        self._all_live = [1.0] * len(exercise.segments)
        self._medians: dict[float, list[float]] = {}
        self._factors = [segment.latency for segment in exercise.segments]
        self._prepare()

    def _prepare(self) -> None:
        """Work out what does not depend on what a policy does, for the whole horizon."""
        effects: Effects = self.production.effects
        self._effects = effects
        self._origins = origins(self.exercise.labels, effects).tolist()
        sampled = np.maximum(1.0, self.production.arriving.sum(axis=1) * self.exercise.labels.rate)[:, None]
        first, second, third = self._input_noise
        self._first_shift: list[float] = effects.shift[:, 0].tolist()
        moved = effects.shift + first / np.sqrt(sampled)
        chance = (BINS - 2) + np.sqrt(2.0 * (BINS - 2)) * second
        spread = np.sqrt(effects.nulls * (1.0 - effects.nulls) / sampled)
        nulls = np.clip(effects.nulls + spread * third, 0.0, 1.0)
        self._inputs = np.stack((moved, np.maximum(0.0, chance) / sampled, nulls), axis=2)

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

    def columns(self, step: int, slot: int) -> Columns:
        """Measure one version in one step, in every segment.

        Plain numbers in plain loops: with half a dozen segments they are several times as fast as arrays.
        """
        self._fresh()
        number, noise = int(self.production.history.version[step, slot]), self.noise(slot)
        draws, truths = noise.at(step), self._truths(step, slot, number)
        counts = _counts(truths, draws, noise.rare[step])
        signals = _figures(truths, draws, self._moment(step, slot, number), counts)
        return Columns(counts.requests, counts.errors, *signals, counts.labelled, counts.labelled_bad)

    def _truths(self, step: int, slot: int, number: int) -> Truths:
        history = self.production.history
        _, _, utilisation, _, ready = history.gauges[step, slot].tolist()
        lost = history.failed[step, slot].tolist()
        if utilisation >= 1.0 or not ready:  # else nothing timed out and nothing was shed
            for table in (history.timed_out, history.shed):
                lost = list(map(add, lost, table[step, slot].tolist()))
        return Truths(
            history.arrived[step, slot].tolist(),
            lost,
            history.ok[step, slot].tolist(),
            history.live[step, slot].tolist() if slot == CANDIDATE else self._all_live,
            self.production.truth.chances[number][step].tolist(),
            *self._labels(step, slot, number),
        )

    def _moment(self, step: int, slot: int, number: int) -> Moment:
        latency, seconds = self.production.history.gauges[step, slot, :2].tolist()
        version, wait = self.production.truth.versions[number], 1000.0 * seconds
        proxy = PROXY_BEST + self._moods[step] + version.novelty
        positive = POSITIVE + POSITIVE_SHIFT * self._first_shift[step] - POSITIVE_BAD * 0.05
        medians = self._medians.get(latency)
        if medians is None:
            medians = self._medians[latency] = [latency * factor for factor in self._factors]
        return Moment(wait, version.spread, proxy, positive, medians, self._late(latency, wait, version.spread))

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

    def _labels(self, step: int, slot: int, number: int) -> tuple[list[float], list[float]]:
        """Return, per segment, the labels to be expected for answers of a version, and the rate of bad ones."""
        start, stop = self._origins[step], self._origins[step + 1]
        history, chances = self.production.history, self.production.truth.chances[number]
        if stop == start + 1 and int(history.version[start, slot]) == number:
            share = self.exercise.labels.rate * float(self._effects.label_rate[step])
            return (self._seen_by_people(start, slot) * share).tolist(), chances[start].tolist()
        return self._labels_of_many(step, number)

    def _seen_by_people(self, *where: int | slice) -> Floats:
        """Return the answers that reached people. Nobody can say of any other whether it was bad."""
        history = self.production.history
        seen: Floats = history.ok[where] * history.live[where]
        return seen

    def _labels_of_many(self, step: int, number: int) -> tuple[list[float], list[float]]:
        """Do the same where labels of several steps arrive, or the version was in another slot then."""
        window = slice(self._origins[step], self._origins[step + 1])
        history, chances = self.production.history, self.production.truth.chances[number]
        own = history.version[window] == number
        answered = (self._seen_by_people(window) * own[:, :, None]).sum(axis=1)
        whole = answered.sum(axis=0)
        bad = (answered * chances[window]).sum(axis=0) / np.maximum(whole, 1e-9)
        share = self.exercise.labels.rate * float(self._effects.label_rate[step])
        return (whole * share).tolist(), bad.tolist()

    def memory(self, step: int, slot: int) -> float:
        """Measure the share of memory in use, which goes up and down with what is cleared away."""
        sawtooth = self.noise(slot).at(step)[0][10] - 0.5
        return min(1.0, float(self.production.history.gauges[step, slot, 3]) + MEMORY_SPREAD * sawtooth)

    def inputs(self, step: int) -> list[tuple[float, float]]:
        """Measure each feature: its population stability index against training, and the rate of nulls.

        For a normal feature whose mean moved by d standard deviations the index is d squared; sampling adds
        (bins - 1) / n on average, with the variance of a chi-squared variable.
        """
        self._fresh()
        reference = self.production.stable.version.reference
        return [
            ((moved - usual) ** 2 + least, nulls)
            for usual, (moved, least, nulls) in zip(reference, self._inputs[step].tolist(), strict=True)
        ]


def _counts(truths: Truths, draws: Rows, rare: Singles) -> Counts:
    """Return the counts of a step, per segment."""
    requests, errors, labelled, labelled_bad = counts = Counts([], [], [], [])
    rows = zip(truths.arrived, truths.lost, truths.labels, truths.label_rates, draws, strict=True)
    for place, (arrived, lost, labels, rate, draw) in enumerate(rows):
        count, found = floor(arrived + draw[7]), 0
        if count and lost > 0.0:
            times = rare[0, place].tolist() if lost < RARE else ()
            found = counted(lost, lost / arrived if lost < arrived else 1.0, times, draw[0], draw[8])
        requests.append(count)
        errors.append(found if found < count else count)
        count = floor(labels + draw[9])
        expected = count * rate
        times = rare[1, place].tolist() if expected < RARE else ()
        found = counted(expected, rate, times, draw[1], draw[10])
        labelled.append(count)
        labelled_bad.append(found if found < count else count)
    return counts


def _figures(truths: Truths, draws: Rows, moment: Moment, counts: Counts) -> Signals:
    """Return the figures of a step, per segment; those of a segment with too few answers are None."""
    late, p50, p95, p99, proxies, positives = figures = Signals([], [], [], [], [], [])
    wait, spread, usual, level, medians, chances = moment
    high, highest = DEVIATES[1] * spread, DEVIATES[2] * spread
    first, second, third = QUANTILE_ERRORS
    _, _, oks, lives, bads, _, _ = truths
    rows = zip(counts.requests, counts.errors, oks, lives, bads, medians, chances, draws, strict=True)
    for count, errors, ok, live, bad, median, chance, (_, _, draw2, draw3, draw4, draw5, draw6, _, _, draw9, _) in rows:
        answered = count - errors
        if answered <= 0:
            _add_nothing(figures)
            continue
        root = sqrt(answered)
        scatter, slow = spread / root, floor(ok * chance + draw9)
        late.append(slow if slow < answered else answered)
        enough = count >= FEWEST_FOR_QUANTILES
        p50.append(wait + median * exp(first * scatter * draw4) if enough else None)
        p95.append(wait + median * exp(high + second * scatter * draw5) if enough else None)
        p99.append(wait + median * exp(highest + third * scatter * draw6) if enough else None)
        felt = PROXY_SPREAD / (root * sqrt(live)) * draw2 if live > 0.0 else None
        proxies.append(None if felt is None else usual - PROXY_FALL * bad + felt)
        positives.append(level + POSITIVE_BAD * bad + POSITIVE_SPREAD / root * draw3)
    return figures


def _add_nothing(figures: Signals) -> None:
    figures.late.append(0)
    for column in figures[1:]:
        column.append(None)
