import pytest
from sqlalchemy import text

from shipworthy.access import signing_in
from shipworthy.bootstrap import House


@pytest.fixture(autouse=True)
def _fresh_limits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test begin with nothing tried, and refusals come at once."""
    monkeypatch.setattr(signing_in, "REFUSED_AFTER", 0.0)
    with house.database.house_work() as work:
        work.execute(text("DELETE FROM throttle"))
