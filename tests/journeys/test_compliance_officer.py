"""A compliance officer proves in the browser that nobody changed what happened, and takes the log along."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from shipworthy.access.entities import Access, Organisation
from shipworthy.audit import operations as audit
from shipworthy.audit.tags import Tag
from shipworthy.bootstrap import House
from tests.support.browsers import served_house, window
from tests.support.houses import make_organisation, make_person


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_house(tmp_path_factory.mktemp("house"), audiences=("compliance",)) as served:
        yield served


def something_happened(house: House, organisation: Organisation, gradings: int) -> None:
    with house.database.unit_of_work(organisation.id) as work:
        for number in range(gradings):
            audit.record(
                work,
                organisation.id,
                Tag.WORKER_GRADING_DONE,
                actor="worker:0f5c",
                subject=f"session:{number:04d}",
                details={"passed": number, "text": "<img src=x onerror=alert(1)>"},
            )


def test_the_log_is_searched_verified_step_by_step_and_exported(
    browser: Browser, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shipworthy.web.compliance.routes.STEP", 40)
    organisation, _ = make_organisation(house)
    grace = make_person(house, organisation, Access.COMPLIANCE, name="Grace Mbeki")
    something_happened(house, organisation, 120)
    with window(browser, house, grace, accept_downloads=True) as desk:
        page = desk.go("/compliance/log")
        expect(page.get_by_role("heading", name="Audit log")).to_be_visible()
        desk.check()

        page.get_by_label("What").select_option("worker:")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("row")).to_have_count(51)
        page.get_by_role("link", name="Older").click()
        page.get_by_text("Details").first.click()
        expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
        desk.check()
        page.get_by_role("link", name="Session 0069").click()
        expect(page.get_by_role("row")).to_have_count(2)

        page.get_by_role("link", name="What events mean").click()
        expect(page.get_by_text("A candidate was invited to an assessment.")).to_be_visible()
        desk.check()

        page.get_by_role("link", name="Verify").click()
        desk.check()
        page.get_by_role("button", name="Verify now").click()
        expect(page.get_by_text("The log holds.")).to_be_visible()
        head = page.locator("dd code").inner_text()
        desk.check()
        page.get_by_label("Head hash that you kept").fill(head)
        page.get_by_role("button", name="Verify now").click()
        expect(page.get_by_text("what was there then is still there")).to_be_visible()

        page.get_by_role("link", name="Events", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export as JSON lines").click()
        download.value.save_as(tmp_path / "log.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    assert head in {line["hash"] for line in lines}
    assert lines[-1]["tag"] == "compliance:log:exported"


def test_an_empty_question_and_a_lost_server_are_told(browser: Browser, house: House) -> None:
    organisation, _ = make_organisation(house)
    grace = make_person(house, organisation, Access.COMPLIANCE)
    with window(browser, house, grace) as desk:
        page = desk.go("/compliance/log?subject=nothing")
        expect(page.get_by_role("heading", name="No event fits")).to_be_visible()
        desk.check()
        desk.go("/compliance/verification")
        page.context.set_offline(True)
        page.get_by_role("button", name="Verify now").click()
        expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
