import pytest

from shipworthy.access.entities import Access
from shipworthy.bootstrap import House
from tests.support.houses import Visitor, make_organisation, make_person, visitor


@pytest.fixture
def guest(house: House) -> Visitor:
    return visitor(house, audiences=(), shows_style=True)


def test_every_answer_carries_the_guarding_headers(guest: Visitor) -> None:
    for path in ("/style", "/nowhere", "/static/x/css/none.css"):
        headers = guest.visit(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_pages_are_not_kept_by_caches(guest: Visitor) -> None:
    assert guest.visit("/style").headers["cache-control"] == "no-store"


def test_a_page_that_is_not_there_says_what_to_do(guest: Visitor) -> None:
    answer = guest.visit("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text
    assert "start from the home page" in answer.text


def test_the_page_of_parts_is_there_only_where_it_is_asked_for(house: House) -> None:
    assert visitor(house, audiences=()).visit("/style").status_code == 404


def test_hostile_texts_are_inert_and_visible(guest: Visitor) -> None:
    page = guest.visit("/style").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "[U+202E]" in page


def test_the_head_names_the_places_that_a_person_may_go_to(house: House) -> None:
    organisation, _ = make_organisation(house)
    officer = make_person(house, organisation, Access.COMPLIANCE)
    page = visitor(house, officer, audiences=(), shows_style=True).visit("/style").text
    assert 'href="/people"' not in page


def test_what_was_done_is_told_on_the_next_page_once_and_can_be_taken_back(guest: Visitor) -> None:
    guest.visit("/style")
    page = guest.follow(guest.send("/style/done")).text
    assert "Three invitations were cancelled." in page
    assert 'action="/style/undone"' in page
    assert "Three invitations were cancelled." not in guest.visit("/style").text
