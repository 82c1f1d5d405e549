import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from shipworthy.access import links, passwords, signing_in
from shipworthy.bootstrap import House


@pytest.fixture(autouse=True)
def _fresh_limits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test begin with nothing tried, refusals come at once, and hashes take little."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(signing_in, "REFUSED_AFTER", 0.0)
    monkeypatch.setattr(links, "ANSWERED_AFTER", 0.0)
    with house.database.house_work() as work:
        work.execute(text("DELETE FROM throttle"))
