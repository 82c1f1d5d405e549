import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from shipworthy.core.canonical import JSONValue
from shipworthy.core.errors import BadInputError
from shipworthy.grading.errors import GradingError
from shipworthy.grading.jobs import operations
from shipworthy.grading.jobs.entities import GradingJob, JobKind, JobState, Result
from shipworthy.store.database import Database, open_database
from shipworthy.worker.live_lines import Listener
from shipworthy.worker.slots import CarryOut, Slots, kind_of, words_of
from tests.support.databases import fresh_url
from tests.support.queues import Seat, hand_in, permits, seats


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        database = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield database
        database.close()


@pytest.fixture
def database(opened: Database) -> Iterator[Database]:
    yield opened
    with opened.engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs"))
    with opened.house_work() as work:
        work.execute(text("DELETE FROM grading_job"))


def slots_of(database: Database, carry_out: CarryOut) -> Slots:
    return Slots(database, uuid4(), carry_out)


def graded(_: GradingJob, _listener: Listener) -> Result:
    return Result({"score": 1.0}, {"total": 0.1}, "e" * 64)


def handed_in(database: Database, count: int = 1, *, check: bool = False) -> list[Seat]:
    made = seats(database, candidates=count)
    for seat in made:
        with database.unit_of_work(seat.organisation) as work:
            hand_in(work, seat, check=check)
    return made


def look(database: Database, seat: Seat) -> GradingJob:
    with database.unit_of_work(seat.organisation) as work:
        found = operations.grading_of(work, seat.session_task) or operations.latest_check(work, seat.session_task)
    assert found is not None
    return found


def test_one_permit_is_enough_for_all_that_waits_and_none_is_left(database: Database) -> None:
    made = handed_in(database, 5)
    slots_of(database, graded).grade_while_there_is()
    assert {look(database, seat).state for seat in made} == {JobState.DONE}
    assert permits(database) == 1, "the one that procrastinate itself would have taken"


def test_public_checks_do_not_wait_until_a_grading_has_ended(database: Database) -> None:
    gradings = handed_in(database, 2)
    begun, stop = threading.Event(), threading.Event()

    def carry_out(job: GradingJob, listener: Listener) -> Result:
        if job.kind is JobKind.GRADING:
            begun.set()
            assert stop.wait(30)
        return graded(job, listener)

    slots = slots_of(database, carry_out)
    busy = threading.Thread(target=slots.grade_while_there_is)
    busy.start()
    assert begun.wait(30)
    (check,) = handed_in(database, check=True)
    slots.grade_while_there_is()
    assert look(database, check).state is JobState.DONE
    assert sorted(look(database, seat).state for seat in gradings) == ["running", "waiting"], "the slots are all taken"
    stop.set()
    busy.join(30)
    assert {look(database, seat).state for seat in gradings} == {JobState.DONE}


def test_a_worker_that_ends_takes_up_nothing_more(database: Database) -> None:
    made = handed_in(database, 3)

    def end_after_this(job: GradingJob, listener: Listener) -> Result:
        slots.ending.set()
        return graded(job, listener)

    slots = slots_of(database, end_after_this)
    slots.grade_while_there_is()
    assert sorted(look(database, seat).state for seat in made) == ["done", "waiting", "waiting"]


def test_whatever_goes_wrong_is_told_to_an_operator_and_the_slot_goes_on(database: Database) -> None:
    made = handed_in(database, 3)
    faults: list[Exception] = [
        GradingError("The disk is full.", remedy="Make room."),
        ZeroDivisionError("division by zero"),
        BadInputError("A message with a zero \x00 and a half \udc80."),
    ]

    def fail(_: GradingJob, _listener: Listener) -> Result:
        raise faults.pop()

    slots_of(database, fail).grade_while_there_is()
    told = [look(database, seat) for seat in made]
    assert {(job.state, job.faults) for job in told} == {(JobState.WAITING, 1)}
    assert sorted(job.fault for job in told) == [
        "A message with a zero � and a half �.",
        "The disk is full. Make room.",
        "ZeroDivisionError: division by zero",
    ]


def test_what_a_submission_wrote_cannot_keep_its_outcome_from_being_kept(database: Database) -> None:
    (seat,) = handed_in(database)
    hostile: dict[str, JSONValue] = {
        "checks": [{"message": "\x00\udcff\u202e<script>", "name\x00": 1.5}],
        "score": None,
    }
    slots_of(database, lambda _, __: Result(hostile, {})).grade_while_there_is()
    done = look(database, seat)
    assert done.state is JobState.DONE
    assert done.outcome == {"checks": [{"message": "��\u202e<script>", "name�": 1.5}], "score": None}


def test_an_outcome_that_comes_after_the_claim_was_lost_is_dropped(database: Database) -> None:
    (seat,) = handed_in(database)

    def lose_it(job: GradingJob, listener: Listener) -> Result:
        with database.unit_of_work(job.organisation) as work:
            work.execute(text("UPDATE grading_job SET heartbeat_at = now() - interval '1 minute'"))
        assert [taken.id for taken in operations.take_over_lost(database)] == [job.id]
        return graded(job, listener)

    slots_of(database, lose_it).grade_while_there_is()
    after = look(database, seat)
    assert (after.state, after.outcome, after.faults) == (JobState.WAITING, None, 1)


def test_a_grading_whose_claim_is_lost_is_ended_at_its_next_word(database: Database) -> None:
    (seat,) = handed_in(database)

    def go_on(job: GradingJob, listener: Listener) -> Result:
        slots.let_go({job.id})
        listener.runs("python solve.py")
        pytest.fail("it went on")

    slots = slots_of(database, go_on)
    slots.ending.set()
    slots.grade_while_there_is()
    given_back = look(database, seat)
    assert (given_back.state, given_back.faults) == (JobState.WAITING, 0)
    assert slots.held() == set()


def test_what_is_interrupted_is_given_back_without_a_fault(database: Database) -> None:
    (seat,) = handed_in(database)
    begun, stop = threading.Event(), threading.Event()

    def wait(_: GradingJob, _listener: Listener) -> Result:
        begun.set()
        stop.wait(30)
        raise GradingError("Grading was interrupted.")

    slots = slots_of(database, wait)
    thread = threading.Thread(target=slots.grade_while_there_is)
    thread.start()
    assert begun.wait(30)
    assert slots.held() == {look(database, seat).id}
    slots.ending.set()
    slots.interrupted.set()
    stop.set()
    thread.join(30)
    given_back = look(database, seat)
    assert (given_back.state, given_back.faults, given_back.fault) == (JobState.WAITING, 0, "")


def test_lines_of_public_checks_are_there_while_they_run(database: Database) -> None:
    (seat,) = handed_in(database, check=True)

    def tell(job: GradingJob, listener: Listener) -> Result:
        listener.runs("python first.py")
        assert [line["text"] for line in look(database, seat).lines] == ["python first.py"]
        listener.runs("python second.py")
        return Result({"checks": []}, {})

    slots_of(database, tell).grade_while_there_is()
    assert [line["text"] for line in look(database, seat).lines] == ["python first.py", "python second.py"]


def test_faults_are_counted_by_kind() -> None:
    assert kind_of(BadInputError("Bad.")) == "bad_input"
    assert kind_of(KeyError("x")) == "KeyError"


def test_words_of_a_fault_say_what_to_do_where_it_is_known() -> None:
    assert words_of(BadInputError("Bad.", remedy="Do better.")) == "Bad. Do better."
    assert words_of(KeyError("x")) == "KeyError: 'x'"
