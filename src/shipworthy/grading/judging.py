"""Starting the judge's process and listening to it."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from shipworthy.grading.entities import Observation, RunCost
from shipworthy.grading.errors import GradingError
from shipworthy.grading.orders import Order, spell_order

DEADLINE_SECONDS = 1800.0
"""After this long a judge is taken to hang: a fault of ours, since every run of a submission has its own limits."""

FAULT_CHARACTERS = 4000


@dataclass
class Judgement:
    """What a judge's process said: observations, a fault of ours if there was one, live models, where the time went."""

    observations: list[Observation] = field(default_factory=list)
    fault: str = ""
    submission_seconds: float = 0.0
    judge_seconds: float = 0.0
    runs: tuple[RunCost, ...] = ()
    live_models: frozenset[str] = frozenset()
    done: bool = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Take in one event."""
        if event["event"] == "observation":
            self.observations.append(Observation(**{k: v for k, v in event.items() if k != "event"}))
        elif event["event"] == "fault":
            self.fault = str(event["what"])[-FAULT_CHARACTERS:]
        elif event["event"] == "live":
            self.live_models |= frozenset(event["models"])
        elif event["event"] == "done":
            self.submission_seconds = float(event["submission_seconds"])
            self.judge_seconds = float(event["judge_seconds"])
            self.runs = tuple(RunCost(**cost) for cost in event["runs"])
            self.done = True


def unwatched(_: Observation) -> None:
    """Watch for no observation."""


def judge_in_process(
    order: Order,
    *,
    log: Path,
    announce: Callable[[str], None],
    observed: Callable[[Observation], None] = unwatched,
) -> Judgement:
    """Let a fresh process carry out an order, and return what it said; it never outlives this one.

    `announce` is called with every command that is run, `observed` with every observation, as they come; where one of
    them raises, the judge is ended.
    """
    judgement = Judgement()
    with log.open("wb") as errors, NURSERY.judge(order, errors.fileno()) as (judge, events):
        killer = threading.Timer(DEADLINE_SECONDS, os.kill, (judge, signal.SIGKILL))
        killer.start()
        try:
            for line in events:
                _take(judgement, line, announce, observed)
        finally:
            killer.cancel()
    if not judgement.done and not judgement.fault:
        words = log.read_text("utf-8", "replace")[-FAULT_CHARACTERS:].strip()
        judgement.fault = f"The judge's process ended before it was done. {words}"
    return judgement


def _take(
    judgement: Judgement, line: bytes, announce: Callable[[str], None], observed: Callable[[Observation], None]
) -> None:
    event = json.loads(line)
    judgement.take(event)
    if event["event"] == "run":
        announce(event["command"])
    elif event["event"] == "observation":
        observed(judgement.observations[-1])


class Nursery:
    """The process that judges are forked from, started when the first is wanted, and again should it be gone."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        atexit.register(self.close)

    @property
    def process_id(self) -> int | None:
        """The process, if it was started."""
        return self._process.pid if self._process else None

    def stop(self) -> None:
        """End every judge that is at work, and start no other; for when the product is interrupted."""
        self._stopped = True
        self.close()

    def close(self) -> None:
        """End the process, and with it every judge that is still at work."""
        with self._lock:
            if self._socket and self._process:
                self._socket.close()
                self._process.wait()
            self._socket = self._process = None

    @contextmanager
    def judge(self, order: Order, log: int) -> Iterator[tuple[int, IO[bytes]]]:
        """Start a judge; yield its process id and the stream of its events, which ends when the judge does."""
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as events:
            try:
                judge = self._fork(spell_order(order), [writing, log])
            finally:
                os.close(writing)
            try:
                yield judge, events
            except BaseException:
                os.kill(judge, signal.SIGKILL)
                raise

    def _fork(self, spelled: bytes, descriptors: list[int]) -> int:
        with self._lock:
            if self._stopped:
                raise GradingError("Grading was interrupted.")
            try:
                return self._ask(self._socket or self._start(), spelled, descriptors)
            except (OSError, ValueError):
                return self._ask(self._start(), spelled, descriptors)

    def _ask(self, nursery: socket.socket, spelled: bytes, descriptors: list[int]) -> int:
        socket.send_fds(nursery, [spelled], descriptors)
        return int(nursery.recv(32))

    def _start(self) -> socket.socket:
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "shipworthy.grading.nursery", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=plain_environment(),
                start_new_session=True,
            )
        self._socket = ours
        return ours


NURSERY = Nursery()


def plain_environment() -> dict[str, str]:
    """Return the environment that authored code gets: equal hashing, one numeric thread, no secret of the operator."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "XDG_RUNTIME_DIR") if name in os.environ}
    fixed = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kept | fixed | threads
