import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shipworthy.audit.operations import export, record, search, verify
from shipworthy.audit.repository import Search
from shipworthy.audit.tags import Tag
from shipworthy.store.database import Database, open_database
from tests.support.databases import fresh_url


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        opened = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield opened
        opened.close()


@pytest.fixture
def organisation(database: Database) -> UUID:
    made = uuid4()
    with database.house_work() as work:
        work.execute(text("INSERT INTO organisation VALUES (:id, 'Northwind', now())"), {"id": made})
    return made


def say(database: Database, organisation: UUID, subject: str, tag: Tag = Tag.CANDIDATE_TASK_STARTED) -> None:
    with database.unit_of_work(organisation) as work:
        record(work, organisation, tag, actor="candidate:1", subject=subject, details={"x": 1.5, "ä": [None, True]})


def test_concurrent_writers_make_one_chain_without_gaps(database: Database, organisation: UUID) -> None:
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda number: say(database, organisation, f"task:{number}"), range(40)))
    with database.unit_of_work(organisation) as work:
        report = verify(work, organisation)
    assert report.holds, report.fault
    assert report.events == 40


def test_an_event_goes_with_its_change_or_not_at_all(database: Database, organisation: UUID) -> None:
    say(database, organisation, "task:1")
    with pytest.raises(ZeroDivisionError), database.unit_of_work(organisation) as work:  # noqa: PT012
        event = record(work, organisation, Tag.WORKER_GRADING_DONE, actor="worker:1", subject="task:2")
        assert 1 / (event.number - 2)
    with database.unit_of_work(organisation) as work:
        assert [event.subject for event in search(work, Search())] == ["task:1"]


def test_the_database_itself_refuses_to_change_the_past(database: Database, organisation: UUID) -> None:
    say(database, organisation, "task:1")
    for statement in ("UPDATE audit_event SET subject = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"):
        with pytest.raises(DBAPIError), database.unit_of_work(organisation) as work:
            work.execute(text(statement))
        with pytest.raises(DBAPIError, match=r"never changed|violates|permission"), database.engine.begin() as owner:
            owner.execute(text(statement))


def test_a_past_that_was_changed_behind_our_back_is_found(database: Database, organisation: UUID) -> None:
    for number in range(3):
        say(database, organisation, f"task:{number}")
    with database.engine.begin() as owner:
        owner.execute(text("ALTER TABLE audit_event DISABLE TRIGGER append_only"))
        owner.execute(text("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY"))
        query = "UPDATE audit_event SET details = '{}' WHERE organisation_id = :id AND number = 2"
        owner.execute(text(query), {"id": organisation})
        owner.execute(text("ALTER TABLE audit_event FORCE ROW LEVEL SECURITY"))
        owner.execute(text("ALTER TABLE audit_event ENABLE TRIGGER append_only"))
    with database.unit_of_work(organisation) as work:
        report = verify(work, organisation)
    assert report.breaks_at == 2


def test_events_are_found_by_what_they_are_about(database: Database, organisation: UUID) -> None:
    say(database, organisation, "task:1")
    say(database, organisation, "task:2", Tag.CANDIDATE_SUBMISSION_HANDED_IN)
    with database.unit_of_work(organisation) as work:
        assert [event.number for event in search(work, Search(subject="task:2"))] == [2]
        assert [event.number for event in search(work, Search(tag="candidate:"))] == [2, 1]
        assert [event.number for event in search(work, Search(tag="candidate:task:"))] == [1]
        assert search(work, Search(actor="worker:1")) == []
        assert [event.number for event in search(work, Search(before=2))] == [1]


def test_an_export_can_be_checked_by_others(database: Database, organisation: UUID) -> None:
    say(database, organisation, "task:1")
    say(database, organisation, "task:2")
    with database.unit_of_work(organisation) as work:
        lines = [json.loads(line) for line in export(work, organisation)]
    assert [line["number"] for line in lines] == [1, 2]
    assert lines[1]["previous"] == lines[0]["hash"]
