"""The editor in a real browser, and that its committed bundle is the one of its sources."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from shipworthy import web
from shipworthy.bootstrap import House
from tests.support.browsers import Window, served_house, window

HOME = Path(web.__file__).parent
BUNDLE = HOME / "static" / "vendor" / "editor"


def test_the_bundle_was_built_from_the_present_sources() -> None:
    digest = hashlib.sha256()
    for path in sorted(path for path in (HOME / "editor").iterdir() if path.suffix in {".js", ".json"}):
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    assert (BUNDLE / "SOURCE.txt").read_text("utf-8").strip() == digest.hexdigest(), "run make editor"


def test_every_package_in_the_bundle_is_named_with_its_licence() -> None:
    text = (BUNDLE / "LICENSES.txt").read_text("utf-8")
    wanted = set(
        re.findall(r'"(@(?:codemirror|lezer)/[a-z-]+)": "', (HOME / "editor" / "package.json").read_text("utf-8"))
    )
    named = dict(re.findall(r"^(@?[\w/.-]+) [\w.]+ \(([\w.-]+)\)$", text, re.MULTILINE))
    assert wanted <= set(named)
    assert set(named.values()) == {"MIT"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house"), audiences=(), shows_style=True) as house:
        yield house


@pytest.fixture
def seen(browser: Browser, served: House) -> Iterator[Window]:
    with window(browser, served) as opened:
        opened.go("/style")
        yield opened


def value_of(seen: Window) -> str:
    return str(seen.page.locator("code-editor").evaluate("editor => editor.value"))


def set_value(seen: Window, text: str) -> None:
    seen.page.locator("code-editor").evaluate("(editor, text) => { editor.value = text; }", text)


def text_box(seen: Window) -> Locator:
    return seen.page.get_by_role("textbox", name="The program train.py")


def test_it_says_what_it_is_and_how_to_leave_it(seen: Window) -> None:
    expect(text_box(seen)).to_have_accessible_description(re.compile("press Escape and then Tab"))
    expect(text_box(seen)).to_have_attribute("aria-multiline", "true")


def test_a_form_sends_what_was_written(seen: Window) -> None:
    text_box(seen).click()
    seen.page.keyboard.press("ControlOrMeta+Home")
    seen.page.keyboard.type("# mine\n")
    with seen.page.expect_request("**/style/done") as sent:
        seen.page.get_by_role("button", name="Keep").click()
    assert "content=%23+mine%0D%0Aimport+json" in str(sent.value.post_data)


def test_tab_indents_and_escape_then_tab_leaves(seen: Window) -> None:
    text_box(seen).focus()
    seen.page.keyboard.press("ControlOrMeta+Home")
    seen.page.keyboard.press("Tab")
    assert value_of(seen).startswith("    import json")
    seen.page.keyboard.press("Escape")
    seen.page.keyboard.press("Tab")
    expect(seen.page.get_by_role("button", name="Keep")).to_be_focused()


def test_the_language_is_highlighted_within_the_policy_of_the_page(seen: Window) -> None:
    keyword = seen.page.locator("code-editor .cm-line span").first
    expect(keyword).to_have_text("import")
    expect(keyword).to_have_css("color", "rgb(122, 46, 142)")
    seen.check()


def test_a_new_text_has_no_past(seen: Window) -> None:
    set_value(seen, "other")
    text_box(seen).focus()
    seen.page.keyboard.press("ControlOrMeta+z")
    assert value_of(seen) == "other"


def test_what_hides_in_a_text_is_shown_and_markup_is_text(seen: Window) -> None:
    set_value(seen, "a\u202eb <img src=x onerror=alert(1)>")
    expect(seen.page.locator("code-editor .cm-specialChar")).to_have_count(1)
    expect(text_box(seen)).to_contain_text("<img src=x onerror=alert(1)>")


def test_a_file_that_is_only_to_be_read_cannot_be_changed(seen: Window) -> None:
    seen.page.locator("code-editor").evaluate("editor => editor.setAttribute('readonly', '')")
    before = value_of(seen)
    text_box(seen).focus()
    seen.page.keyboard.type("x")
    assert value_of(seen) == before


def test_without_scripts_a_plain_text_area_is_there(browser: Browser, served: House) -> None:
    with window(browser, served, java_script_enabled=False) as opened:
        opened.go("/style")
        expect(opened.page.locator("textarea[name=content]")).to_be_visible()
