import re

import pytest

from shipworthy.access.entities import Access
from shipworthy.bootstrap import House
from tests.support.houses import Visitor, make_organisation, visitor
from tests.support.made_files import docx, paragraph, pdf
from tests.support.postings import BLENDED, LLM, OFFICE
from tests.unit.web.employer.conftest import Team


def scope(browser: Visitor, text: str = LLM, **fields: str) -> str:
    """Scope a role and return its address."""
    browser.visit("/roles/new")
    answer = browser.send("/roles/upload", {"text": text, "minutes": "120", **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_newcomer_is_told_what_to_do(team: Team) -> None:
    browser = team.browser()
    assert "Begin with a job description" in browser.visit("/").text
    assert "No role yet" in browser.visit("/roles").text
    assert "No assessment yet" in browser.visit("/assessments").text
    assert "Nothing is archived" in browser.visit("/roles?archived=true").text


def test_a_pasted_job_description_becomes_a_role_with_its_sentences(team: Team) -> None:
    browser = team.browser()
    role = scope(browser)
    page = browser.visit(role).text
    assert "Senior LLM Engineer" in page
    assert "retrieval-augmented generation" in page
    assert "at most 120 minutes" in page
    assert "Senior LLM Engineer" in browser.visit("/roles").text


@pytest.mark.parametrize(
    "content", [docx("".join(paragraph(line) for line in LLM.splitlines())), pdf(LLM.splitlines()), LLM.encode()]
)
def test_an_uploaded_file_becomes_a_role(team: Team, content: bytes) -> None:
    browser = team.browser()
    browser.visit("/roles/new")
    answer = browser.send("/roles/upload", {"minutes": "90"}, file=("posting", content))
    assert "Senior LLM Engineer" in browser.follow(answer).text


@pytest.mark.parametrize(
    ("text", "minutes", "words"),
    [
        ("", "120", "There is no job description yet."),
        ("Wir suchen eine Ingenieurin, die unsere Modelle baut und betreibt. " * 6, "120", "English"),
        (LLM, "soon", "is no number of minutes"),
        (LLM, "99999", "cannot be asked for 99999 minutes"),
    ],
)
def test_what_cannot_be_read_keeps_the_text_on_the_page(team: Team, text: str, minutes: str, words: str) -> None:
    browser = team.browser()
    browser.visit("/roles/new")
    answer = browser.send("/roles/upload", {"text": text, "minutes": minutes})
    assert answer.status_code == 422
    assert words in answer.text
    assert text[:60].splitlines()[0:1] == [] or text[:40] in answer.text
    assert minutes in answer.text


def test_a_need_is_changed_with_a_reason_and_taken_back(team: Team) -> None:
    browser = team.browser()
    role = scope(browser)
    browser.visit(role)
    change = {
        "what": "needs.rag_vector_db",
        "after": "not_needed",
        "version": "1",
        "reason": "Search is another team's.",
    }
    answer = browser.send(f"{role}/changes", change)
    page = browser.follow(answer).text
    assert "Version 2 was made." in page
    assert "Search is another team" in page
    undo = re.search(rf'action="({role}/undo\?version=2)"', page)
    assert undo
    page = browser.follow(browser.send(undo[1])).text
    assert "this is version 3" in page
    history = browser.visit(f"{role}/history").text
    assert [f"Version {number}" in history for number in (1, 2, 3)] == [True] * 3
    assert "Ann Okoro" in history
    assert "This is version 1." in browser.visit(f"{role}?version=1").text


def test_a_change_without_a_reason_or_to_an_old_version_is_refused(team: Team) -> None:
    browser = team.browser()
    role = scope(browser)
    browser.visit(role)
    change = {"what": "minutes", "after": "90", "version": "1", "reason": " "}
    assert "reason, and it is blank" in browser.send(f"{role}/changes", change).text
    assert browser.send(f"{role}/changes", change | {"reason": "Short."}).status_code == 303
    answer = browser.send(f"{role}/changes", change | {"reason": "Again.", "after": "80"})
    assert answer.status_code == 409
    assert "there is version 2 by now" in answer.text


def test_a_blend_is_warned_of_and_split(team: Team) -> None:
    browser = team.browser()
    role = scope(browser, BLENDED)
    page = browser.visit(role).text
    assert "One person is required to do the work of 2 roles" in page
    assert "What to do about the blend" in page
    answer = browser.send(f"{role}/settle", {"choice": "split"})
    listed = browser.follow(answer).text
    assert "2 roles were made" in listed
    assert listed.count("Senior LLM Engineer (") == 2
    assert "Bring it back" in browser.visit(role).text


def test_a_role_is_archived_and_brought_back(team: Team) -> None:
    browser = team.browser()
    role = scope(browser)
    browser.visit(role)
    page = browser.follow(browser.send(f"{role}/archive")).text
    assert "was archived" in page
    assert "No role yet" in page
    assert "Senior LLM Engineer" in browser.visit("/roles?archived=true").text
    assert "The role is back." in browser.follow(browser.send(f"{role}/restore")).text


def test_what_is_no_ai_role_gets_no_blueprint_but_words(team: Team) -> None:
    browser = team.browser()
    role = scope(browser, OFFICE)
    assert "nothing to assess" in browser.visit(f"{role}/blueprint").text


def test_the_time_slider_draws_another_blueprint_in_place(team: Team) -> None:
    browser = team.browser()
    role = scope(browser)
    whole = browser.visit(f"{role}/blueprint?minutes=60").text
    assert "of at most 60" in whole
    piece = browser.visit(f"{role}/blueprint?minutes=45", **{"hx-request": "true", "hx-target": "plan"}).text
    assert piece.lstrip().startswith('<div id="plan"')
    assert "of at most 45" in piece
    assert "of at most 120" in browser.visit(f"{role}/blueprint?minutes=9999").text
    assert "of at most 120" in browser.visit(f"{role}/blueprint?minutes=abc").text


def test_an_assessment_is_made_of_the_blueprint(team: Team) -> None:
    browser = team.browser()
    role = scope(browser)
    browser.visit(f"{role}/blueprint?minutes=90")
    fields = {"version": "1", "minutes": "90", "decider": str(team.ann.id), "title": "Spring", "contact": "a@b.example"}
    answer = browser.send(f"{role}/assessments", fields)
    page = browser.follow(answer).text
    assert "The assessment is ready" in page
    assert "Spring" in browser.visit("/assessments").text
    assert "Spring" in browser.visit(f"{role}/assessments").text
    made = answer.headers["location"]
    assert "Ann Okoro" in browser.visit(f"{made}/tasks").text
    closed = browser.follow(browser.send(f"{made}/close")).text
    assert "takes in no new candidates" in closed
    assert "takes in candidates again" in browser.follow(browser.send(f"{made}/reopen")).text


def test_hostile_words_of_a_job_description_are_inert(team: Team) -> None:
    browser = team.browser()
    hostile = LLM.replace("Senior LLM Engineer", "LLM Engineer <script>alert(1)</script> \u202egnp")
    role = scope(browser, hostile)
    for path in (role, f"{role}/blueprint", f"{role}/history", "/roles", "/"):
        page = browser.visit(path).text
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_who_may_do_what(team: Team) -> None:
    role = scope(team.browser())
    recruiter = team.browser(Access.RECRUITER)
    page = recruiter.visit(role)
    assert page.status_code == 200
    assert "/changes" not in page.text
    assert recruiter.send(f"{role}/archive").status_code == 403
    reviewer = team.browser(Access.REVIEWER)
    assert reviewer.visit(role).status_code == 403
    assert "Nothing waits for you" in reviewer.visit("/").text
    assert team.browser(Access.COMPLIANCE).visit("/").headers["location"] == "/compliance/log"


def test_another_organisation_finds_no_role(team: Team, house: House) -> None:
    role = scope(team.browser())
    _, eve = make_organisation(house, "Elsewhere")
    stranger = visitor(house, eve)
    stranger.visit("/roles")
    for path in (role, f"{role}/blueprint", f"{role}/history", f"{role}/assessments"):
        assert stranger.visit(path).status_code == 404
    assert stranger.send(f"{role}/archive").status_code == 404
