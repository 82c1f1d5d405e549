"""Releases: new versions that are offered for rollout, good ones and faulty ones."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from shipworthy.simulator.versions import Version, improved


class ReleaseKind(StrEnum):
    """What a release truly is."""

    GOOD = "good"
    FAILING = "failing"
    WORSE = "worse"
    WORSE_FOR_SEGMENT = "worse_for_segment"
    SLOW = "slow"
    LEAKING = "leaking"


@dataclass(frozen=True)
class Release:
    """A version that is offered at a step. `segment` is the index of the segment that it harms, if it is only one."""

    arrives: int
    kind: ReleaseKind
    version: Version
    segment: int | None = None

    @property
    def good(self) -> bool:
        """Say whether it should be shipped."""
        return self.kind is ReleaseKind.GOOD


def draw_release(kind: ReleaseKind, arrives: int, stable: Version, name: str, rng: np.random.Generator) -> Release:
    """Draw a release of a kind that replaces `stable`."""
    better = replace(improved(stable, name, rng.uniform(0.2, 0.3)), novelty=float(rng.normal(0.0, 0.008)))
    if kind is ReleaseKind.WORSE_FOR_SEGMENT:
        segment = int(rng.integers(len(stable.bad) - 3, len(stable.bad)))
        bad = tuple(rate + rng.uniform(0.12, 0.2) * (place == segment) for place, rate in enumerate(better.bad))
        return Release(arrives, kind, replace(better, bad=bad), segment)
    return Release(arrives, kind, _spoilt(kind, better, stable, rng))


def _spoilt(kind: ReleaseKind, better: Version, stable: Version, rng: np.random.Generator) -> Version:
    if kind is ReleaseKind.FAILING:
        more = rng.uniform(0.02, 0.05)
        return replace(better, errors=tuple(rate + more for rate in stable.errors))
    if kind is ReleaseKind.WORSE:
        more = rng.uniform(0.03, 0.06)
        return replace(better, bad=tuple(rate + more for rate in stable.bad))
    if kind is ReleaseKind.SLOW:
        return replace(better, latency_ms=stable.latency_ms * rng.uniform(1.7, 2.4))
    if kind is ReleaseKind.LEAKING:
        return replace(better, leak=1.0 / rng.uniform(18.0, 36.0))
    return better
