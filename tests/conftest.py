"""Property tests state what holds, not how fast: a busy machine must not fail them. One browser serves a whole run."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("shipworthy", deadline=None)
settings.load_profile("shipworthy")


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Return Chromium, started when the first test wants it."""
    from tests.support.browsers import opened_browser  # noqa: PLC0415 - most runs open no browser

    with opened_browser() as opened:
        yield opened
