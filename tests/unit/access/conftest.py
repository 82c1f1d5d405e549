from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from shipworthy.access import links, passwords, signing_in
from shipworthy.core import clock
from shipworthy.store.database import Database, open_database
from tests.support.databases import fresh_url


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        opened = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield opened
        opened.close()


class Watch:
    """A clock that tests turn."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def turn(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    turned = Watch(clock.now())
    monkeypatch.setattr(clock, "now", turned)
    return turned


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hashes take little; what they take otherwise has a test of its own."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let refusals come at once; what they take otherwise has a test of its own."""
    monkeypatch.setattr(signing_in, "REFUSED_AFTER", 0.0)
    monkeypatch.setattr(links, "ANSWERED_AFTER", 0.0)
