"""A real browser to test with, and houses that are served to it."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from shipworthy.access.entities import Person
from shipworthy.bootstrap import House
from shipworthy.web.app import make_app
from shipworthy.web.security import SIGN_IN, cookie_name
from tests.support.houses import fresh_house, sign_in_token

CHROMIUM = "/usr/bin/chromium"
LONGEST_MS = 15_000
expect.set_options(timeout=LONGEST_MS)
NARROW, WIDE = {"width": 360, "height": 800}, {"width": 1280, "height": 900}


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Start Debian's Chromium; one for many tests is enough, since every person gets a window without a past."""
    with sync_playwright() as driver:
        browser = _launched(driver)
        yield browser
        browser.close()


def _launched(driver: Playwright) -> Browser:
    # The sandbox of Chromium needs an ordinary user, and only pages of ours are opened here.
    return driver.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False)


@contextmanager
def served_house(
    folder: Path, *, catalogue: Path | None = None, audiences: Sequence[str] | None = None, shows_style: bool = False
) -> Iterator[House]:
    """Serve a house of its own, with the pages of these audiences or of all; its `settings.web_url` says where."""
    chosen = {} if audiences is None else {"audiences": audiences}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        web_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with (
            fresh_house(folder, web_url=web_url, catalogue=catalogue) as house,
            _served(make_app(house, shows_style=shows_style, **chosen), listener),
        ):
            yield house


@contextmanager
def _served(app: FastAPI, listener: socket.socket) -> Iterator[None]:
    settings = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    patience = monotonic() + 30
    while not server.started and monotonic() < patience:
        sleep(0.02)
    yield
    server.should_exit = True
    thread.join(timeout=15)


@dataclass
class Window:
    """Somebody's browser window, which remembers what a page complained about."""

    house: House
    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Page:
        """Open a page of the house."""
        self.page.goto(self.house.settings.web_url + path)
        return self.page

    def check(self) -> None:
        """Expect a page that anybody can use, with nothing cut off and nothing refused by its own policy."""
        assert not self.complaints, self.complaints
        self.page.evaluate("document.activeElement?.blur()")
        faults = [fault for fault in _axe_faults(self.page) if fault]
        assert not faults, "\n".join(faults)
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            hidden = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert hidden <= 0, f"{self.page.url} is {hidden} pixels wider than a window of {size['width']}"

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({self.page.url})")


@contextmanager
def window(browser: Browser, house: House, person: Person | None = None, **options: Any) -> Iterator[Window]:
    """Open a window for somebody who is signed in, or for a visitor."""
    context = browser.new_context(**({"viewport": WIDE} | options))
    context.set_default_timeout(LONGEST_MS)
    if person:
        _sign_in(context, house, person)
    yield Window(house, context.new_page())
    context.close()


def _sign_in(context: BrowserContext, house: House, person: Person) -> None:
    url = house.settings.web_url
    context.add_cookies([{"name": cookie_name(url, SIGN_IN), "value": sign_in_token(house, person), "url": url}])


@cache
def _axe() -> Any:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - reads half a megabyte

    return Axe()


def _axe_faults(page: Page) -> list[str]:
    found = _axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url}: {fault['id']}: {fault['help']}: " + "; ".join(str(node["html"])[:160] for node in fault["nodes"])
        for fault in found
    ]
