"""A version that is deployed: its replicas, its queue and its memory."""

from dataclasses import dataclass, field

import numpy as np

from shipworthy.simulator.capacity import CapacityPlan, Flow, Pool, serve, service_seconds, waiting_seconds
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
    """A version with its pool of replicas. `memory` is a share of what there is, `age` is in steps since the start.

    `failing` is the chance that a request fails, per step and segment, apart from what memory does.
    """

    version: Version
    number: int
    pool: Pool
    failing: Floats
    queue: Floats
    waiting: bool = False
    memory: float = MEMORY_AT_START
    age: int = 0
    restarting: bool = False
    slowdown: float = field(init=False, default=1.0)
    service: float = field(init=False, default=0.0)
    per_replica: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._feel_memory()

    def _feel_memory(self) -> None:
        pressure = max(0.0, (self.memory - MEMORY_AT_START) / (FULL - MEMORY_AT_START))
        self.slowdown = 1.0 + LEAK_SLOWS * pressure**2
        self.service = service_seconds(self.version.latency_ms, self.version.spread) * self.slowdown
        self.per_replica = self.pool.plan.concurrency * STEP_SECONDS / self.service

    @property
    def crashes(self) -> float:
        """Return the chance that a request dies with a replica that has no memory left."""
        return LEAK_FAILS * max(0.0, (self.memory - TIGHT) / (FULL - TIGHT)) ** 2

    def restart(self) -> None:
        """Restart the replicas one after another within the next step."""
        self.memory, self.age, self.restarting = MEMORY_AT_START, 0, True
        self._feel_memory()

    def serve_step(self, step: int, slot: int, arrived: Floats, total: float, history: History) -> None:
        """Serve one step's requests, `total` in all, and write down what became of them."""
        plan, ready = self.pool.plan, self.pool.ready
        capacity = ready * self.per_replica * (0.5 if self.restarting else 1.0)
        answered, utilisation, wait = arrived, 0.0, 0.0
        if self.waiting or total > capacity:
            flow = serve(plan, ready, capacity, self.queue, arrived)
            answered, utilisation, wait = flow.answered, flow.utilisation, flow.wait
            self._write_losses(step, slot, flow, history)
        elif total > 0.0:
            utilisation = total / capacity
        if total > 0.0 or answered is not arrived:
            wait += waiting_seconds(self.service, self.version.spread, ready * plan.concurrency, utilisation)
            self._write_answers(step, slot, arrived, answered, history)
        latency = self.version.latency_ms * self.slowdown
        history.version[step, slot] = self.number
        history.gauges[step, slot] = (latency, wait, utilisation, self.memory, ready)
        self._age()
        if self.version.leak > 0.0 and total > 0.0:
            self._leak(utilisation * float(np.dot(arrived, history.live[step, slot])) / total)

    def _write_answers(self, step: int, slot: int, arrived: Floats, answered: Floats, history: History) -> None:
        failing = self.failing[step]
        if self.memory > TIGHT:
            failing = np.minimum(failing + self.crashes, 1.0)
        failed = answered * failing
        history.arrived[step, slot] = arrived
        history.failed[step, slot] = failed
        history.ok[step, slot] = answered - failed

    def _write_losses(self, step: int, slot: int, flow: Flow, history: History) -> None:
        history.timed_out[step, slot] = flow.timed_out
        history.shed[step, slot] = flow.shed
        history.queued[step, slot] = flow.queued
        self.queue, self.waiting = flow.queued, bool(flow.queued.any())

    def drop_queue(self, step: int, slot: int, history: History) -> None:
        """Lose the requests that still wait, because the deployment ends before a step."""
        if self.waiting:
            history.timed_out[step - 1, slot] += self.queue
            history.queued[step - 1, slot] = 0.0
            self.queue, self.waiting = np.zeros_like(self.queue), False

    def _age(self) -> None:
        self.restarting = False
        self.age += 1

    def _leak(self, used: float) -> None:
        """Lose memory to a step in which people used that share of the capacity; copies open no sessions to keep."""
        self.memory += self.version.leak * (FULL - MEMORY_AT_START) * used / self.pool.plan.target / STEPS_PER_HOUR
        self._feel_memory()
        if self.memory >= FULL:
            self.restart()


def deploy(version: Version, number: int, plan: CapacityPlan, failing: Floats) -> Deployment:
    """Return a fresh deployment without replicas."""
    pool = Pool(plan, floor=plan.floor, ceiling=plan.ceiling)
    return Deployment(version, number, pool, failing, np.zeros(failing.shape[1]))
