"""A hiring manager in a browser: from a job description to candidates side by side."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from shipworthy.bootstrap import House
from shipworthy.delivery.assessments.candidate_list import CandidatesWanted
from shipworthy.delivery.assessments.operations import assessment, candidates
from tests.support.browsers import Window, served_house, window
from tests.support.graded import Finisher
from tests.support.houses import make_organisation
from tests.support.postings import BLENDED

POSTING = Path(__file__).parents[2] / "benchmarks/postings/development/g-17-ml-engineer-next-record.md"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def ann(browser: Browser, served: House) -> Iterator[Window]:
    _, person = make_organisation(served)
    with window(browser, served, person) as opened:
        yield opened


def scope(window: Window, text: str) -> Page:
    page = window.go("/")
    page.get_by_role("link", name="New role").or_(page.get_by_role("link", name="Scope the first role")).first.click()
    page.get_by_label("Text of the job description").fill(text)
    page.get_by_role("button", name="Scope the role").click()
    expect(page.get_by_role("status")).to_contain_text("was scoped")
    return page


def test_from_a_job_description_to_a_comparison(ann: Window) -> None:
    page = scope(ann, POSTING.read_text())
    ann.check()
    expect(page.get_by_text("Reads as a classical ML role")).to_be_visible()

    need = page.get_by_role("article", name="RAG and vector databases")
    need.get_by_text("Change", exact=False).first.click()
    need.get_by_label("Need").select_option("Not needed")
    need.get_by_label("Reason").fill("The index is another team's.")
    need.get_by_role("button", name="Change").click()
    expect(page.get_by_role("status")).to_contain_text("Version 2 was made.")
    ann.check()

    page.get_by_role("link", name="See the blueprint").click()
    page.get_by_label("Minutes, as a slider").fill("90")
    expect(page.locator("#plan")).to_contain_text("of at most 90")
    ann.check()
    page.get_by_label("Minutes a candidate may be asked for").fill("120")
    page.keyboard.press("Tab")
    expect(page.locator("#plan")).to_contain_text("of at most 120")

    page.get_by_label("Title, as candidates see it").fill("Discovery, spring")
    page.get_by_role("button", name="Make the assessment").click()
    expect(page.get_by_role("heading", name="No candidates yet")).to_be_visible()
    ann.check()

    page.get_by_role("link", name="Invite candidates").first.click()
    page.get_by_label("Names and addresses").fill("Ana Sousa <ana@example.org>\nBo Berg <bo@example.org>\nnobody")
    page.get_by_role("button", name="See what is understood").click()
    expect(page.get_by_role("heading", name="2 people were understood")).to_be_visible()
    ann.check()
    page.get_by_role("button", name="Invite 2").click()
    expect(page.get_by_role("status")).to_contain_text("2 candidates were invited.")
    ann.check()

    finish(ann, UUID(page.url.rsplit("/", 1)[-1]))
    page.reload()
    page.get_by_role("link", name="Ana Sousa").click()
    ann.check()
    page.get_by_role("link", name="Read the scorecard").click()
    expect(page.get_by_text("Held against version 2 of the profile")).to_be_visible()
    ann.check()
    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF-")

    page.get_by_role("link", name="Discovery, spring").click()
    page.get_by_label("Tick everybody on this page").check()
    page.get_by_role("button", name="Compare side by side").click()
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader", name="Ana Sousa")).to_be_visible()
    expect(table.get_by_role("rowheader", name=re.compile("Statistical modelling"))).to_be_visible()
    expect(table).not_to_contain_text("RAG and vector databases")
    ann.check()


def finish(window: Window, identifier: UUID) -> None:
    """Let both candidates hand in, and have it graded."""
    house = window.house
    with house.database.house_work() as work:
        made = assessment(work, identifier)
    with house.database.unit_of_work(made.organisation) as work:
        lines, _ = candidates(work, CandidatesWanted(identifier))
    finisher = Finisher(house, made, "person:test")
    for line, share in zip(sorted(lines, key=lambda line: line.name), (1.0, 0.3), strict=True):
        finisher.finish(line.invitation, [share] * len(made.tasks))


def come_late(route: Route) -> None:
    sleep(1.0)
    route.continue_()


def test_a_slider_that_is_moved_before_the_page_is_ready_counts(ann: Window) -> None:
    page = scope(ann, POSTING.read_text())
    page.get_by_role("link", name="See the blueprint").click()
    expect(page.get_by_label("Minutes, as a slider")).to_be_visible()
    page.route("**/js/employer.js", come_late)
    page.goto(page.url, wait_until="commit")
    page.get_by_label("Minutes, as a slider").fill("90")
    expect(page.locator("#plan")).to_contain_text("of at most 90")


def test_a_blend_is_split_and_an_archived_role_comes_back(ann: Window) -> None:
    page = scope(ann, BLENDED)
    expect(page.get_by_text("One person is required to do the work of 2 roles")).to_be_visible()
    ann.check()
    page.get_by_role("button", name="Make these 2 roles").click()
    expect(page.get_by_role("status")).to_contain_text("2 roles were made")
    ann.check()
    page.get_by_role("link", name="Archive").click()
    page.get_by_role("link", name="Senior LLM Engineer", exact=True).click()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("status")).to_contain_text("The role is back.")


def test_a_change_is_taken_back_from_the_notice(ann: Window) -> None:
    page = scope(ann, POSTING.read_text())
    page.get_by_text("Change title, context, seniority, years or time").click()
    fields = page.locator("form", has=page.get_by_label("Most minutes of a candidate"))
    fields.get_by_label("Most minutes of a candidate").fill("60")
    fields.get_by_label("Reason").fill("Short.")
    fields.get_by_role("button", name="Change").click()
    expect(page.get_by_text("A candidate may be asked for at most 60 minutes.")).to_be_visible()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("A candidate may be asked for at most 180 minutes.")).to_be_visible()


def test_a_role_can_be_scoped_and_drawn_without_javascript(browser: Browser, served: House) -> None:
    _, person = make_organisation(served)
    with window(browser, served, person, java_script_enabled=False) as opened:
        page = opened.go("/roles/new")
        page.get_by_label("Text of the job description").fill(POSTING.read_text())
        page.get_by_role("button", name="Scope the role").click()
        page.get_by_role("link", name="See the blueprint").click()
        page.locator("#minutes").fill("75")
        page.get_by_role("button", name="Draw it again").first.click()
        expect(page.locator("#plan")).to_contain_text("of at most 75")
