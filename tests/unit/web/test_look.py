"""Every part of the look, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from shipworthy.bootstrap import House
from tests.support.browsers import Window, served_house, window
from tests.support.houses import make_organisation


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house"), audiences=(), shows_style=True) as house:
        yield house


@pytest.fixture(params=["light", "dark"])
def seen(request: pytest.FixtureRequest, browser: Browser, served: House) -> Iterator[Window]:
    _, ann = make_organisation(served)
    with window(browser, served, ann, color_scheme=request.param) as opened:
        opened.go("/style")
        yield opened


def test_every_part_can_be_used_by_anybody_in_both_themes(seen: Window) -> None:
    seen.check()


def test_a_dialog_opens_takes_the_focus_and_closes_with_escape(seen: Window) -> None:
    seen.page.get_by_role("button", name="Invite candidates").first.click()
    dialog = seen.page.get_by_role("dialog", name="Invite candidates?")
    expect(dialog).to_be_visible()
    seen.check()
    seen.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_tabs_are_walked_with_arrows(seen: Window) -> None:
    seen.page.get_by_role("tab", name="Brief").focus()
    seen.page.keyboard.press("ArrowRight")
    expect(seen.page.get_by_role("tab", name="Output")).to_be_focused()
    expect(seen.page.get_by_text("passed 3 of 4")).to_be_visible()


def test_the_keyboard_reaches_the_content_past_the_head(seen: Window) -> None:
    seen.page.keyboard.press("Tab")
    expect(seen.page.get_by_role("link", name="Skip to content")).to_be_focused()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "content"


def test_what_was_done_can_be_taken_back_from_the_notice(seen: Window) -> None:
    seen.page.get_by_role("button", name="Save").click()
    seen.page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(seen.page.get_by_text("The three invitations are open again.")).to_be_visible()
