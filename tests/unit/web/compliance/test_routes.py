import json
from collections.abc import Iterator
from html import unescape
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shipworthy.access.entities import Access, Organisation, Person
from shipworthy.audit import operations as audit
from shipworthy.audit.tags import Tag
from shipworthy.bootstrap import House
from tests.support.houses import Visitor, fresh_house, make_organisation, make_person, visitor

OWN = ("compliance",)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with fresh_house(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture
def organisation(house: House) -> Organisation:
    return make_organisation(house)[0]


@pytest.fixture
def officer(house: House, organisation: Organisation) -> Person:
    return make_person(house, organisation, Access.COMPLIANCE, name="Grace Mbeki")


@pytest.fixture
def desk(house: House, officer: Person) -> Visitor:
    return visitor(house, officer, audiences=OWN)


def happen(
    house: House, of: UUID, tag: Tag, *, actor: str = "worker:1", subject: str = "session:1", times: int = 1
) -> None:
    with house.database.unit_of_work(of) as work:
        for _ in range(times):
            audit.record(work, of, tag, actor=actor, subject=subject, details={"reason": "<b>late</b>"})


def test_events_are_told_in_words_with_names_of_people(desk: Visitor, house: House, organisation: Organisation) -> None:
    happen(house, organisation.id, Tag.WORKER_GRADING_DONE)
    page = desk.visit("/compliance/log").text
    assert "A submission was graded." in page
    assert "Somebody got access to the organisation." in page
    assert "Grace Mbeki" in page
    assert "&lt;b&gt;late&lt;/b&gt;" in page
    assert "<b>late" not in page


def test_only_what_was_asked_for_is_shown(desk: Visitor, house: House, organisation: Organisation) -> None:
    happen(house, organisation.id, Tag.WORKER_GRADING_DONE, subject="session:one")
    happen(house, organisation.id, Tag.HOUSE_TASK_CLOSED, actor="house", subject="session:two")
    assert rows(desk, "tag=worker:") == ["worker:grading:done"]
    assert rows(desk, "actor=house&subject=session:two") == ["house:task:closed"]
    assert rows(desk, "actor=worker:") == ["worker:grading:done"]
    assert rows(desk, "subject=session:one") == ["worker:grading:done"]
    assert rows(desk, "since=2999-01-01") == []
    assert rows(desk, "until=2001-01-01") == []
    assert len(rows(desk, "since=2001-01-01&until=2999-01-01")) >= 4


def rows(desk: Visitor, query: str) -> list[str]:
    """Return the tags of the events that a page of the log shows."""
    page = desk.visit(f"/compliance/log?{query}").text
    return [part.partition("<")[0] for part in page.split('<code class="under">')[1:]]


def test_a_question_without_answer_says_what_to_do(desk: Visitor) -> None:
    page = desk.visit("/compliance/log?subject=nothing").text
    assert "No event fits" in page
    assert 'href="/compliance/log"' in page


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "<script>", "9" * 50])
def test_a_day_that_is_none_is_told_at_its_field(desk: Visitor, day: str) -> None:
    answer = desk.visit(f"/compliance/log?since={day}")
    assert answer.status_code == 422
    assert "Write a day as 2026-11-22." in answer.text
    assert "<script>" + "x" not in answer.text


@pytest.mark.parametrize("query", ["until=9999-12-31", "before=99999999999999999999", "before=x", "actor=%27%25_"])
def test_questions_at_the_edge_are_answered(desk: Visitor, query: str) -> None:
    assert desk.visit(f"/compliance/log?{query}").status_code == 200


def test_a_character_that_no_database_keeps_is_refused_in_words(desk: Visitor) -> None:
    answer = desk.visit("/compliance/log?tag=%00")
    assert answer.status_code == 422
    assert "cannot be used" in answer.text


def test_older_events_are_a_page_away(desk: Visitor, house: House, organisation: Organisation) -> None:
    happen(house, organisation.id, Tag.WORKER_GRADING_DONE, times=60)
    page = desk.visit("/compliance/log?tag=worker:").text
    older = unescape(page.split('rel="next"')[0].rsplit('href="', maxsplit=1)[1].split('"')[0])
    assert older.startswith("/compliance/log?tag=worker%3A&before=")
    assert len(rows(desk, older.partition("?")[2])) == 10


def test_the_log_is_verified_in_words_with_its_head(desk: Visitor, house: House, organisation: Organisation) -> None:
    happen(house, organisation.id, Tag.WORKER_GRADING_DONE)
    desk.visit("/compliance/verification")
    page = desk.send("/compliance/verification").text
    with house.database.unit_of_work(organisation.id) as work:
        head = audit.verify(work, organisation.id).head
    assert "The log holds." in page
    assert head in page


def test_a_hash_that_was_kept_is_found_again_or_missed(desk: Visitor, house: House, organisation: Organisation) -> None:
    with house.database.unit_of_work(organisation.id) as work:
        head = audit.verify(work, organisation.id).head
    happen(house, organisation.id, Tag.WORKER_GRADING_DONE)
    desk.visit("/compliance/verification")
    assert (
        "what was there then is still there"
        in desk.send("/compliance/verification", {"kept": f" {head.upper()}\n"}).text
    )
    assert "cut off or written anew" in desk.send("/compliance/verification", {"kept": "0" * 64}).text


def test_step_by_step_the_whole_log_is_looked_at(
    desk: Visitor, house: House, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shipworthy.web.compliance.routes.STEP", 4)
    happen(house, organisation.id, Tag.WORKER_GRADING_DONE, times=9)
    desk.visit("/compliance/verification")
    fields: dict[str, object] = {}
    seen = 0
    for _ in range(20):
        page = desk.send("/compliance/verification/step", fields).text
        if "The log holds." in page:
            break
        fields = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("events", "head", "total")}
        assert int(str(fields["events"])) > seen
        seen = int(str(fields["events"]))
    assert "The log holds." in page
    assert "<html" not in page


def test_a_change_behind_our_back_is_found_and_the_place_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    with fresh_house(tmp_path_factory.mktemp("house")) as house:
        organisation, _ = make_organisation(house)
        happen(house, organisation.id, Tag.WORKER_GRADING_DONE, times=3)
        forge(house, "UPDATE audit_event SET subject = 'session:forged' WHERE number = 3")
        desk = visitor(house, make_person(house, organisation, Access.COMPLIANCE), audiences=OWN)
        desk.visit("/compliance/verification")
        for path in ("/compliance/verification", "/compliance/verification/step"):
            page = desk.send(path).text
            assert "The log breaks at event 3." in page
            assert "What to do:" in page


def forge(house: House, statement: str) -> None:
    """Change the log as somebody with the owner's password of the database could."""
    with house.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER append_only"))
        connection.execute(text("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text(statement))


def test_the_export_holds_every_event_and_itself_and_proves_itself(desk: Visitor, organisation: Organisation) -> None:
    desk.visit("/compliance/log")
    answer = desk.send("/compliance/export")
    assert answer.headers["content-disposition"].startswith('attachment; filename="audit-log-')
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[-1]["tag"] == "compliance:log:exported"
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert {line["organisation"] for line in lines} == {str(organisation.id)}


def test_every_event_is_explained(desk: Visitor) -> None:
    page = unescape(desk.visit("/compliance/events").text)
    for tag in Tag:
        assert f"<code>{tag.value}</code>" in page
        assert tag.meaning in page


def test_nobody_else_sees_the_log(house: House, organisation: Organisation) -> None:
    for access in set(Access) - {Access.COMPLIANCE}:
        other = visitor(house, make_person(house, organisation, access), audiences=OWN)
        assert other.visit("/compliance/log").status_code == 403
    assert visitor(house, audiences=OWN).visit("/compliance/log").headers["location"].startswith("/sign-in")


def test_another_organisation_s_events_are_not_there(desk: Visitor, house: House) -> None:
    other, _ = make_organisation(house, "Eastwind")
    secret = f"session:{uuid4()}"
    happen(house, other.id, Tag.WORKER_GRADING_DONE, subject=secret)
    assert secret not in desk.visit("/compliance/log").text
    assert rows(desk, f"subject={secret}") == []
