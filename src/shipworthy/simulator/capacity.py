"""Replicas, the autoscaler, and what happens to requests for which there is no room."""

from dataclasses import dataclass, field
from math import ceil, exp, sqrt

import numpy as np

from shipworthy.simulator.clockwork import STEP_SECONDS
from shipworthy.simulator.traffic import Floats


@dataclass(frozen=True)
class CapacityPlan:
    """How replicas are provided.

    A replica answers `concurrency` requests at once and is ready `start_up` steps after it was asked for. The
    autoscaler aims at `target` utilisation and takes replicas away after `cooldown` quiet steps. A request waits at
    most
    `patience` seconds, and at most `queue_limit` requests wait for one replica.
    """

    concurrency: int = 2
    start_up: int = 2
    target: float = 0.6
    floor: int = 2
    ceiling: int = 60
    cooldown: int = 6
    patience: float = 10.0
    queue_limit: float = 200.0


@dataclass
class Pool:
    """The replicas of one version: those that are ready, and those that start (when, how many)."""

    plan: CapacityPlan
    floor: int
    ceiling: int
    ready: int = 0
    starting: list[tuple[int, int]] = field(default_factory=list)
    quiet: int = 0

    def adjust(self, step: int, demand: float, per_replica: float) -> None:
        """Take in what has started, and ask for or give back replicas for a demand in requests per step."""
        if self.starting:
            self.ready += sum(number for when, number in self.starting if when <= step)
            self.starting = [one for one in self.starting if one[0] > step]
        wanted = self.wanted(demand, per_replica)
        coming = self.ready + sum(number for _, number in self.starting)
        if wanted > coming:
            self.starting.append((step + self.plan.start_up, wanted - coming))
        self.quiet = self.quiet + 1 if wanted < coming else 0
        if self.quiet >= self.plan.cooldown and not self.starting:
            self.ready, self.quiet = wanted, 0

    def wanted(self, demand: float, per_replica: float) -> int:
        """Return how many replicas a demand needs at the target utilisation, within floor and ceiling."""
        needed = ceil(demand / (per_replica * self.plan.target)) if demand > 0 else 0
        return max(self.floor, min(self.ceiling, needed))


@dataclass(frozen=True)
class Flow:
    """What became of the requests of one version in one step, per segment; `wait` is the mean wait in seconds."""

    answered: Floats
    timed_out: Floats
    shed: Floats
    queued: Floats
    utilisation: float
    wait: float


def serve(plan: CapacityPlan, ready: int, capacity: float, queue: Floats, arrived: Floats) -> Flow:
    """Pass one step's requests through a fluid queue, first come first served.

    `capacity` is in requests per step. What cannot be answered stays as far as it will be answered within the
    patience and the queue has room; beyond the queue's room requests are shed at once, the others time out.
    """
    demand = queue + arrived
    total = float(demand.sum())
    if total <= 0.0:
        return Flow(demand, demand, demand, demand, 0.0, 0.0)
    if total <= capacity:
        zero = np.zeros_like(demand)
        return Flow(demand, zero, zero, zero, total / capacity, 0.0)
    left = total - capacity
    room = plan.queue_limit * ready
    stay = min(left, capacity * plan.patience / STEP_SECONDS, room)
    lost = left - stay
    shed = min(lost, max(0.0, left - room))
    parts = demand / total
    wait = STEP_SECONDS * stay / capacity if capacity > 0 else plan.patience
    return Flow(parts * capacity, parts * (lost - shed), parts * shed, parts * stay, 1.0 if capacity > 0 else 0.0, wait)


def service_seconds(latency_ms: float, spread: float) -> float:
    """Return the mean of a log-normal service time from its median and the SD of its log."""
    return latency_ms / 1000.0 * exp(spread * spread / 2.0)


def waiting_seconds(service: float, spread: float, servers: int, utilisation: float) -> float:
    """Return the mean wait before service, from the approximation of Allen and Cunneen with Sakasegawa's exponent.

    Sakasegawa, H.: An approximation formula Lq = a rho^b / (1 - rho), Annals of the Institute of Statistical
    Mathematics 29 (1977). `utilisation` is cut at 0.98; what is above it is in the fluid queue.
    """
    if servers <= 0:
        return 0.0
    load = min(utilisation, 0.98)
    variation = exp(spread * spread) - 1.0
    exponent = sqrt(2.0 * (servers + 1)) - 1.0
    return (1.0 + variation) / 2.0 * service * float(load**exponent) / (servers * (1.0 - load))
