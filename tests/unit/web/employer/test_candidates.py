import csv
import io
import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from shipworthy.access.entities import Access
from shipworthy.audit.operations import verify
from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.delivery.assessments.entities import Wish
from shipworthy.delivery.assessments.operations import make_assessment
from shipworthy.letters.operations import outbox
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept.entities import Author
from shipworthy.roles.kept.operations import change_profile, keep_role
from shipworthy.roles.shelf import Shelf
from tests.support.graded import Finisher
from tests.support.houses import Visitor, make_organisation, visitor
from tests.support.postings import LLM
from tests.unit.web.employer.conftest import Team

HOSTILE = '=HYPERLINK("http://evil") <script>alert(1)</script>'


@dataclass
class Round:
    """An assessment, and who is at it."""

    team: Team
    finisher: Finisher
    browser: Visitor

    @property
    def path(self) -> str:
        return f"/assessments/{self.finisher.assessment.id}"

    def candidate(self, name: str = "Ana Sousa", *shares: float, stopped: bool = False) -> str:
        """Invite somebody, who finishes where shares of passed checks are said; return the address of the page."""
        (invitation,) = self.finisher.invite(name)
        if shares:
            self.finisher.finish(invitation, shares, stopped=stopped)
        return f"/candidates/{invitation}"


@pytest.fixture
def round_(team: Team, house: House) -> Round:
    ann = Author(team.ann.id, team.ann.name)
    with house.database.unit_of_work(team.organisation.id) as work:
        role = keep_role(work, team.organisation.id, read_text(LLM), by=ann)
        wish = Wish(role.id, 1, ann.id, minutes=120, title="Spring round", contact="people@example.org")
        made = make_assessment(work, wish, Shelf(house.catalogue), by=ann)
    browser = team.browser()
    browser.visit("/")
    return Round(team, Finisher(house, made, team.ann.actor), browser)


def test_a_pasted_list_is_shown_before_anything_is_sent(round_: Round) -> None:
    browser = round_.browser
    assert "No candidates yet" in browser.visit(round_.path).text
    browser.visit(f"{round_.path}/invite")
    pasted = "Ann Lee <ann.lee@example.org>\nbob@example.org\nnobody at all\nann.lee@example.org"
    page = browser.send(f"{round_.path}/preview/upload", {"text": pasted}).text
    assert "2 people were understood" in page
    assert "2 lines were not understood" in page
    assert "nobody at all" in page
    assert "is on line 1 already" in page
    assert "No candidates yet" in browser.visit(round_.path).text
    kept = "Ann Lee <ann.lee@example.org>\nbob <bob@example.org>"
    mended = browser.send(f"{round_.path}/preview/upload", {"kept": kept, "text": "Cy Ng <cy@example.org>"}).text
    assert "3 people were understood" in mended
    answer = browser.send(f"{round_.path}/invite/upload", {"kept": kept + "\nCy Ng <cy@example.org>"})
    page = browser.follow(answer).text
    assert "3 candidates were invited." in page
    assert "cy@example.org" in page
    again = browser.follow(browser.send(f"{round_.path}/invite/upload", {"kept": "Bob <bob@example.org>"})).text
    assert "0 candidates were invited. Invited before, so not again: bob@example.org" in again


def test_an_empty_list_invites_nobody(round_: Round) -> None:
    page = round_.browser.send(f"{round_.path}/preview/upload", {"text": "  \n "}).text
    assert "There is nobody on the list." in page
    assert round_.browser.send(f"{round_.path}/invite/upload", {"kept": "nonsense"}).status_code == 422


def test_the_list_is_searched_filtered_sorted_and_paged(round_: Round) -> None:
    round_.finisher.invite(*(f"Person {number:03}" for number in range(120)))
    round_.candidate("Zoë Zimmer", 1.0)
    browser = round_.browser

    def names(query: str) -> list[str]:
        return re.findall(r"<bdi>((?:Person|Zoë)[^<]*)</bdi>", browser.visit(f"{round_.path}{query}").text)

    assert names("?q=zoë") == ["Zoë Zimmer"]
    assert names("?q=person+007") == ["Person 007"]
    assert names("?q=100%25") == []
    assert names("?state=finished") == ["Zoë Zimmer"]
    assert names("?state=nonsense&order=nonsense&after=nonsense")[0] == "Zoë Zimmer"
    seen: list[str] = []
    path = f"{round_.path}?order=name"
    while path:
        page = browser.visit(path).text
        seen += re.findall(r"<bdi>((?:Person|Zoë)[^<]*)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"Person {number:03}" for number in range(120)] + ["Zoë Zimmer"]
    piece = browser.visit(f"{round_.path}?q=zoë", **{"hx-request": "true", "hx-target": "list"}).text
    assert piece.lstrip().startswith('<div id="list"')


def test_the_list_is_taken_along_as_csv(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shipworthy.web.employer.candidates.PIECE", 2)
    round_.finisher.invite(HOSTILE, "Bo", "Cy")
    round_.candidate("Dee", 1.0)
    answer = round_.browser.visit(f"{round_.path}/candidates.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="candidates.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Candidate", f"'{HOSTILE}", "Bo", "Cy", "Dee"]
    assert rows[4][2:6] == ["Finished", "1", "1", "1"]
    assert round_.browser.visit(f"{round_.path}/candidates.csv?state=finished").text.count("\n") == 2


@pytest.mark.parametrize("order", ["newest", "active"])
def test_pages_of_a_sorted_list_leave_nobody_out(round_: Round, order: str) -> None:
    round_.finisher.invite(*(f"Person {number:03}" for number in range(103)))
    seen: list[str] = []
    path = f"{round_.path}?order={order}"
    while path:
        page = round_.browser.visit(path).text
        seen += re.findall(r"<bdi>(Person[^<]*)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == [f"Person {number:03}" for number in range(103)]


def test_candidates_are_reminded_one_by_one_and_together(round_: Round) -> None:
    page = round_.candidate()
    browser = round_.browser
    assert "A reminder with a new link went out." in browser.follow(browser.send(f"{page}/remind")).text
    other = round_.candidate("Bo Berg")
    ids = [path.removeprefix("/candidates/") for path in (page, other)]
    told = browser.follow(browser.send(f"{round_.path}/remind", {"who": ids, "back": "//evil.example"}))
    assert "1 reminder went out. 1 did not: The last reminder went out less than an hour ago." in told.text


def test_an_invitation_is_extended_cancelled_and_given_back(round_: Round) -> None:
    page = round_.candidate()
    browser = round_.browser
    until = (clock.now() + timedelta(days=40)).date().isoformat()
    assert "holds longer" in browser.follow(browser.send(f"{page}/extend", {"until": until})).text
    assert browser.send(f"{page}/extend", {"until": "soon"}).status_code == 422
    cancelled = browser.follow(browser.send(f"{page}/cancel")).text
    assert "Cancelled" in cancelled
    assert f'action="{page}/undo-cancel"' in cancelled
    assert "stands again" in browser.follow(browser.send(f"{page}/undo-cancel")).text
    with round_.team.house.database.unit_of_work(round_.team.organisation.id) as work:
        letters = outbox(work, about=f"invitation:{page.removeprefix('/candidates/')}")
        assert len(letters) == 4
        assert verify(work, round_.team.organisation.id).holds


def test_other_conditions_are_for_recruiters_only(round_: Round) -> None:
    page = round_.candidate()
    recruiter = round_.team.browser(Access.RECRUITER)
    recruiter.visit(page)
    granted = recruiter.follow(recruiter.send(f"{page}/accommodation", {"factor": "1.5", "note": "Secret illness."}))
    assert "Secret illness." in granted.text
    assert recruiter.send(f"{page}/accommodation", {"factor": "lots"}).status_code == 422
    manager = round_.team.browser(Access.HIRING_MANAGER)
    seen = manager.visit(page).text
    assert "Secret illness." not in seen
    assert "Other conditions" not in seen
    assert manager.send(f"{page}/accommodation", {"factor": "2"}).status_code == 403
    assert "Secret illness." not in manager.visit(f"{page}/scorecard").text


def test_a_scorecard_leads_to_its_evidence(round_: Round) -> None:
    page = round_.candidate(HOSTILE, 1.0, 0.5)
    overview = round_.browser.visit(page).text
    assert "What the evidence says" in overview
    assert "Saved 5 times" in overview
    scorecard = round_.browser.visit(f"{page}/scorecard").text
    assert "version 1 of the profile" in scorecard
    assert "Senior LLM Engineer" in scorecard
    assert "Insufficient evidence" in scorecard
    assert "<script>alert" not in scorecard + overview
    paper = round_.browser.visit(f"{page}/scorecard.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.headers["content-disposition"] == 'attachment; filename="scorecard.pdf"'
    assert paper.content.startswith(b"%PDF-")


def test_without_evidence_the_pages_say_so(round_: Round) -> None:
    page = round_.candidate()
    assert "The candidate has not begun." in round_.browser.visit(page).text
    assert "Nothing is graded yet" in round_.browser.visit(f"{page}/scorecard").text
    assert round_.browser.visit(f"{page}/scorecard.pdf").status_code == 404


def test_a_grading_that_stopped_is_ours_and_tried_again(round_: Round) -> None:
    page = round_.candidate("Ana Sousa", 1.0, 1.0, stopped=True)
    assert "Gradings that failed through our fault" in round_.browser.visit("/").text
    seen = round_.browser.visit(page).text
    assert "It failed three times through our fault." in seen
    assert "Not final" in seen
    retry = re.search(rf'action="({page}/gradings/[0-9a-f-]+/retry)"', seen)
    assert retry
    assert "waits in the queue again" in round_.browser.follow(round_.browser.send(retry[1])).text
    other = round_.candidate("Bo Berg")
    assert round_.browser.send(retry[1].replace(page, other)).status_code == 404


def test_candidates_are_compared_on_one_version(round_: Round) -> None:
    first, second, third = (
        round_.candidate(HOSTILE, 1.0, 1.0, 1.0),
        round_.candidate("Bo", 0.2, 0.2),
        round_.candidate("Cy"),
    )
    browser = round_.browser
    ids = [path.removeprefix("/candidates/") for path in (first, second, third)]
    browser.visit(round_.path)
    answer = browser.send(f"{round_.path}/compare", {"who": ids})
    page = browser.follow(answer).text
    assert "Nothing graded yet" in page
    assert "Version 1 (of this assessment)" in page
    assert "<script>alert" not in page
    where = answer.headers["location"]
    sheet = browser.visit(where.replace("/compare?", "/compare.csv?"))
    lines = sheet.content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 5
    assert lines[1].startswith("\"'=HYPERLINK(")
    assert browser.visit(where.replace("/compare?", "/compare.pdf?")).content.startswith(b"%PDF-")
    with round_.team.house.database.unit_of_work(round_.team.organisation.id) as work:
        ann = Author(round_.team.ann.id, "Ann")
        change_profile(
            work, round_.finisher.assessment.role, [("needs.rag_vector_db", "not_needed")], by=ann, reason="Ours."
        )
    newer = browser.visit(f"{where}&version=2").text
    assert "RAG and vector databases" in page
    assert "RAG and vector databases" not in newer


def test_a_comparison_of_nobody_and_of_too_many_says_what_to_do(round_: Round) -> None:
    assert "Nobody is chosen" in round_.browser.visit(f"{round_.path}/compare").text
    who = "&".join(f"who={UUID(int=number)}" for number in range(13))
    assert "do not fit side by side" in round_.browser.visit(f"{round_.path}/compare?{who}").text
    assert round_.browser.visit(f"{round_.path}/compare?who={UUID(int=1)}").status_code == 404


def test_recruiters_see_states_and_no_scores(round_: Round) -> None:
    page = round_.candidate("Ana Sousa", 1.0)
    recruiter = round_.team.browser(Access.RECRUITER)
    assert "What the evidence says" not in recruiter.visit(page).text
    for path in (f"{page}/scorecard", f"{page}/scorecard.pdf", f"{round_.path}/compare", f"{round_.path}/compare.csv"):
        assert recruiter.visit(path).status_code == 403


def test_another_organisation_finds_nobody(round_: Round, house: House) -> None:
    page = round_.candidate("Ana Sousa", 1.0)
    _, eve = make_organisation(house, "Elsewhere")
    stranger = visitor(house, eve)
    stranger.visit("/")
    for path in (
        round_.path,
        f"{round_.path}/tasks",
        f"{round_.path}/invite",
        page,
        f"{page}/scorecard",
        f"{page}/scorecard.pdf",
    ):
        assert stranger.visit(path).status_code == 404, path
    for path in (f"{page}/remind", f"{page}/cancel", f"{page}/extend", f"{round_.path}/close"):
        assert stranger.send(path, {"until": "2030-01-01"}).status_code == 404, path
    answer = stranger.send(f"{round_.path}/invite/upload", {"kept": "Eve <eve@example.org>"})
    assert answer.status_code in {404, 409}
    with house.database.house_work() as work:
        assert work.scalar(text("SELECT count(*) FROM candidate WHERE email = 'eve@example.org'")) == 0
