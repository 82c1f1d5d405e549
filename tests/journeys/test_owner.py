"""An owner comes by a printed link, lets a colleague in without any mail server, and takes the access away again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shipworthy.access import operations as access
from shipworthy.bootstrap import House
from shipworthy.letters.operations import send_due
from tests.support.browsers import served_house, window

PASSWORD = "four unusual words here"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house"), audiences=("sign_in",)) as served:
        yield served


def choose_password(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("The same again").fill(password)
    page.get_by_role("button", name="Set the password").click()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_an_owner_lets_a_colleague_in_and_takes_the_access_away(browser: Browser, house: House) -> None:
    with house.database.house_work() as work:
        _, owner = access.found_organisation(work, name="Northwind", owner_email="ann@northwind.example")
        welcome = access.welcome(work, owner, web_url=house.settings.web_url)
    with window(browser, house) as anns, window(browser, house) as bobs:
        page = anns.page
        page.goto(welcome)
        choose_password(page, "short")
        expect(page.get_by_label("Password", exact=True)).to_be_focused()
        choose_password(page)
        expect(page.get_by_text("Your password is set.")).to_be_visible()
        anns.go("/people")
        sign_in(page, "ann@northwind.example")
        expect(page.get_by_role("heading", name="People")).to_be_visible()

        page.get_by_role("link", name="Add a person").first.click()
        page.get_by_label("Name").fill("Bob Tanaka")
        page.get_by_label("Address").fill("bob@northwind.example")
        page.get_by_label("Recruiter").check()
        page.get_by_role("button", name="Add the person").click()
        expect(page.get_by_text("Bob Tanaka was added.")).to_be_visible()
        send_due(house.database, None)

        page.get_by_role("link", name="Letters", exact=True).click()
        page.get_by_role("link", name="Your access to Northwind in Shipworthy").first.click()
        link = page.locator(".letter .address").inner_text()
        bob = bobs.page
        bob.goto(link)
        expect(bob.get_by_role("heading", name="Welcome, Bob Tanaka")).to_be_visible()
        choose_password(bob)
        bobs.go("/account")
        sign_in(bob, "bob@northwind.example")
        expect(bob.get_by_role("heading", name="Your account")).to_be_visible()
        bob.goto(link)
        expect(bob.get_by_text("It was used already")).to_be_visible()
        expect(bob.get_by_role("link", name="Ask for a new link")).to_be_visible()

        page.get_by_role("link", name="People", exact=True).first.click()
        page.get_by_role("link", name="Bob Tanaka").click()
        page.get_by_role("button", name="Remove from the organisation").click()
        expect(page.get_by_text("Bob Tanaka was removed and is signed out.")).to_be_visible()
        bobs.go("/account")
        expect(bob.get_by_role("heading", name="Sign in")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Bob Tanaka is back")).to_be_visible()

        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You are signed out.")).to_be_visible()
        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
