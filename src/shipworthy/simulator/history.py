"""What truly happened, step by step. Policies never see it; measurements are drawn from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.traffic import Floats

STABLE, CANDIDATE, FALLBACK = 0, 1, 2
SLOT_COUNT = 3
SLOTS = {"stable": STABLE, "candidate": CANDIDATE, "fallback": FALLBACK}
NO_VERSION = -1


@dataclass(frozen=True)
class History:
    """Truth per step and slot.

    Of shape (steps, slots, segments), in requests: `arrived` + the queue before = `ok` + `failed` + `timed_out` +
    `shed` + `queued`; `live` is the part of the requests whose answers reach people (the rest is shadow traffic).
    `gauges` are (steps, slots, 5): median latency in ms, wait in seconds, utilisation, memory, replicas ready.
    `version` is the number of the version in the slot. `reviewed` (share of live answers) and `charged` (money) are
    (steps,).
    """

    arrived: Floats
    ok: Floats
    failed: Floats
    timed_out: Floats
    shed: Floats
    queued: Floats
    live: Floats
    gauges: Floats
    version: NDArray[np.int16]
    reviewed: Floats
    charged: Floats

    @property
    def latency(self) -> Floats:
        """Return the median service time in milliseconds."""
        return self.gauges[:, :, 0]

    @property
    def wait(self) -> Floats:
        """Return the mean wait before service in seconds."""
        return self.gauges[:, :, 1]

    @property
    def utilisation(self) -> Floats:
        """Return the share of the capacity that was used."""
        return self.gauges[:, :, 2]

    @property
    def memory(self) -> Floats:
        """Return the share of memory in use."""
        return self.gauges[:, :, 3]

    @property
    def ready(self) -> Floats:
        """Return the replicas that were ready."""
        return self.gauges[:, :, 4]

    @property
    def lost(self) -> Floats:
        """Return the requests that got no answer."""
        return self.failed + self.timed_out + self.shed


def blank_history(steps: int, segments: int) -> History:
    """Return a history in which nothing has happened yet."""
    wide = (steps, SLOT_COUNT, segments)
    live = np.ones(wide)
    live[:, CANDIDATE] = 0.0
    names = ("arrived", "ok", "failed", "timed_out", "shed", "queued")
    return History(
        **{name: np.zeros(wide) for name in names},
        live=live,
        gauges=np.zeros((steps, SLOT_COUNT, 5)),
        version=np.full((steps, SLOT_COUNT), NO_VERSION, dtype=np.int16),
        reviewed=np.zeros(steps),
        charged=np.zeros(steps),
    )
