"""A candidate from the link to the report, with a reload, a lost connection and a second tab in the middle."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from shipworthy.bootstrap import House
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.entities import SessionEventKind, TaskState
from shipworthy.delivery.operations import known_device
from shipworthy.web.security import DEVICE, cookie_name
from tests.support.browsers import Window, served_house, window
from tests.support.candidates import RIGHT, Invitees, invitees_in, quick_catalogue
from tests.support.workers import prepared, workers

PROGRAM = RIGHT.decode()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    quick_catalogue(folder / "catalogue")
    prepared(folder / "data")
    with served_house(folder / "data", catalogue=folder / "catalogue", audiences=("candidate",)) as served:
        yield served


@pytest.fixture
def invitees(house: House) -> Invitees:
    return invitees_in(house.database, house.blobs, house.catalogue)


def ready(page: Page) -> None:
    """Wait until the page of a task has taken over."""
    expect(page.locator("[data-bench][data-ready=yes]")).to_be_visible()


def write(page: Page, text: str) -> None:
    """Replace what is in the editor."""
    page.locator("code-editor .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def saved(page: Page) -> None:
    expect(page.locator("[data-saving]")).to_have_text(re.compile("^Saved"), timeout=20_000)


def in_editor(page: Page) -> str:
    return str(page.evaluate("document.querySelector('code-editor').value"))


def arrive(seen: Window, invitees: Invitees) -> str:
    """Come by the letter's link and code as far as the tasks; return the link."""
    (invitation,) = invitees.invite("ann@example.org")
    link = f"/c/{invitees.link(invitation)}"
    page = seen.go(link)
    seen.check()
    page.get_by_role("button", name="Send me a code").click()
    seen.check()
    page.get_by_label("Six digits").fill(invitees.code(invitation))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Before you start")).to_be_visible()
    seen.check()
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Go on to the tasks").click()
    expect(page.get_by_role("heading", name="Your tasks")).to_be_visible()
    seen.check()
    return link


def begin(seen: Window, invitees: Invitees) -> Page:
    """Be at work on the task, without the way there."""
    visit, device = invitees.arrive()
    invitees.agree(visit)
    visit = known_device(invitees.database, device)
    task = invitees.start(visit)
    url = seen.house.settings.web_url
    seen.page.context.add_cookies([{"name": cookie_name(url, DEVICE), "value": device, "url": url}])
    seen.go(f"/session/tasks/{task.id}")
    ready(seen.page)
    return seen.page


def test_from_the_link_to_the_report(browser: Browser, house: House, invitees: Invitees, tmp_path: Path) -> None:
    with (
        workers(house, tmp_path, slots=1),
        window(browser, house, timezone_id="Asia/Tokyo", color_scheme="dark") as seen,
    ):
        arrive(seen, invitees)
        page = seen.page
        expect(page.get_by_text("JST").first).to_be_visible()
        page.get_by_role("link", name="Median of groups").click()
        seen.check()
        page.get_by_role("button", name="Start, and start the clock").click()
        ready(page)
        seen.check()
        page.get_by_label("New file").fill("medians.py")
        page.get_by_role("button", name="Add").click()
        expect(page.locator("code-editor")).to_be_visible()
        write(page, PROGRAM)
        page.keyboard.press("Control+s")
        saved(page)

        page.reload()
        ready(page)
        assert in_editor(page) == PROGRAM

        page.get_by_role("button", name="Run checks").click()
        expect(page.locator("[data-live]")).to_contain_text("passed:", timeout=90_000)
        expect(page.locator("[data-checks]")).to_contain_text("1 of 1 passed", timeout=30_000)
        seen.check()

        page.get_by_role("link", name="Hand in").click()
        seen.check()
        page.get_by_role("button", name="Hand in for good").click()
        expect(page.get_by_text("It waits to be judged")).to_be_visible()
        seen.check()
        seen.go("/session/report")
        for _ in range(60):
            if page.get_by_text("being judged").count() == 0:
                break
            page.wait_for_timeout(1000)
            page.reload()
        expect(page.get_by_text("4 of 4 looks at it came out well")).to_be_visible()
        expect(page.get_by_role("heading", name="What it says about you")).to_be_visible()
        seen.check()


def test_a_lost_connection_and_a_reload_cost_nothing(browser: Browser, house: House, invitees: Invitees) -> None:
    with window(browser, house) as seen:
        page = begin(seen, invitees)
        page.get_by_label("New file").fill("medians.py")
        page.get_by_role("button", name="Add").click()
        saved(page)
        page.context.set_offline(True)
        write(page, "typed while away\n")
        expect(page.locator("[data-saving]")).to_contain_text("kept in this browser", timeout=20_000)
        page.context.set_offline(False)
        saved(page)
        page.context.route("**/changes/save", lambda route: route.abort())
        write(page, "typed before the crash\n")
        expect(page.locator("[data-saving]")).to_contain_text("kept in this browser", timeout=20_000)
        address = page.url
        with suppress(Error):
            page.goto("chrome://crash")
        context = page.context
        page.close()
        context.unroute("**/changes/save")
        page = context.new_page()
        page.goto(address)
        ready(page)
        assert in_editor(page) == "typed before the crash\n"
        expect(page.get_by_text("What this browser had kept is back")).to_be_visible()
        saved(page)
        with house.database.unit_of_work(invitees.organisation) as work:
            task = delivery.session_tasks(work, known_device(house.database, _device(page, house)))[1]
            assert delivery.draft_of(work, task).files["medians.py"] == b"typed before the crash\n"
            kinds = {event.kind for event in delivery.timeline(work, task.session)}
        assert SessionEventKind.RECONNECTED in kinds


def test_a_second_tab_is_told_and_neither_version_is_lost(browser: Browser, house: House, invitees: Invitees) -> None:
    with window(browser, house) as seen:
        page = begin(seen, invitees)
        page.get_by_label("New file").fill("medians.py")
        page.get_by_role("button", name="Add").click()
        saved(page)
        other = page.context.new_page()
        other.goto(page.url)
        ready(other)
        expect(page.get_by_text("open in another tab too").first).to_be_visible()
        write(other, "from the other tab\n")
        saved(other)
        write(page, "from this tab\n")
        expect(page.get_by_role("heading", name="Saved elsewhere")).to_be_visible(timeout=20_000)
        expect(page.locator(".versions")).to_contain_text("from the other tab")
        expect(page.locator(".versions")).to_contain_text("from this tab")
        page.get_by_role("button", name="Go on with the other version").click()
        assert in_editor(page) == "from the other tab\n"
        page.get_by_role("button", name="Take the other one after all").click()
        saved(page)
        assert in_editor(page) == "from this tab\n"
        other.reload()
        ready(other)
        assert in_editor(other) == "from this tab\n"


def test_files_are_renamed_deleted_and_brought_back(browser: Browser, house: House, invitees: Invitees) -> None:
    with window(browser, house) as seen:
        page = begin(seen, invitees)
        page.get_by_label("New file").fill("draft.py")
        page.get_by_role("button", name="Add").click()
        saved(page)
        write(page, "kept = True\n")
        saved(page)
        page.get_by_role("button", name="Rename draft.py").click()
        page.get_by_label("New name of draft.py").fill("medians.py")
        page.keyboard.press("Enter")
        saved(page)
        page.get_by_role("button", name="Delete medians.py").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(page.get_by_text("medians.py was deleted.")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        saved(page)
        assert in_editor(page) == "kept = True\n"
        page.get_by_label("New file").fill("../out.py")
        page.get_by_role("button", name="Add").click()
        expect(page.locator("[data-name-fault]")).to_contain_text("leads out of the folder")
        expect(page.get_by_role("button", name="../out.py")).to_have_count(0)


def test_the_clock_warns_and_hands_in_when_time_is_over(browser: Browser, house: House, invitees: Invitees) -> None:
    with window(browser, house) as seen:
        page = begin(seen, invitees)
        page.get_by_label("New file").fill("medians.py")
        page.get_by_role("button", name="Add").click()
        saved(page)
        visit = known_device(house.database, _device(page, house))
        task = next(each for each in invitees.tasks(visit) if each.state is TaskState.RUNNING)
        invitees.let_time_pass(task, 19 * 60 - 4)
        page.reload()
        ready(page)
        expect(page.locator("[data-clock-says]")).to_have_text("One minute left.", timeout=15_000)
        invitees.let_time_pass(task, 3 * 60)
        page.reload()
        expect(page.get_by_text("Time ran out").first).to_be_visible()
        assert next(each for each in invitees.tasks(visit) if each.id == task.id).state is TaskState.CLOSED


def _device(page: Page, house: House) -> str:
    name = cookie_name(house.settings.web_url, DEVICE)
    return next(str(cookie.get("value")) for cookie in page.context.cookies() if cookie.get("name") == name)
