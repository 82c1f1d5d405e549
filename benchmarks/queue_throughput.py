"""How many trivial gradings a second one worker takes from the queue, with a fake in place of sandbox and judge.

Everything else is real: submissions handed in by a transaction each, permits, fair claims, the load of the task
package, an evidence bundle each, blobs that are flushed to the disk, and the audit log. It says which part limits. Run:
`make bench`.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from shipworthy.bootstrap import House
from shipworthy.core.logs import start_logs
from shipworthy.grading.jobs import operations
from shipworthy.store import database
from shipworthy.store.blobs import FolderBlobs
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.worker import process
from shipworthy.worker.carrying_out import Bench, carry_out
from shipworthy.worker.process import Conditions, Worker
from shipworthy.worker.slots import Slots
from tests.support.gradings import grading_without_sandbox
from tests.support.houses import fresh_house
from tests.support.processes import children_of
from tests.support.queues import seats
from tests.support.workers import hand_in_reference, quick_catalogue

BAR_PER_SECOND = 30.0
TASK = "median-of-groups"
PARTS = {
    "take up": (operations, "claim_next"),
    "load the package": (Catalogue, "load"),
    "read the submission": (FolderBlobs, "get"),
    "keep the evidence": (FolderBlobs, "put_file"),
    "end it, with the audit event": (operations, "finish"),
    "commits, flushed to the disk": (PGDialect_psycopg, "do_commit"),
    "see whether a connection lives": (PGDialect_psycopg, "do_ping"),
    "take a role of the database": (database, "work_for_the_house"),
    "take the organisation's role": (database, "confine"),
}


class Stopwatch:
    """Seconds by part, over all slots."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def timed(self, part: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return act(*arguments, **named)
            finally:
                with self._lock:
                    self.seconds[part] += time.perf_counter() - began

        return timed


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--gradings", type=int, default=400)
    arguments.add_argument("--slots", type=int, default=process.default_slots())
    chosen = arguments.parse_args()
    start_logs("json", open(os.devnull, "w"))  # noqa: SIM115 - for the life of the process
    figures = measure(chosen.gradings, chosen.slots)
    holds = figures["per_second"] >= BAR_PER_SECOND
    if chosen.json:
        sys.stdout.write(json.dumps({**figures, "holds": holds}) + "\n")
    else:
        show(figures)
    return 0 if holds else 1


def measure(gradings: int, slots: int) -> dict[str, Any]:
    """Let one worker empty a queue; return gradings a second, and milliseconds of a slot for each grading by part."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        catalogue = quick_catalogue(Path(folder))
        with fresh_house(Path(folder) / "data", catalogue=catalogue) as house, watched(watch):
            fill(house, gradings)
            before = database_processor(house)
            seconds, processor = emptied(house, gradings, slots, watch)
            database = database_processor(house) - before
    per = {part: 1000 * spent / gradings for part, spent in watch.seconds.items()}
    whole = per.pop("one slot's turn")
    per["the rest of a turn"] = max(whole - sum(per.values()), 0.0)
    per["between turns: the next permit"] = max(1000 * seconds * slots / gradings - whole, 0.0)
    return {
        "gradings": gradings,
        "slots": slots,
        "per_second": gradings / seconds,
        "processor_ms": 1000 * processor / gradings,
        "database_processor_ms": 1000 * database / gradings,
        "processor_bound_per_second": (os.cpu_count() or 1) * gradings / (processor + database),
        "load": os.getloadavg()[0],
        "parts_ms": per,
        "limits": max(per, key=lambda part: per[part]),
    }


def fill(house: House, gradings: int) -> None:
    """Hand in for candidates of eight organisations, of very different sizes."""
    task = house.catalogue.load(TASK)
    shares = [gradings // 2, *([gradings // 14] * 7)]
    shares[0] += gradings - sum(shares)
    for share in shares:
        for seat in seats(house.database, candidates=share):
            hand_in_reference(house, task, seat, "solid")


@contextmanager
def watched(watch: Stopwatch) -> Iterator[None]:
    """Measure every part while this lasts."""
    patches = [
        patch.object(owner, name, watch.timed(part, getattr(owner, name))) for part, (owner, name) in PARTS.items()
    ]
    patches.append(patch.object(Slots, "_grade_next", watch.timed("one slot's turn", Slots._grade_next)))
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def emptied(house: House, gradings: int, slots: int, watch: Stopwatch) -> tuple[float, float]:
    """Run a worker until everything is done; return seconds of wall clock and of this process's processor."""
    fake = watch.timed("the fake and its evidence bundle", grading_without_sandbox)
    work = partial(carry_out, Bench(house, setup=lambda _: None, grade=fake))  # type: ignore[arg-type, return-value]
    worker = Worker(house, Conditions(slots), work)
    done_at: list[float] = []

    def watch_over() -> None:
        while count_done(house) < gradings:
            time.sleep(0.05)
        done_at.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGTERM)

    watch.seconds.clear()
    threading.Thread(target=watch_over, daemon=True).start()
    began, processor = time.perf_counter(), time.process_time()
    worker.run()
    return done_at[0] - began, time.process_time() - processor


def database_processor(house: House) -> float:
    """Return the seconds of processor that the server on this machine has used, all its processes together."""
    with house.database.house_work() as work:
        backend = int(work.scalar(text("SELECT pg_backend_pid()")) or 0)
    server = int(process_fields(backend)[1])
    fields = [process_fields(each) for each in (server, *children_of(server))]
    ticks = sum(int(used) for each in fields for used in each[11:13]) + sum(int(used) for used in fields[0][13:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def process_fields(number: int) -> list[str]:
    """Return what the kernel tells of a process, from its state on."""
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()


def count_done(house: House) -> int:
    with house.database.house_work() as work:
        return int(work.scalar(text("SELECT count(*) FROM grading_job WHERE state = 'done'")) or 0)


def show(figures: dict[str, Any]) -> None:
    print(f"{figures['gradings']} trivial gradings by one worker with {figures['slots']} slots")
    print(f"  {figures['per_second']:6.1f} a second  (bar {BAR_PER_SECOND:.0f})")
    print(f"  {figures['processor_ms']:6.1f} ms of processor for each in the worker")
    print(f"  {figures['database_processor_ms']:6.1f} ms of processor for each in the database")
    print(f"  {figures['processor_bound_per_second']:6.1f} a second would keep all cores of this machine busy")
    print(f"  {figures['load']:6.1f} programs wanted the machine's cores meanwhile, this one and the database counted")
    print("  milliseconds of a slot for each grading:")
    for part, spent in sorted(figures["parts_ms"].items(), key=lambda each: -each[1]):
        print(f"  {spent:6.1f}  {part}")
    print(f"  what limits: {figures['limits']}")


if __name__ == "__main__":
    sys.exit(main())
