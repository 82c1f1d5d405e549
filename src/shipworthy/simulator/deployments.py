"""A version that is deployed: its replicas, its share of the traffic, its queue and its memory."""

from dataclasses import dataclass, field
from math import log

import numpy as np

from shipworthy.simulator.capacity import CapacityPlan, Pool, serve, service_seconds, waiting_seconds
from shipworthy.simulator.clockwork import STEP_SECONDS, STEPS_PER_HOUR
from shipworthy.simulator.history import History
from shipworthy.simulator.traffic import Floats
from shipworthy.simulator.versions import Version

MEMORY_AT_START = 0.25
FULL = 1.0
LEAK_SLOWS = 1.5
LEAK_FAILS = 0.4
TIGHT = 0.8


@dataclass
class Deployment:
    """A version with its pool of replicas. `memory` is a share of what there is, `age` is in steps since the start."""

    version: Version
    number: int
    pool: Pool
    queue: Floats
    factors: Floats
    objective: float
    memory: float = MEMORY_AT_START
    age: int = 0
    restarting: bool = False
    bad: Floats = field(init=False)
    errors: Floats = field(init=False)
    learned: Floats = field(init=False)
    service: float = field(init=False)

    def __post_init__(self) -> None:
        self.bad = np.array(self.version.bad)
        self.errors = np.array(self.version.errors)
        self.learned = np.array(self.version.learned)
        self.service = service_seconds(self.version.latency_ms, self.version.spread)

    @property
    def pressure(self) -> float:
        """Return how far memory is filled by a leak, 0 to 1."""
        return max(0.0, (self.memory - MEMORY_AT_START) / (FULL - MEMORY_AT_START))

    @property
    def slowdown(self) -> float:
        """Return the factor of the leak on latency."""
        return 1.0 + LEAK_SLOWS * self.pressure**2

    @property
    def crashes(self) -> float:
        """Return the chance that a request dies with a replica that has no memory left."""
        return LEAK_FAILS * max(0.0, (self.memory - TIGHT) / (FULL - TIGHT)) ** 2

    @property
    def per_replica(self) -> float:
        """Return the requests that one replica answers in a step."""
        return self.pool.plan.concurrency * STEP_SECONDS / (self.service * self.slowdown)

    def restart(self) -> None:
        """Restart the replicas one after another within the next step."""
        self.memory, self.age, self.restarting = MEMORY_AT_START, 0, True

    def step(self, step: int, slot: int, arrived: Floats, outage: float, history: History) -> None:
        """Serve one step's requests and write down what became of them."""
        plan, per_replica = self.pool.plan, self.per_replica
        ready = self.pool.ready
        capacity = ready * per_replica * (0.5 if self.restarting else 1.0)
        flow = serve(plan, ready, capacity, self.queue, arrived)
        failing = self.errors + (self.crashes + outage * self.version.reliance)
        failed = flow.answered * np.minimum(failing, 1.0)
        history.arrived[step, slot] = arrived
        history.failed[step, slot] = failed
        history.ok[step, slot] = flow.answered - failed
        history.timed_out[step, slot] = flow.timed_out
        history.shed[step, slot] = flow.shed
        history.queued[step, slot] = flow.queued
        history.version[step, slot] = self.number
        slowed = self.service * self.slowdown
        servers = ready * plan.concurrency
        waits = waiting_seconds(slowed, self.version.spread, servers, flow.utilisation)
        history.latency[step, slot] = self.version.latency_ms * self.slowdown
        history.wait[step, slot] = flow.wait + waits
        history.utilisation[step, slot] = flow.utilisation
        history.memory[step, slot] = self.memory
        history.ready[step, slot] = ready
        history.late[step, slot] = history.ok[step, slot] * self._late(flow.wait + waits)
        self.queue = flow.queued
        self._age(flow.utilisation)

    def _late(self, wait: float) -> Floats:
        """Return the chance, per segment, that an answer comes later than the objective: a log-normal tail."""
        allowed = max(self.objective - 1000.0 * wait, 1.0)
        deviates = (log(allowed / (self.version.latency_ms * self.slowdown)) - self.factors) / self.version.spread
        return upper_tail(deviates)

    def _age(self, utilisation: float) -> None:
        self.restarting = False
        self.age += 1
        load = utilisation / self.pool.plan.target
        self.memory += self.version.leak * (FULL - MEMORY_AT_START) * load / STEPS_PER_HOUR
        if self.memory >= FULL:
            self.restart()


def upper_tail(deviates: Floats) -> Floats:
    """Return the chance that a standard normal is above each deviate, to about 0.003.

    Tsay, W.-J., Huang, C. J., Fu, T.-T. and Ho, I.-L.: A simple closed-form approximation for the cumulative
    distribution function of the composite error of stochastic frontier models, Journal of Productivity Analysis (2013).
    """
    size = np.abs(deviates)
    tail = 0.5 * np.exp(-size * (0.717 + 0.416 * size))
    return np.where(deviates >= 0, tail, 1.0 - tail)


def deploy(version: Version, number: int, plan: CapacityPlan, factors: Floats, objective: float) -> Deployment:
    """Return a fresh deployment without replicas. `factors` are logarithms of the segments' latency factors.

    `objective` is the latency in milliseconds above which an answer is late.
    """
    pool = Pool(plan, floor=plan.floor, ceiling=plan.ceiling)
    return Deployment(version, number, pool, np.zeros(len(factors)), factors, objective)
