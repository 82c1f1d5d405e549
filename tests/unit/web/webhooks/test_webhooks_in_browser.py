"""The pages of webhooks can be used by anybody, in both themes and in every state."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from shipworthy.audit.operations import record
from shipworthy.bootstrap import House
from shipworthy.integrations.webhooks import operations
from shipworthy.integrations.webhooks.entities import OFFERED, Delivery, Webhook
from tests.support.browsers import Window, served_house, window
from tests.support.houses import make_organisation

LONG = "https://hooks.example.org/" + "a-very-long-path-without-any-place-to-break/" * 3


class Receiver:
    """Takes one delivery, and refuses the others."""

    def __init__(self) -> None:
        self._statuses = iter([200, 503])

    def send(self, webhook: Webhook, delivery: Delivery) -> int:
        status = next(self._statuses, 0)
        if status == 0:
            raise operations.NotDeliveredError("The webhook did not answer (ConnectTimeout).")
        return status


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house"), audiences=("webhooks",)) as house:
        yield house


@pytest.fixture(params=["light", "dark"])
def ann(request: pytest.FixtureRequest, browser: Browser, served: House) -> Iterator[Window]:
    _, owner = make_organisation(served)
    with window(browser, served, owner, color_scheme=request.param) as opened:
        yield opened


def test_an_owner_adds_one_and_sees_what_became_of_each_event(ann: Window) -> None:
    page = ann.go("/webhooks")
    ann.check()
    page.get_by_role("link", name="Add a webhook").click()
    ann.check()
    page.get_by_label("Address").fill(LONG)
    page.get_by_role("button", name="Add the webhook").click()
    expect(page.get_by_text("Nothing was told yet")).to_be_visible()
    page.get_by_text("The secret that deliveries are signed with").click()
    ann.check()
    let_things_happen(ann.house)
    page.reload()
    expect(page.get_by_text("Delivered", exact=True)).to_be_visible()
    expect(page.get_by_text("Given up", exact=True)).to_be_visible()
    ann.check()
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("It has been off since")).to_be_visible()
    ann.check()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The webhook is on.")).to_be_visible()
    ann.go("/webhooks")
    ann.check()


def let_things_happen(house: House) -> None:
    """Let three events be told: one is taken, one refused, one given up."""
    with house.database.house_work() as work:
        newest = "SELECT organisation_id FROM webhook ORDER BY created_at DESC LIMIT 1"
        organisation = work.scalars(text(newest)).one()
        others = "UPDATE webhook SET disabled_at = now() WHERE organisation_id <> :own"
        work.execute(text(others), {"own": organisation})
    for _ in range(3):
        with house.database.unit_of_work(organisation) as work:
            record(work, organisation, OFFERED[0], actor="house", subject="candidate:x")
    operations.tell_webhooks(house.database, Receiver())
    with house.database.house_work() as work:
        given_up = "UPDATE webhook_delivery SET state = 'failed', next_at = NULL WHERE fault LIKE '%ConnectTimeout%'"
        work.execute(text(given_up))
