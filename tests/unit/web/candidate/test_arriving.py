from datetime import timedelta

import pytest

from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.entities import Guest, InvitationState
from shipworthy.web.app import make_app
from tests.support.candidates import WEB, Invitees
from tests.support.houses import Visitor
from tests.unit.web.candidate.conftest import Candidate


@pytest.fixture
def browser(house: House) -> Visitor:
    return Visitor(make_app(house, audiences=("candidate",)))


def confirmed(browser: Visitor, invitees: Invitees, email: str = "ann@example.org") -> str:
    """Arrive by the letter's link and code; return the link's token."""
    (invitation,) = invitees.invite(email)
    token = invitees.link(invitation)
    browser.visit(f"/c/{token}")
    asked = browser.send(f"/c/{token}/code")
    browser.follow(asked)
    answer = browser.send(f"/c/{token}/confirm", {"code": invitees.code(invitation)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/session")
    browser.follow(answer)
    return token


def test_the_link_says_what_will_happen_and_starts_nothing(browser: Visitor, invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    page = browser.visit(f"/c/{invitees.link(invitation)}")
    for words in (
        "20&nbsp;min",
        "Median of groups",
        "Ada Byron",
        "people@northwind.example",
        "Not recorded",
        "AI tools",
    ):
        assert words in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert invitees.invitation(invitation).state is InvitationState.INVITED


def test_link_code_and_consent_lead_to_the_tasks(browser: Visitor, invitees: Invitees) -> None:
    confirmed(browser, invitees)
    assert "Tick the box" in browser.send("/session/consent", {"time_zone": "Europe/Berlin"}).text
    answer = browser.send("/session/consent", {"agreed": "yes", "time_zone": "Asia/Tokyo"})
    page = browser.follow(answer)
    assert "Practice" in page.text
    assert "JST" in page.text


def test_a_zone_that_there_is_not_is_taken_for_utc(browser: Visitor, invitees: Invitees) -> None:
    confirmed(browser, invitees)
    page = browser.follow(browser.send("/session/consent", {"agreed": "yes", "time_zone": "../../etc/passwd"}))
    assert "UTC" in page.text


@pytest.mark.parametrize("path", ["/c/x", "/c/x/code", "/c/" + "A" * 43])
def test_a_forged_link_is_told_so(browser: Visitor, path: str) -> None:
    page = browser.visit(path)
    assert page.status_code == 404
    assert "leads nowhere" in page.text


def test_a_code_is_used_once_and_wrong_ones_are_told(browser: Visitor, invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    token = invitees.link(invitation)
    browser.visit(f"/c/{token}")
    browser.send(f"/c/{token}/code")
    code = invitees.code(invitation)
    wrong = browser.send(f"/c/{token}/confirm", {"code": "12345<script>"})
    assert wrong.status_code == 422
    assert "Tries left: 4" in wrong.text
    assert "<script>" not in wrong.text.replace("<script src=", "")
    assert browser.send(f"/c/{token}/confirm", {"code": code}).status_code == 303
    browser.visit("/session")
    replayed = browser.send(f"/c/{token}/confirm", {"code": code})
    assert replayed.status_code == 422
    assert "no code that still works" in replayed.text


def test_pages_of_others_cannot_ask_for_codes_or_consent(browser: Visitor, invitees: Invitees) -> None:
    token = confirmed(browser, invitees)
    for path in (f"/c/{token}/code", "/session/consent", "/session/withdraw"):
        browser.token = "forged"
        assert browser.send(path, {"agreed": "yes"}).status_code == 403


def test_without_a_device_every_page_says_how_to_come_back(browser: Visitor) -> None:
    for path in ("/session", "/session/report", "/session/withdraw", "/session/tasks/x"):
        page = browser.visit(path)
        assert page.status_code == 403
        assert "Open the link from your letter" in page.text


def test_another_machine_takes_over_by_link_and_code(
    browser: Visitor, candidate: Candidate, house: House, invitees: Invitees
) -> None:
    place = candidate.start()
    wanted = candidate.visit.invitation.id
    token = invitees.link(wanted)
    browser.visit(f"/c/{token}")
    browser.send(f"/c/{token}/code")
    browser.send(f"/c/{token}/confirm", {"code": invitees.code(wanted)})
    assert "medians.py" in browser.visit(place).text
    gone = candidate.browser.visit(place)
    assert gone.status_code == 403
    assert "another one" in gone.text


@pytest.mark.parametrize(("state", "words"), [("cancelled", "taken back"), ("expired", "has expired")])
def test_a_shut_invitation_says_so_and_sends_no_code(
    browser: Visitor, invitees: Invitees, state: str, words: str
) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    token = invitees.link(invitation)
    if state == "expired":
        invitees.end_invitation(invitation)
    else:
        with invitees.database.unit_of_work(invitees.organisation) as work:
            delivery.cancel(work, invitation, actor="person:1")
    assert words in browser.visit(f"/c/{token}").text
    assert browser.send(f"/c/{token}/code").status_code == 409


def test_whoever_withdraws_is_forgotten_on_this_device(candidate: Candidate) -> None:
    assert "Withdraw for good" in candidate.browser.visit("/session/withdraw").text
    assert "You withdrew" in candidate.browser.send("/session/withdraw").text
    assert candidate.browser.visit("/session").status_code == 403


def test_hostile_names_are_inert_wherever_they_are_shown(browser: Visitor, invitees: Invitees) -> None:
    guest = Guest(1, "<img src=x onerror=alert(1)>{{7*7}}", "eve@example.org")
    with invitees.database.unit_of_work(invitees.organisation) as work:
        invited = delivery.invite(
            work,
            invitees.organisation,
            assessment=invitees.assessment,
            guests=[guest],
            actor="house",
            web_url=WEB,
            expires_at=clock.now() + timedelta(days=1),
        )
    page = browser.visit(f"/c/{invitees.link(invited.invitations[0])}")
    assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}" in page.text
