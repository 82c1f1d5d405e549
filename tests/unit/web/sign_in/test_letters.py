from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from shipworthy.access.entities import Access, Organisation
from shipworthy.audit.operations import search
from shipworthy.audit.repository import Search
from shipworthy.bootstrap import House
from shipworthy.letters.entities import Letter
from shipworthy.letters.errors import LetterNotSentError
from shipworthy.letters.operations import send_due, write
from shipworthy.web.app import make_app
from tests.support.houses import Visitor, make_organisation, make_person, visitor

SECRET = "s3cr3t-of-its-reader"


class Refusing:
    def send(self, letter: Letter) -> None:
        raise LetterNotSentError("550 <b>no such mailbox</b>", for_good=True)


def letter_to(house: House, organisation: Organisation, about: str, title: str = "Hello") -> UUID:
    with house.database.unit_of_work(organisation.id) as work:
        body = f"Open http://127.0.0.1:8000/x/{SECRET}\n\n<script>alert(1)</script>"
        return write(
            work,
            organisation.id,
            recipient="zoe@example.org",
            title=title,
            body=body,
            about=about,
            secret=SECRET,
        )


def test_without_a_mail_server_a_letter_is_read_whole_and_that_is_noted(house: House) -> None:
    organisation, ann = make_organisation(house)
    made = letter_to(house, organisation, "invitation:1")
    send_due(house.database, None)
    desk = visitor(house, ann)
    page = desk.visit("/letters").text
    assert "No mail server is set." in page
    assert "Kept here" in page
    assert SECRET not in page
    page = desk.visit(f"/letters/{made}").text
    assert SECRET in page
    assert "<script>alert" not in page
    with house.database.unit_of_work(organisation.id) as work:
        last = search(work, Search(), limit=1)[0]
    assert (last.tag, last.actor, last.subject) == ("person:letter:read", ann.actor, f"letter:{made}")


def test_with_a_mail_server_nobody_else_reads_the_secret(house: House) -> None:
    organisation, ann = make_organisation(house)
    made = letter_to(house, organisation, "invitation:1")
    settings = replace(house.settings, smtp_url="smtp://mail.example", mail_from="a@mail.example")
    desk = Visitor(make_app(replace(house, settings=settings)), ann)
    page = desk.visit(f"/letters/{made}").text
    assert SECRET not in page
    assert "left out here" in page
    with house.database.unit_of_work(organisation.id) as work:
        assert not search(work, Search(tag="person:letter:read"))


def test_a_letter_that_was_given_up_says_why_and_can_be_sent_again(house: House) -> None:
    organisation, ann = make_organisation(house)
    made = letter_to(house, organisation, "invitation:1")
    send_due(house.database, Refusing())
    settings = replace(house.settings, smtp_url="smtp://mail.example", mail_from="a@mail.example")
    desk = Visitor(make_app(replace(house, settings=settings)), ann)
    page = desk.visit(f"/letters/{made}").text
    assert "550 &lt;b&gt;no such mailbox" in page
    assert "on its way again" in desk.follow(desk.send(f"/letters/{made}/again")).text


def test_a_recruiter_reads_letters_to_candidates_and_no_links_of_people(house: House) -> None:
    organisation, _ = make_organisation(house)
    bob = make_person(house, organisation, Access.RECRUITER)
    to_candidate = letter_to(house, organisation, "invitation:1", "To a candidate")
    to_owner = letter_to(house, organisation, "person:1", "To an owner")
    desk = visitor(house, bob)
    page = desk.visit("/letters").text
    assert "To a candidate" in page
    assert "To an owner" not in page
    assert desk.visit(f"/letters/{to_candidate}").status_code == 200
    assert desk.visit(f"/letters/{to_owner}").status_code == 404
    assert desk.send(f"/letters/{to_owner}/again").status_code == 404


def test_letters_of_another_organisation_are_not_there(house: House) -> None:
    organisation, _ = make_organisation(house)
    made = letter_to(house, organisation, "invitation:1", "Of the other")
    _, stranger = make_organisation(house)
    desk = visitor(house, stranger)
    assert "Of the other" not in desk.visit("/letters").text
    assert desk.visit(f"/letters/{made}").status_code == 404
    assert desk.visit(f"/letters/{uuid4()}").status_code == 404


def test_many_letters_are_read_page_by_page_and_by_state(house: House) -> None:
    organisation, ann = make_organisation(house)
    for number in range(53):
        letter_to(house, organisation, "invitation:1", f"Letter {number:02d}")
    desk = visitor(house, ann)
    first = desk.visit("/letters").text
    assert "Letter 52" in first
    assert "Letter 02" not in first
    older = first.partition('href="/letters?before=')[2].partition('"')[0]
    assert "Letter 02" in desk.visit(f"/letters?before={older}").text
    assert "No letters like that" in desk.visit("/letters?state=failed").text


@pytest.mark.parametrize("query", ["state=x", "before=x", "before=2026-01-01 x", "before=' OR 1=1", "state=&before="])
def test_strange_places_show_the_first_page(house: House, query: str) -> None:
    organisation, ann = make_organisation(house)
    letter_to(house, organisation, "invitation:1", "The newest")
    assert "The newest" in visitor(house, ann).visit(f"/letters?{query}").text
