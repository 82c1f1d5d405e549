import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shipworthy.audit import operations as audit
from shipworthy.audit.repository import Search
from shipworthy.grading.jobs import operations
from shipworthy.grading.jobs.entities import GradingJob, JobKind, JobState, Result
from shipworthy.grading.jobs.errors import AlreadyHandedInError, CheckUnderWayError, LostClaimError, NotStoppedError
from shipworthy.store.database import Database, open_database
from tests.support.databases import fresh_url
from tests.support.queues import Seat, hand_in, permits, seats

RESULT = Result({"score": 0.5, "checks": []}, {"judge": 0.25, "submission": 1.5}, bundle="e" * 64)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        database = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield database
        database.close()


@pytest.fixture
def database(opened: Database) -> Iterator[Database]:
    """The queue is one for all organisations, so every test begins with an empty one."""
    yield opened
    with opened.engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs"))
    with opened.house_work() as work:
        work.execute(text("DELETE FROM grading_job"))
        work.execute(text("DELETE FROM grading_worker"))


class TakenBackError(Exception):
    """A transaction that did something is not committed."""


def taken_back(_done: object) -> None:
    raise TakenBackError


def enqueue(database: Database, seat: Seat, *, check: bool = False, blob: str = "b" * 64) -> UUID:
    with database.unit_of_work(seat.organisation) as work:
        return hand_in(work, seat, check=check, blob=blob)


def claim(database: Database, worker: UUID | None = None) -> GradingJob | None:
    with database.house_work() as work:
        return operations.claim_next(work, worker or uuid4())


def claimed(database: Database) -> GradingJob:
    found = claim(database)
    assert found is not None
    return found


def look(database: Database, seat: Seat) -> GradingJob:
    with database.unit_of_work(seat.organisation) as work:
        found = operations.grading_of(work, seat.session_task)
    assert found is not None
    return found


def tags(database: Database, seat: Seat) -> list[str]:
    with database.unit_of_work(seat.organisation) as work:
        return [event.tag for event in reversed(audit.search(work, Search()))]


def make_due(database: Database, seat: Seat) -> None:
    with database.unit_of_work(seat.organisation) as work:
        work.execute(text("UPDATE grading_job SET due_at = now()"))


def go_silent(database: Database, seat: Seat) -> None:
    with database.unit_of_work(seat.organisation) as work:
        work.execute(text("UPDATE grading_job SET heartbeat_at = now() - interval '16 seconds'"))


def test_a_submission_and_its_grading_are_there_together_or_not_at_all(database: Database) -> None:
    (seat,) = seats(database)
    with pytest.raises(TakenBackError), database.unit_of_work(seat.organisation) as work:
        taken_back(hand_in(work, seat))
    assert permits(database) == 0
    assert claim(database) is None
    enqueue(database, seat)
    assert permits(database) == 1
    assert claimed(database).session_task == seat.session_task


def test_handing_in_twice_is_one_grading(database: Database) -> None:
    (seat,) = seats(database)
    assert enqueue(database, seat) == enqueue(database, seat)
    assert permits(database) == 1
    with pytest.raises(AlreadyHandedInError):
        enqueue(database, seat, blob="c" * 64)


def test_public_checks_run_one_at_a_time_and_as_often_as_wanted(database: Database) -> None:
    (seat,) = seats(database)
    first = enqueue(database, seat, check=True)
    with pytest.raises(CheckUnderWayError):
        enqueue(database, seat, check=True)
    running = claimed(database)
    with database.unit_of_work(seat.organisation) as work:
        operations.tell(work, running, [{"text": "python solve.py"}])
        operations.tell(work, running, [{"text": "again"}])
        operations.finish(work, running, Result({"checks": []}, {}))
    second = enqueue(database, seat, check=True, blob="c" * 64)
    assert first != second
    with database.unit_of_work(seat.organisation) as work:
        latest = operations.latest_check(work, seat.session_task)
        told = operations.job(work, first)
    assert latest is not None
    assert latest.id == second
    assert told is not None
    assert [line["text"] for line in told.lines] == ["python solve.py", "again"]
    assert tags(database, seat) == [], "public checks touch no outcome"


def test_a_finished_grading_has_its_evidence_and_an_event_in_the_same_transaction(database: Database) -> None:
    (seat,) = seats(database)
    enqueue(database, seat)
    running = claimed(database)
    with pytest.raises(TakenBackError), database.unit_of_work(seat.organisation) as work:
        taken_back(operations.finish(work, running, RESULT))
    assert look(database, seat).state is JobState.RUNNING
    assert tags(database, seat) == []
    with database.unit_of_work(seat.organisation) as work:
        operations.finish(work, running, RESULT)
    done = look(database, seat)
    assert (done.state, done.bundle, done.outcome, done.phases) == (
        JobState.DONE,
        RESULT.bundle,
        RESULT.outcome,
        RESULT.phases,
    )
    assert tags(database, seat) == ["worker:grading:done"]
    with database.unit_of_work(seat.organisation) as work:
        (event,) = audit.search(work, Search(subject=f"candidate:{seat.candidate}"))
    assert event.actor == f"worker:{running.worker}"
    assert event.details["bundle"] == RESULT.bundle


def test_a_fault_of_ours_is_tried_again_and_the_third_waits_for_an_operator(database: Database) -> None:
    (seat,) = seats(database)
    enqueue(database, seat)
    for faults in (1, 2, 3):
        running = claimed(database)
        with database.unit_of_work(seat.organisation) as work:
            operations.fail(work, running, f"out of disk ({faults})", "disk")
        assert claim(database) is None, "it waits a while"
        if faults < 3:
            assert look(database, seat).state is JobState.WAITING
            make_due(database, seat)
    stopped = look(database, seat)
    assert (stopped.state, stopped.faults, stopped.fault) == (JobState.STOPPED, 3, "out of disk (3)")
    assert tags(database, seat) == ["worker:grading:failed", "worker:grading:failed", "worker:grading:stopped"]
    with database.unit_of_work(seat.organisation) as work:
        assert operations.stopped(work) == [stopped]
        operations.retry_stopped(work, stopped.id, f"person:{uuid4()}")
    assert tags(database, seat)[-1] == "operator:grading:retried"
    with database.unit_of_work(seat.organisation) as work, pytest.raises(NotStoppedError):
        operations.retry_stopped(work, stopped.id, f"person:{uuid4()}")
    again = claimed(database)
    assert (again.id, again.faults, again.claim) == (stopped.id, 0, 4)
    with database.unit_of_work(seat.organisation) as work:
        operations.finish(work, again, RESULT)


def test_the_first_fault_waits_five_seconds_and_the_second_thirty(database: Database) -> None:
    (seat,) = seats(database)
    enqueue(database, seat)
    for wait in (5, 30):
        make_due(database, seat)
        with database.unit_of_work(seat.organisation) as work:
            failed = operations.fail(work, claimed(database), "fault", "x")
            assert (failed.due_at - work.scalar(text("SELECT now()"))).total_seconds() == wait
            scheduled = work.scalar(
                text("SELECT max(due_at) FROM grading_job"),
            )
            assert scheduled == failed.due_at


def test_what_a_dead_worker_held_is_taken_over_and_its_late_word_counts_for_nothing(database: Database) -> None:
    (seat,) = seats(database)
    enqueue(database, seat)
    first = claimed(database)
    assert operations.take_over_lost(database) == []
    go_silent(database, seat)
    (taken,) = operations.take_over_lost(database)
    assert (taken.id, taken.state, taken.faults) == (first.id, JobState.WAITING, 1)
    assert operations.take_over_lost(database) == []
    make_due(database, seat)
    second = claimed(database)
    assert second.claim == first.claim + 1
    for late in (
        lambda work: operations.finish(work, first, RESULT),
        lambda work: operations.fail(work, first, "fault", "x"),
        lambda work: operations.give_back(work, first),
        lambda work: operations.tell(work, first, [{"text": "late"}]),
    ):
        with pytest.raises(LostClaimError), database.unit_of_work(seat.organisation) as work:
            late(work)
    with database.unit_of_work(seat.organisation) as work:
        operations.finish(work, second, RESULT)
    assert tags(database, seat) == ["worker:grading:failed", "worker:grading:done"]


def test_a_heartbeat_keeps_a_claim_and_tells_which_are_lost(database: Database) -> None:
    one, other = seats(database, candidates=2)
    worker = uuid4()
    for seat in (one, other):
        enqueue(database, seat)
    held = [claim(database, worker), claim(database, worker)]
    go_silent(database, one)
    ids = {each.id for each in held if each}
    with database.house_work() as work:
        assert operations.heartbeat(work, worker, ids) == set()
    assert operations.take_over_lost(database) == []
    go_silent(database, one)
    assert len(operations.take_over_lost(database)) == 2
    with database.house_work() as work:
        assert operations.heartbeat(work, worker, ids) == ids


def test_many_workers_sweep_at_once_and_each_lost_grading_is_given_back_once(database: Database) -> None:
    places = seats(database, candidates=6)
    for seat in places:
        enqueue(database, seat)
    while claim(database):
        pass
    go_silent(database, places[0])
    start = threading.Barrier(4)

    def sweep(_: int) -> list[GradingJob]:
        start.wait()
        return operations.take_over_lost(database)

    with ThreadPoolExecutor(4) as pool:
        taken = [job.id for swept in pool.map(sweep, range(4)) for job in swept]
    assert len(taken) == len(set(taken)) == 6
    assert {look(database, seat).faults for seat in places} == {1}


def test_a_worker_that_ends_gives_back_what_it_held_without_a_fault(database: Database) -> None:
    (seat,) = seats(database)
    enqueue(database, seat)
    running = claimed(database)
    with database.unit_of_work(seat.organisation) as work:
        operations.give_back(work, running)
    assert permits(database) == 2
    again = claimed(database)
    assert (again.claim, again.faults) == (2, 0)
    assert tags(database, seat) == []


def test_no_two_workers_ever_hold_the_same(database: Database) -> None:
    places = seats(database, candidates=10, tasks=4)
    for seat in places:
        enqueue(database, seat)

    def take_all(_: int) -> list[UUID]:
        taken = []
        while found := claim(database):
            taken.append(found.id)
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [job for mine in pool.map(take_all, range(6)) for job in mine]
    assert len(taken) == len(set(taken)) == len(places)


def test_a_small_organisation_does_not_wait_behind_a_large_one(database: Database) -> None:
    large = seats(database, candidates=12)
    small = seats(database, candidates=2)
    for seat in (*large, *small):
        enqueue(database, seat)
    order = [claimed(database).organisation for _ in range(5)]
    assert Counter(order)[small[0].organisation] == 2


def test_a_candidate_with_many_tasks_does_not_keep_others_of_the_organisation_waiting(database: Database) -> None:
    greedy = seats(database, tasks=8)
    modest = seats(database, organisation=greedy[0].organisation)
    for seat in (*greedy, *modest):
        enqueue(database, seat)
    assert modest[0].candidate in [claimed(database).candidate for _ in range(2)]


def test_checks_go_before_gradings_but_every_fourth_place_is_a_grading(database: Database) -> None:
    places = seats(database, candidates=10)
    for seat in places[:3]:
        enqueue(database, seat)
    for seat in places[3:]:
        enqueue(database, seat, check=True)
    order = [claimed(database).kind for _ in range(8)]
    assert [kind is JobKind.GRADING for kind in order] == [False, False, False, True] * 2


def test_what_is_cancelled_is_never_graded(database: Database) -> None:
    waiting, running = seats(database, candidates=2)
    enqueue(database, running)
    held = claimed(database)
    enqueue(database, waiting)
    with database.unit_of_work(waiting.organisation) as work:
        for seat in (waiting, running):
            found = operations.grading_of(work, seat.session_task)
            assert found is not None
            assert operations.cancel(work, found.id)
            assert not operations.cancel(work, found.id)
    assert claim(database) is None
    with pytest.raises(LostClaimError), database.unit_of_work(running.organisation) as work:
        operations.finish(work, held, RESULT)


def test_a_worker_that_goes_on_uses_up_a_permit_for_each(database: Database) -> None:
    for seat in seats(database, candidates=3):
        enqueue(database, seat)
    for left in (2, 1, 0):
        with database.house_work() as work:
            assert operations.claim_another(work, uuid4()) is not None
        assert permits(database) == left
    with database.house_work() as work:
        assert operations.claim_another(work, uuid4()) is None


def test_permits_that_were_lost_with_a_worker_are_made_up_for(database: Database) -> None:
    (seat,) = seats(database)
    enqueue(database, seat)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    for missing in (0, 1, 0):
        with database.house_work() as work:
            assert operations.mend_permits(work) == missing
        with database.unit_of_work(seat.organisation) as work:
            work.execute(text("UPDATE grading_job SET due_at = now() - interval '3 seconds'"))
    assert permits(database) == 1
    with database.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 1, "the dead permit is forgotten"


def test_an_organisation_sees_and_retries_its_own_only(database: Database) -> None:
    (seat,) = seats(database)
    (other,) = seats(database)
    identifier = enqueue(database, seat)
    with database.unit_of_work(other.organisation) as work:
        assert operations.job(work, identifier) is None
        assert operations.grading_of(work, seat.session_task) is None
        assert operations.gradings_of(work, [seat.session_task]) == {}
        assert not operations.cancel(work, identifier)


def test_figures_tell_the_queue_at_a_glance(database: Database) -> None:
    places = seats(database, candidates=4)
    with database.house_work() as work:
        worker = operations.begin_worker(work, "rack-1", 2)
        gone = operations.begin_worker(work, "rack-2", 4)
        operations.end_worker(work, gone)
    for seat in places:
        enqueue(database, seat)
    with database.unit_of_work(places[0].organisation) as work:
        work.execute(text("UPDATE grading_job SET due_at = now() - interval '90 seconds'"))
    done, failed = claim(database, worker), claim(database, worker)
    assert done
    assert failed
    with database.unit_of_work(places[0].organisation) as work:
        operations.finish(work, done, RESULT)
        operations.fail(work, failed, "fault", "disk")
    claim(database, worker)
    with database.house_work() as work:
        figures = operations.queue_figures(work)
    assert figures.waiting == {JobKind.GRADING: 2, JobKind.PUBLIC_CHECK: 0}
    assert figures.running == {JobKind.GRADING: 1, JobKind.PUBLIC_CHECK: 0}
    assert (figures.stopped, figures.workers, figures.slots, figures.done, figures.faults) == (0, 1, 2, 1, 0)
    assert 90 <= figures.oldest_seconds < 120
    assert figures.failures == {"disk": 1}
    assert figures.phases["submission"].median == 1.5


def test_an_empty_queue_has_figures_too(database: Database) -> None:
    with database.house_work() as work:
        figures = operations.queue_figures(work)
    assert (figures.oldest_seconds, figures.workers, figures.slots, figures.phases) == (0.0, 0, 0, {})
