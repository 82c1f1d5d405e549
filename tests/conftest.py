"""Property tests state what holds, not how fast: a busy machine must not fail them. Browsers start when wanted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("shipworthy", deadline=None)
settings.load_profile("shipworthy")


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Return Chromium, started when the first test of a module wants it.

    As long as it is open, this thread has a running event loop: with one browser for the whole run, no test that comes
    after could run a loop of its own.
    """
    from tests.support.browsers import opened_browser  # noqa: PLC0415 - most runs open no browser

    with opened_browser() as opened:
        yield opened
