"""A recruiter in a browser: two hundred invitations, and what comes after them."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from shipworthy.access.entities import Access
from shipworthy.audit.operations import search, verify
from shipworthy.audit.repository import Search
from shipworthy.bootstrap import House
from shipworthy.delivery.assessments.entities import Assessment, Wish
from shipworthy.delivery.assessments.operations import make_assessment
from shipworthy.letters.operations import outbox
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept.entities import Author
from shipworthy.roles.kept.operations import keep_role
from shipworthy.roles.shelf import Shelf
from tests.support.browsers import Window, served_house, window
from tests.support.houses import make_organisation, make_person
from tests.support.postings import LLM

PEOPLE = 200


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def made(served: House) -> Assessment:
    organisation, ann = make_organisation(served)
    author = Author(ann.id, ann.name)
    with served.database.unit_of_work(organisation.id) as work:
        role = keep_role(work, organisation.id, read_text(LLM), by=author)
        wish = Wish(role.id, 1, ann.id, minutes=90, title="Spring round", contact="people@example.org")
        return make_assessment(work, wish, Shelf(served.catalogue), by=author)


@pytest.fixture
def sam(browser: Browser, served: House, made: Assessment) -> Iterator[Window]:
    with served.database.house_work() as work:
        from shipworthy.access.operations import organisation  # noqa: PLC0415

        of = organisation(work, made.organisation)
    person = make_person(served, of, Access.RECRUITER)
    with window(browser, served, person) as opened:
        yield opened


def test_two_hundred_are_invited_and_looked_after(sam: Window, made: Assessment) -> None:
    page = sam.go(f"/assessments/{made.id}/invite")
    lines = ["Name;Address", *(f"Person {number:03};person{number:03}@example.org" for number in range(PEOPLE))]
    page.get_by_label("Names and addresses").fill("\n".join([*lines, "Broken;person at example"]))
    page.get_by_role("button", name="See what is understood").click()
    expect(page.get_by_role("heading", name=f"{PEOPLE} people were understood")).to_be_visible()
    expect(page.get_by_text("1 line was not understood")).to_be_visible()
    sam.check()
    page.get_by_role("button", name=f"Invite {PEOPLE}").click()
    expect(page.get_by_role("status")).to_contain_text(f"{PEOPLE} candidates were invited.")
    sam.check()

    page.get_by_label("Search").press_sequentially("person 123")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    page.get_by_role("link", name="Person 123").click()
    expect(page.get_by_text("What the evidence says")).to_have_count(0)
    page.get_by_role("button", name="Remind").click()
    expect(page.get_by_role("status")).to_contain_text("A reminder with a new link went out.")
    sam.check()

    page.get_by_text("Grant more time").click()
    page.get_by_label("Times the usual minutes").fill("1.5")
    page.get_by_label("Note, for recruiters only").fill("Agreed by letter.")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("1.5 times the usual", exact=False).first).to_be_visible()

    page.get_by_text("Let it hold longer").click()
    page.get_by_role("button", name="Extend").click()
    expect(page.get_by_role("status")).to_contain_text("holds longer")

    page.get_by_role("button", name="Cancel the invitation").click()
    expect(page.get_by_role("status")).to_contain_text("was cancelled")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("stands again")
    sam.check()

    with sam.house.database.unit_of_work(made.organisation) as work:
        assert verify(work, made.organisation).holds
        assert len(search(work, Search(tag="recruiter:candidate:invited"), limit=PEOPLE + 1)) == PEOPLE
        assert len(outbox(work, limit=PEOPLE * 2)) == PEOPLE + 4


def test_the_whole_list_is_walked_by_pages(sam: Window, made: Assessment) -> None:
    page = sam.go(f"/assessments/{made.id}?order=name")
    seen: list[str] = []
    started = time.monotonic()
    while time.monotonic() - started < 60:
        seen += page.locator("tbody th a").all_inner_texts()
        following = page.get_by_role("link", name="Next")
        if not following.count():
            break
        following.click()
        page.wait_for_load_state()
    assert seen == [f"Person {number:03}" for number in range(PEOPLE)]
