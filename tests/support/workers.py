"""Workers of a house, as processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from shipworthy.bootstrap import House
from shipworthy.core.settings import read_settings
from shipworthy.tasks.entities import Task
from shipworthy.tasks.packing import packed
from tests.support.packages import sound_package
from tests.support.processes import wait_until
from tests.support.queues import Seat, hand_in, seats
from tests.support.setups import missing_layers, real_setup

TASK = "median-of-groups"


def quick_catalogue(folder: Path) -> Path:
    """Write a catalogue with one task that is judged in a moment."""
    sound_package(folder / "catalogue", TASK)
    return folder / "catalogue"


def prepared(folder: Path) -> Path:
    """Return a data folder that shares the runtimes of this machine, so that nothing is built again."""
    real_setup()
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for name in ("runtimes", "proven"):
        shared = read_settings().data_folder / name
        if shared.exists() and not (folder / name).exists():
            (folder / name).symlink_to(shared)
    return folder


def submit(house: House, count: int, *, organisations: int = 2, reference: str = "solid") -> list[Seat]:
    """Hand in so many submissions, of different candidates of different organisations."""
    task = house.catalogue.load(TASK)
    made = []
    for number in range(organisations):
        share = len(range(number, count, organisations))
        made += seats(house.database, candidates=share) if share else []
    for seat in made:
        hand_in_reference(house, task, seat, reference)
    return made


def hand_in_reference(house: House, task: Task, seat: Seat, reference: str, *, check: bool = False) -> UUID:
    """Hand in a reference of the task, or run the public checks on it."""
    (folder,) = [each.folder for each in task.references if each.id == reference]
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with house.database.unit_of_work(seat.organisation) as work:
        blob = house.blobs.put(packed(files))
        return hand_in(
            work, seat, blob=blob, task_id=TASK, package_digest=task.digest, seed=seat.candidate.int % 1000, check=check
        )


class RunningWorker:
    """A worker's process."""

    def __init__(self, house: House, log: Path, slots: int, options: Sequence[str] = ()) -> None:
        environment = {
            **os.environ,
            "SHIPWORTHY_DATA": str(house.settings.data_folder),
            "SHIPWORTHY_CATALOGUE": str(house.settings.catalogue_folder),
            "SHIPWORTHY_DATABASE_URL": house.settings.database_url or "",
            "SHIPWORTHY_BLOBS": house.settings.blobs or "",
        }
        allowed = [word for layer in missing_layers() for word in ("--allow-missing", layer)]
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shipworthy.worker", "--slots", str(slots), *allowed, *options],
                env=environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it as a crash would, without any word."""
        self.process.kill()
        self.process.wait()

    def ask_to_end(self) -> int:
        """Ask it to end in order, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def said(self) -> str:
        """Return what it logged."""
        return self.log.read_text()


@contextmanager
def workers(house: House, folder: Path, *, count: int = 1, slots: int = 2) -> Iterator[list[RunningWorker]]:
    """Start workers, and end them however the test ends."""
    started = [RunningWorker(house, folder / f"worker-{number}.log", slots) for number in range(count)]
    try:
        yield started
    finally:
        for worker in started:
            if worker.process.poll() is None:
                worker.kill()


def wait_until_started(worker: RunningWorker) -> None:
    """Wait until a worker takes up work."""

    def started() -> bool:
        assert worker.process.poll() is None, worker.said()
        return "worker.started" in worker.said()

    wait_until(started, seconds=90)


def states(house: House) -> dict[str, int]:
    """Count the queue by state."""
    with house.database.house_work() as work:
        rows = work.execute(text("SELECT state, count(*) AS count FROM grading_job GROUP BY state"))
        return {row.state: row[1] for row in rows}
