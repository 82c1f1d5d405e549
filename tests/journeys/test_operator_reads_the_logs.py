"""An operator reads the logs of a day on which much happened, and learns nothing about anybody."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from shipworthy.access.entities import Access, Scope
from shipworthy.access.operations import add_person, ask_for_reset, make_api_token, person
from shipworthy.bootstrap import House
from shipworthy.core.logs import start_logs, stop_logs
from shipworthy.delivery.operations import known_device
from shipworthy.integrations.webhooks.entities import OFFERED, Delivery, Webhook
from shipworthy.integrations.webhooks.operations import NotDeliveredError, add_webhook, tell_webhooks
from shipworthy.letters.entities import Letter
from shipworthy.letters.errors import LetterNotSentError
from shipworthy.letters.operations import send_due
from shipworthy.web import security
from shipworthy.web.app import make_app
from shipworthy.web.security import DEVICE, cookie_name
from tests.support.candidates import Invitees, invitees_in, quick_catalogue
from tests.support.houses import fresh_house, visitor

NAME, EMAIL, CODE = "Zuzanna Wroclawska", "zuzanna@wroclawska.example", "SECRET_PROGRAM_TEXT"
FILE, PASSWORD, WRONG = "zuzannas-notes.py", "correct-horse-battery-9", "wrong-horse-battery-9"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    start_logs("json", stream)
    yield stream
    stop_logs()


class LostMail:
    """A mail server that refuses everybody, and says whom."""

    def send(self, letter: Letter) -> None:
        raise LetterNotSentError(f"550 no such user {letter.recipient}: {letter.body}", for_good=False)


class LostHook:
    """A webhook that answers with what it was sent."""

    def send(self, webhook: Webhook, delivery: Delivery) -> int:
        raise NotDeliveredError(f"no answer from {webhook.url} to {delivery.payload}, signed with {webhook.secret}")


def candidate_s_day(house: House, invitees: Invitees) -> list[str]:
    """Let a candidate come, work, and do some things wrong; return what is secret about it."""
    visit, device = invitees.arrive(EMAIL)
    invitees.agree(visit)
    (task, *_) = [each for each in invitees.tasks(known_device(invitees.database, device)) if not each.practice]
    app = make_app(house)

    @app.get("/breaks/{what}")
    def breaks(what: str) -> None:
        raise ValueError(f"{NAME} wrote {what}")

    browser = TestClient(app, base_url=house.settings.web_url, follow_redirects=False)
    browser.cookies.set(cookie_name(house.settings.web_url, DEVICE), device)
    headers = {security.HEADER: security._bound_to(device), "x-tab": "tab"}
    page = f"/session/tasks/{task.id}"
    assert browser.post(f"{page}/start", headers=headers).status_code == 303
    for path, revision in ((FILE, 0), ("../" + FILE, 1), (FILE, 0)):
        browser.post(f"{page}/changes/save", json={"revision": revision, "files": {path: CODE}}, headers=headers)
    browser.get(f"/c/{invitees.link(visit.invitation.id)}")
    browser.get(f"/c/{CODE}?q={EMAIL}")
    assert browser.get(f"/breaks/{EMAIL}").status_code == 500
    return [device, invitees.link(visit.invitation.id)]


def owner_s_day(house: House, organisation: UUID) -> list[str]:
    """Let an owner sign in wrongly, make a token and a webhook; return what is secret about it."""
    with house.database.unit_of_work(organisation) as work:
        owner = add_person(work, organisation, name=NAME, email="o" + EMAIL, accesses=frozenset({Access.OWNER}))
        owner = person(work, owner.id)
        _, token = make_api_token(work, owner, name=NAME, scopes=list(Scope))
        hook = add_webhook(work, owner, url=f"https://hooks.example.org/{CODE}", events=[tag.value for tag in OFFERED])
    guest = visitor(house)
    guest.visit("/sign-in")
    guest.send("/sign-in", {"email": "o" + EMAIL, "password": WRONG})
    ask_for_reset(house.database, "o" + EMAIL, web_url=house.settings.web_url)
    api = TestClient(make_app(house), base_url=house.settings.web_url)
    api.get(f"/api/v1/roles?cursor={EMAIL}", headers={"Authorization": f"Bearer {token}"})
    api.post("/api/v1/roles", json={"description": CODE, NAME: EMAIL}, headers={"Authorization": f"Bearer {token}"})
    return [token, hook.secret, WRONG]


def test_logs_of_a_day_hold_no_personal_data(tmp_path: Path, written: io.StringIO) -> None:
    catalogue = tmp_path / "catalogue"
    catalogue.mkdir()
    quick_catalogue(catalogue)
    with fresh_house(tmp_path / "data", catalogue=catalogue) as house:
        invitees = invitees_in(house.database, house.blobs, house.catalogue)
        secrets = owner_s_day(house, invitees.organisation) + candidate_s_day(house, invitees)
        send_due(house.database, LostMail())
        tell_webhooks(house.database, LostHook())
    text = written.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["event"] for line in lines} >= {"request.done", "request.failed", "web.fault", "webhook.failed"}
    for secret in (NAME, EMAIL, CODE, FILE, *NAME.split(), *secrets):
        assert secret not in text, secret
    assert not re.search(r"[\w.]+@[\w.]+", text)
