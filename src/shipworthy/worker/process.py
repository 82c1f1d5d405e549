"""One worker from its start to its end."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from shipworthy import bootstrap
from shipworthy.bootstrap import House
from shipworthy.core.logs import log
from shipworthy.grading.entities import GradingSetup
from shipworthy.grading.jobs import operations
from shipworthy.grading.jobs.rules import HEARTBEAT_SECONDS
from shipworthy.grading.judging import NURSERY
from shipworthy.tasks.entities import Task
from shipworthy.worker.carrying_out import Bench, carry_out
from shipworthy.worker.contact import Contact
from shipworthy.worker.patience import patiently
from shipworthy.worker.permits import Permits
from shipworthy.worker.rounds import Round, Rounds
from shipworthy.worker.slots import CarryOut, Slots

SWEEP_SECONDS = 5.0
ONE_FOR_CHECKS = 1
GRACE_SECONDS = 25.0
"""How long gradings under way may take to end once the worker is asked to; then they are given back."""


@dataclass(frozen=True)
class Conditions:
    """How a worker is to run: slots, layers of the sandbox that may be missing, and the seconds of grace in the end."""

    slots: int
    allowed_missing: tuple[str, ...] = ()
    grace_seconds: float = GRACE_SECONDS


def default_slots() -> int:
    """Return one slot for each core that this process may use."""
    return max(len(os.sched_getaffinity(0)), 1)


def real_work(house: House, conditions: Conditions) -> CarryOut:
    """Return the way in which gradings are really carried out on this machine, and prove that they can be.

    Raises `LayerMissingError` where a layer of the sandbox is missing; builds the runtimes of the catalogue.
    """
    bootstrap.clean_up(house.settings)
    runtimes = {entry.manifest.runtime for entry in house.catalogue.entries() if entry.manifest}
    for runtime in sorted(runtimes):
        bootstrap.ready_runtime(house.settings, runtime, allowed_missing=conditions.allowed_missing, say=lambda _: None)
        bootstrap.grading_setup(house.settings, runtime, conditions.allowed_missing)
    return partial(carry_out, Bench(house, partial(_setup, house, conditions)))


def _setup(house: House, conditions: Conditions, task: Task) -> GradingSetup:
    manifest = task.manifest
    return bootstrap.grading_setup(
        house.settings, manifest.runtime, conditions.allowed_missing, live_models=manifest.live_models
    )


class Worker:
    """One worker: slots that grade, and the rounds beside them."""

    def __init__(self, house: House, conditions: Conditions, work: CarryOut, rounds: Sequence[Round] = ()) -> None:
        self._house = house
        self._conditions = conditions
        with house.database.house_work() as begun:
            worker = operations.begin_worker(begun, socket.gethostname(), conditions.slots)
        self.slots = Slots(house.database, worker, work, conditions.slots)
        contact = Contact(house.database, self.slots)
        self._rounds = Rounds(
            [
                Round("contact", HEARTBEAT_SECONDS, contact.beat),
                Round("sweep", SWEEP_SECONDS, contact.sweep),
                *rounds,
            ]
        )
        self._asked_to_end = 0
        self._timer: threading.Timer | None = None

    def run(self) -> None:
        """Work until a SIGTERM or SIGINT; what is under way then is finished, or given back after the time of grace."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        at_once = self._conditions.slots + ONE_FOR_CHECKS
        permits = Permits(self._house.database.url, at_once, self.slots.grade_while_there_is)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, partial(self._asked, permits.end))
        self._rounds.start()
        log.info("worker.started", worker=self.slots.worker, slots=self._conditions.slots)
        try:
            await permits.listen()
        finally:
            self._end()

    def _asked(self, end: Callable[[], None]) -> None:
        """Begin to end; asked a second time, end at once."""
        self._asked_to_end += 1
        if self._asked_to_end == 1:
            log.info("worker.ending", worker=self.slots.worker, count=len(self.slots.held()))
            self.slots.ending.set()
            end()
        grace = self._conditions.grace_seconds if self._asked_to_end == 1 else 0.0
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(grace, self.slots.interrupt)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._rounds.end()
        patiently(self._note_end, seconds=5)
        NURSERY.close()
        log.info("worker.ended", worker=self.slots.worker)

    def _note_end(self) -> None:
        with self._house.database.house_work() as work:
            operations.end_worker(work, self.slots.worker)
