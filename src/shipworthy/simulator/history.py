"""What truly happened, step by step. Policies never see it; measurements are drawn from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.traffic import Floats

STABLE, CANDIDATE, FALLBACK = 0, 1, 2
SLOT_COUNT = 3


@dataclass(frozen=True)
class History:
    """Truth per step: arrays of shape (steps, slots, segments) in requests, (steps, slots) for figures of a version.

    `arrived` = `ok` + `failed` + `timed_out` + `shed` + the growth of `queued`, per slot and segment. `live` is the
    part
    of the requests whose answers reach people, `bad` the chance that an answer is bad, `version` the number of the
    version in the slot (-1 for none), `late` the part of `ok` that came later than the objective.
    """

    arrived: Floats
    ok: Floats
    failed: Floats
    timed_out: Floats
    shed: Floats
    late: Floats
    queued: Floats
    bad: Floats
    live: Floats
    latency: Floats
    wait: Floats
    utilisation: Floats
    memory: Floats
    ready: Floats
    reviewed: Floats
    spend: Floats
    version: NDArray[np.int16]


_PER_SEGMENT = ("arrived", "ok", "failed", "timed_out", "shed", "late", "queued", "bad", "live")
_PER_SLOT = ("latency", "wait", "utilisation", "memory", "ready", "reviewed")


def blank_history(steps: int, segments: int) -> History:
    """Return a history in which nothing has happened yet."""
    wide, narrow = (steps, SLOT_COUNT, segments), (steps, SLOT_COUNT)
    version = np.full((steps, SLOT_COUNT), -1, dtype=np.int16)
    per_segment = {name: np.zeros(wide) for name in _PER_SEGMENT}
    per_slot = {name: np.zeros(narrow) for name in _PER_SLOT}
    return History(**per_segment, **per_slot, spend=np.zeros(steps), version=version)
