from shipworthy.access.entities import Access
from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.bootstrap import House
from shipworthy.integrations.webhooks import operations
from shipworthy.integrations.webhooks.entities import OFFERED, Delivery, Webhook
from tests.support.houses import make_organisation, make_person, visitor

HOSTILE = 'https://hooks.example.org/"><script>alert(1)</script>'


class Away:
    def send(self, webhook: Webhook, delivery: Delivery) -> int:
        raise operations.NotDeliveredError("The webhook did not answer (ConnectTimeout).")


def test_an_owner_adds_a_webhook_sees_a_failure_and_switches_it_off_and_on(house: House) -> None:
    _, owner = make_organisation(house)
    ann = visitor(house, owner)
    assert "No webhooks yet" in ann.visit("/webhooks").text
    ann.visit("/webhooks/new")
    added = ann.send("/webhooks/new", {"url": "https://hooks.example.org/x", "events": [OFFERED[0].value]})
    page = ann.follow(added)
    assert "whsec_" in page.text
    assert "Nothing was told yet" in page.text
    with house.database.unit_of_work(owner.organisation) as work:
        record(work, owner.organisation, OFFERED[0], actor="house", subject="candidate:x")
    operations.tell_webhooks(house.database, Away())
    page = ann.visit(added.headers["location"])
    assert "did not answer (ConnectTimeout)" in page.text
    with house.database.unit_of_work(owner.organisation) as work:
        (webhook,) = operations.webhooks(work)
        (delivery,) = operations.deliveries(work, webhook.id)
    assert ann.send(f"/webhooks/deliveries/{delivery.id}/again").status_code == 303
    off = ann.follow(ann.send(f"/webhooks/{webhook.id}/off"))
    assert "It has been off since" in off.text
    assert "It has been off since" not in ann.follow(ann.send(f"/webhooks/{webhook.id}/on")).text


def test_faulty_fields_are_kept_and_told(house: House) -> None:
    ann = visitor(house, make_organisation(house)[1])
    ann.visit("/webhooks/new")
    answer = ann.send("/webhooks/new", {"url": "ftp://x.example", "events": [OFFERED[0].value]})
    assert answer.status_code == 422
    assert "ftp://x.example" in answer.text
    assert "no https address" in answer.text
    assert ann.send("/webhooks/new", {"url": "https://x.example"}).status_code == 422


def test_an_address_is_inert_text(house: House) -> None:
    _, owner = make_organisation(house)
    ann = visitor(house, owner)
    ann.visit("/webhooks/new")
    page = ann.follow(ann.send("/webhooks/new", {"url": HOSTILE, "events": [Tag.WORKER_GRADING_DONE.value]}))
    assert page.status_code == 200
    assert "<script>alert" not in page.text + ann.visit("/webhooks").text


def test_webhooks_are_for_owners_of_their_organisation(house: House) -> None:
    organisation, owner = make_organisation(house)
    with house.database.unit_of_work(owner.organisation) as work:
        webhook = operations.add_webhook(work, owner, url="https://x.example/", events=[OFFERED[0].value])
    other = visitor(house, make_organisation(house)[1])
    other.visit("/webhooks")
    assert other.visit(f"/webhooks/{webhook.id}").status_code == 404
    assert other.send(f"/webhooks/{webhook.id}/off").status_code == 404
    recruiter = visitor(house, make_person(house, organisation, Access.RECRUITER))
    assert recruiter.visit("/webhooks").status_code == 403
    assert visitor(house).visit("/webhooks").status_code == 303
