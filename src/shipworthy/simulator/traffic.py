"""How many requests arrive: daily and weekly seasons, jitter, and spikes from incidents."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.clockwork import STEPS_PER_DAY, STEPS_PER_HOUR
from shipworthy.simulator.segments import Segment

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Traffic:
    """Mean requests in a step, swing of the day (0 to 1), loss at weekends (0 to 1), and jitter (SD of the log)."""

    per_step: float = 24_000.0
    daily_swing: float = 0.45
    weekend_dip: float = 0.25
    jitter: float = 0.05
    memory: float = 0.9


def arrivals(traffic: Traffic, segments: Sequence[Segment], steps: int, rng: np.random.Generator) -> Floats:
    """Return the requests that arrive, shape (steps, segments), as expected counts.

    A season of the day around each segment's peak hour, a weekend dip (days 5 and 6 of each week), and a first-order
    autoregressive jitter on the log, shared by nobody.
    """
    step = np.arange(steps)
    hour = (step / STEPS_PER_HOUR) % 24
    peaks = np.array([segment.peak_hour for segment in segments])
    shares = np.array([segment.share for segment in segments])
    daily = 1.0 + traffic.daily_swing * np.cos(2 * np.pi * (hour[:, None] - peaks) / 24)
    weekend = (step // STEPS_PER_DAY) % 7 >= 5
    weekly = np.where(weekend, 1.0 - traffic.weekend_dip, 1.0)[:, None]
    arriving: Floats = traffic.per_step * shares * daily * weekly * np.exp(_jitter(traffic, steps, len(segments), rng))
    return arriving


def _jitter(traffic: Traffic, steps: int, width: int, rng: np.random.Generator) -> Floats:
    """Return an autoregressive series, as a moving average of white noise with geometric weights."""
    reach = 64
    white = rng.standard_normal((steps + reach, width))
    weights = traffic.memory ** np.arange(reach) * np.sqrt(1 - traffic.memory**2)
    smooth = [np.convolve(white[:, column], weights)[reach : reach + steps] for column in range(width)]
    series: Floats = traffic.jitter * np.stack(smooth, axis=1)
    return series
