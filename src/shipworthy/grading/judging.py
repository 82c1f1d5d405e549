"""Starting the judge's process and listening to it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from shipworthy.grading.entities import Observation, RunCost
from shipworthy.grading.orders import Order, spell_order

DEADLINE_SECONDS = 1800.0
"""After this long a judge is taken to hang: a fault of ours, since every run of a submission has its own limits."""

FAULT_CHARACTERS = 4000


@dataclass
class Judgement:
    """What a judge's process said: observations, a fault of ours if there was one, and where the time went."""

    observations: list[Observation] = field(default_factory=list)
    fault: str = ""
    submission_seconds: float = 0.0
    judge_seconds: float = 0.0
    runs: tuple[RunCost, ...] = ()
    done: bool = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Take in one event."""
        if event["event"] == "observation":
            self.observations.append(Observation(**{k: v for k, v in event.items() if k != "event"}))
        elif event["event"] == "fault":
            self.fault = str(event["what"])[-FAULT_CHARACTERS:]
        elif event["event"] == "done":
            self.submission_seconds = float(event["submission_seconds"])
            self.judge_seconds = float(event["judge_seconds"])
            self.runs = tuple(RunCost(**cost) for cost in event["runs"])
            self.done = True


def judge_in_process(order: Order, *, log: Path, announce: Callable[[str], None]) -> Judgement:
    """Let a fresh process carry out an order, and return what it said; it never outlives this one."""
    judgement = Judgement()
    with log.open("wb") as errors, _started(order, errors) as process:
        killer = threading.Timer(DEADLINE_SECONDS, process.kill)
        killer.start()
        try:
            for line in process.stdout or ():
                _take(judgement, line, announce)
            process.wait()
        finally:
            killer.cancel()
            process.kill()
    if not judgement.done and not judgement.fault:
        words = log.read_text("utf-8", "replace")[-FAULT_CHARACTERS:].strip()
        judgement.fault = f"The judge's process ended with {process.returncode}. {words}"
    return judgement


def _take(judgement: Judgement, line: bytes, announce: Callable[[str], None]) -> None:
    event = json.loads(line)
    judgement.take(event)
    if event["event"] == "run":
        announce(event["command"])


def _started(order: Order, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-m", "shipworthy.grading.judge_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=_environment(),
    )
    if process.stdin is None:
        raise RuntimeError("the judge's process has no standard input")
    process.stdin.write(spell_order(replace(order, parent=os.getpid())))
    process.stdin.close()
    return process


def _environment() -> dict[str, str]:
    """Give the judge a plain environment: equal hashing, one numeric thread, nothing of the operator's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "XDG_RUNTIME_DIR") if name in os.environ}
    fixed = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kept | fixed | threads
