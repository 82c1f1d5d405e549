"""Every page of sign-in, people, tokens and letters can be used by anybody, in both themes and at every width."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from shipworthy.access import operations as access
from shipworthy.access.entities import Access, IdentityProvider, LinkPurpose, Organisation, Person, Scope
from shipworthy.bootstrap import House
from shipworthy.letters.operations import send_due, write
from tests.support.browsers import served_house, window
from tests.support.houses import make_organisation, make_person
from tests.support.identity_providers import CLIENT_ID, CLIENT_SECRET, small_provider

PASSWORD = "four unusual words here"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house"), audiences=("sign_in",)) as served:
        yield served


@dataclass(frozen=True)
class World:
    """An organisation with everything that these pages show."""

    house: House
    organisation: Organisation
    owner: Person
    colleague: Person
    gone: Person
    letter: UUID

    def link(self, purpose: LinkPurpose) -> str:
        """Make a link for the colleague."""
        with self.house.database.unit_of_work(self.organisation.id) as work:
            return access.make_link(work, self.colleague, purpose)


@pytest.fixture(scope="module")
def world(house: House) -> World:
    organisation, owner = make_organisation(house)
    colleague = make_person(house, organisation, Access.RECRUITER, name="Évelyne de la Rochefoucauld-Montbel")
    gone = make_person(house, organisation, Access.COMPLIANCE, name="Grace Okafor")
    with house.database.unit_of_work(organisation.id) as work:
        access.remove_person(work, gone.id, by=owner.actor)
        access.set_identity_provider(work, organisation.id, IdentityProvider("https://id.example", "shipworthy"))
        for name in ("Applicant tracking", "Nightly export"):
            token, _ = access.make_api_token(work, owner, name=name, scopes=list(Scope))
        access.revoke_api_token(work, token.id, by=owner)
        letter = write(
            work,
            organisation.id,
            recipient="zoe@example.org",
            title="Your invitation",
            body="Hello Zoë,\n\nopen http://127.0.0.1/c/s3cr3t\n",
            about="invitation:1",
            secret="s3cr3t",
        )
    send_due(house.database, None)
    return World(house, organisation, owner, colleague, gone, letter)


PAGES: dict[str, Callable[[World], str]] = {
    "people": lambda world: "/people",
    "a person": lambda world: f"/people/{world.colleague.id}",
    "somebody removed": lambda world: f"/people/{world.gone.id}",
    "a new person": lambda world: "/people/new",
    "tokens": lambda world: "/tokens",
    "a new token": lambda world: "/tokens/new",
    "letters": lambda world: "/letters",
    "no letters": lambda world: "/letters?state=failed",
    "a letter": lambda world: f"/letters/{world.letter}",
    "the account": lambda world: "/account",
}
OPEN_PAGES: dict[str, Callable[[World], str]] = {
    "sign-in": lambda world: "/sign-in",
    "sign-in of an organisation": lambda world: f"/sign-in/{world.organisation.slug}",
    "a forgotten password": lambda world: "/forgotten",
    "a welcome": lambda world: f"/welcome/{world.link(LinkPurpose.WELCOME)}",
    "a reset": lambda world: f"/reset/{world.link(LinkPurpose.RESET)}",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_people_who_are_signed_in(browser: Browser, world: World, name: str, theme: str) -> None:
    with window(browser, world.house, world.owner, color_scheme=theme) as seen:
        seen.go(PAGES[name](world))
        expect(seen.page.get_by_role("heading", level=1)).to_be_visible()
        seen.check()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", OPEN_PAGES)
def test_pages_of_visitors(browser: Browser, world: World, name: str, theme: str) -> None:
    with window(browser, world.house, color_scheme=theme) as seen:
        seen.go(OPEN_PAGES[name](world))
        expect(seen.page.get_by_role("heading", level=1)).to_be_visible()
        seen.check()


def test_sign_in_works_with_the_keyboard_alone_and_tells_what_is_wrong(browser: Browser, world: World) -> None:
    access.set_password(world.house.database, world.link(LinkPurpose.RESET), PASSWORD)
    with window(browser, world.house) as seen:
        page = seen.go("/sign-in?next=/account")
        type_in(page, world.colleague.email, "wrong")
        expect(page.get_by_role("alert").filter(has_text="do not fit")).to_be_visible()
        expect(page.get_by_label("Password")).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_the_company_account_leads_there_and_back(browser: Browser, house: House) -> None:
    with small_provider() as provider, window(browser, house) as seen:
        organisation, owner = make_organisation(house, "Contoso")
        provider.account = {"email": owner.email, "email_verified": True}
        with house.database.unit_of_work(organisation.id) as work:
            identity = IdentityProvider(provider.issuer, CLIENT_ID, CLIENT_SECRET)
            access.set_identity_provider(work, organisation.id, identity)
        page = seen.go(f"/sign-in/{organisation.slug}")
        page.get_by_role("link", name="Sign in with your company account").click()
        page.wait_for_url(f"{house.settings.web_url}/")
        seen.go("/account")
        expect(page.get_by_text(owner.email)).to_be_visible()


def type_in(page: Page, email: str, password: str) -> None:
    expect(page.get_by_label("Address")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_a_token_is_revoked_after_a_question(browser: Browser, world: World) -> None:
    with window(browser, world.house, world.owner) as seen:
        page = seen.go("/tokens/new")
        page.get_by_label("Name").fill("Trial")
        page.get_by_label("roles:read").check()
        page.get_by_role("button", name="Make the token").click()
        expect(page.get_by_label("Token", exact=True)).to_have_value(re.compile("^shipworthy_"))
        seen.check()
        page.get_by_role("link", name="I have copied it").click()
        page.get_by_role("button", name="Revoke Trial").click()
        dialog = page.get_by_role("dialog", name="Revoke Trial?")
        seen.check()
        dialog.get_by_role("button", name="Revoke").click()
        expect(page.get_by_text("The token was revoked.")).to_be_visible()
