import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import pytest
from sqlalchemy import text

from shipworthy.access.entities import Person
from shipworthy.audit.operations import record, search, verify
from shipworthy.audit.repository import Search
from shipworthy.audit.tags import Tag
from shipworthy.bootstrap import House
from shipworthy.core.canonical import canonical_bytes
from shipworthy.integrations.errors import BadWebhookError
from shipworthy.integrations.webhooks import operations
from shipworthy.integrations.webhooks.entities import Delivery, DeliveryState, Webhook
from shipworthy.integrations.webhooks.operations import NotDeliveredError
from shipworthy.integrations.webhooks.rules import WAITS, read_networks, signed_headers
from shipworthy.integrations.webhooks.sending import HttpSender
from tests.support.houses import fresh_house, make_organisation

DONE, HANDED_IN = Tag.WORKER_GRADING_DONE, Tag.CANDIDATE_SUBMISSION_HANDED_IN


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with fresh_house(tmp_path_factory.mktemp("house")) as made:
        yield made


@dataclass
class Taker:
    """A webhook that takes everything, or what it is told to."""

    answers: list[int] = field(default_factory=list)
    taken: list[Delivery] = field(default_factory=list)

    def send(self, webhook: Webhook, delivery: Delivery) -> int:
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            raise NotDeliveredError("The webhook did not answer (ConnectTimeout).")
        self.taken.append(delivery)
        return status


@pytest.fixture
def owner(house: House) -> Person:
    with house.database.house_work() as work:
        work.execute(text("UPDATE webhook SET disabled_at = now()"))
    return make_organisation(house)[1]


def add(house: House, owner: Person, *tags: Tag, url: str = "https://hooks.example.org/x") -> Webhook:
    with house.database.unit_of_work(owner.organisation) as work:
        return operations.add_webhook(work, owner, url=url, events=[tag.value for tag in tags or (DONE, HANDED_IN)])


def happen(house: House, owner: Person, tag: Tag = DONE, **details: str) -> None:
    with house.database.unit_of_work(owner.organisation) as work:
        record(work, owner.organisation, tag, actor="house", subject=f"candidate:{uuid4()}", details=details)


def told(house: House, webhook: Webhook) -> list[Delivery]:
    with house.database.unit_of_work(webhook.organisation) as work:
        return operations.deliveries(work, webhook.id)


def let_time_pass(house: House) -> None:
    with house.database.house_work() as work:
        work.execute(text("UPDATE webhook_delivery SET next_at = now() - interval '1 second' WHERE state = 'waiting'"))


def test_a_webhook_is_told_what_it_asked_for_from_then_on_and_once(house: House, owner: Person) -> None:
    happen(house, owner)
    webhook, taker = add(house, owner, DONE), Taker()
    happen(house, owner, DONE, grading="1")
    happen(house, owner, HANDED_IN)
    happen(house, owner, DONE, grading="2")
    for _ in range(3):
        operations.tell_webhooks(house.database, taker)
    assert [each.payload["data"]["details"] for each in taker.taken] == [{"grading": "1"}, {"grading": "2"}]
    assert {each.state for each in told(house, webhook)} == {DeliveryState.DELIVERED}
    payload = taker.taken[0].payload
    assert (payload["type"], payload["data"]["organisation"]) == (DONE.value, str(owner.organisation))


def test_another_organisation_s_events_are_not_told(house: House, owner: Person) -> None:
    webhook, taker = add(house, owner), Taker()
    happen(house, make_organisation(house)[1])
    operations.tell_webhooks(house.database, taker)
    assert told(house, webhook) == []


def test_many_who_note_at_once_note_everything_once(house: House, owner: Person) -> None:
    webhook = add(house, owner)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(30):
            pool.submit(happen, house, owner)
            pool.submit(operations.note_events, house.database)
    while operations.note_events(house.database):
        pass
    numbers = [each.event_number for each in told(house, webhook)]
    assert len(numbers) == len(set(numbers)) == 30


def test_many_who_deliver_at_once_deliver_once(house: House, owner: Person) -> None:
    add(house, owner)
    for _ in range(12):
        happen(house, owner)
    operations.note_events(house.database)
    taker = Taker()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: operations.deliver_due(house.database, taker, limit=4), range(8)))
    assert len(taker.taken) == len({each.id for each in taker.taken}) == 12


def test_a_failure_is_tried_again_with_growing_waits_and_told_in_words(house: House, owner: Person) -> None:
    webhook, taker = add(house, owner), Taker(answers=[0, 500, 302])
    happen(house, owner)
    for attempts, fault in ((1, "did not answer"), (2, "status 500"), (3, "status 302")):
        operations.tell_webhooks(house.database, taker)
        (delivery,) = told(house, webhook)
        assert (delivery.attempts, delivery.state) == (attempts, DeliveryState.WAITING)
        assert fault in delivery.fault
        assert operations.deliver_due(house.database, taker) == 0
        let_time_pass(house)
    operations.deliver_due(house.database, taker)
    assert told(house, webhook)[0].state is DeliveryState.DELIVERED


def test_who_takes_nothing_for_a_day_is_switched_off_and_gets_all_of_it_later(house: House, owner: Person) -> None:
    webhook, taker = add(house, owner), Taker(answers=[0] * (len(WAITS) + 1))
    happen(house, owner)
    for _ in range(len(WAITS) + 1):
        operations.tell_webhooks(house.database, taker)
        let_time_pass(house)
    assert told(house, webhook)[0].state is DeliveryState.FAILED
    with house.database.unit_of_work(owner.organisation) as work:
        assert operations.webhook(work, webhook.id).disabled_at
        assert search(work, Search(tag=Tag.HOUSE_WEBHOOK_DISABLED.value))
        assert verify(work, owner.organisation).holds
    happen(house, owner)
    assert operations.tell_webhooks(house.database, taker) == 0
    with house.database.unit_of_work(owner.organisation) as work:
        operations.switch(work, webhook.id, on=True, by=owner)
        operations.deliver_again(work, told(house, webhook)[0].id)
    operations.tell_webhooks(house.database, taker)
    assert len(taker.taken) == 2


def test_a_sender_that_was_killed_leaves_it_to_the_next(house: House, owner: Person) -> None:
    class Killed(Taker):
        def send(self, webhook: Webhook, delivery: Delivery) -> int:
            raise KeyboardInterrupt

    webhook = add(house, owner)
    happen(house, owner)
    with pytest.raises(KeyboardInterrupt):
        operations.tell_webhooks(house.database, Killed())
    taker = Taker()
    assert operations.deliver_due(house.database, taker) == 0
    let_time_pass(house)
    operations.deliver_due(house.database, taker)
    assert told(house, webhook)[0].state is DeliveryState.DELIVERED


def test_what_is_not_offered_cannot_be_asked_for(house: House, owner: Person) -> None:
    with pytest.raises(BadWebhookError):
        add(house, owner, Tag.RECRUITER_ACCOMMODATION_GRANTED)
    with pytest.raises(BadWebhookError):
        add(house, owner, url="http://")


class Receiving(BaseHTTPRequestHandler):
    """A receiver's program."""

    got: list[tuple[str, Mapping[str, str], bytes]]
    status = 200

    def do_POST(self) -> None:
        self.got.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(self.status)
        self.send_header("location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@dataclass
class Receiver:
    port: int
    got: list[tuple[str, Mapping[str, str], bytes]]
    handler: type[Receiving]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    got: list[tuple[str, Mapping[str, str], bytes]] = []
    handler: type[Receiving] = type("Here", (Receiving,), {"got": got})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Receiver(server.server_port, got, handler)
    server.shutdown()
    server.server_close()
    thread.join()


def to(house: House, owner: Person, receiver: Receiver) -> tuple[Webhook, Delivery]:
    webhook = add(house, owner, url=f"http://hooks.example.org:{receiver.port}/in?x=1")
    happen(house, owner)
    operations.note_events(house.database)
    return webhook, told(house, webhook)[0]


def here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def test_a_delivery_arrives_signed_at_the_address_that_was_looked_at(
    house: House, owner: Person, receiver: Receiver
) -> None:
    webhook, delivery = to(house, owner, receiver)
    assert HttpSender(read_networks("127.0.0.1"), resolve=here).send(webhook, delivery) == 200
    ((path, headers, body),) = receiver.got
    assert path == "/in?x=1"
    assert headers["host"] == f"hooks.example.org:{receiver.port}"
    assert body == canonical_bytes(dict(delivery.payload))
    assert json.loads(body)["type"] == DONE.value
    sent_at = delivery.created_at.fromtimestamp(int(headers["webhook-timestamp"]), delivery.created_at.tzinfo)
    assert abs(sent_at - delivery.created_at) < timedelta(minutes=5)
    assert signed_headers(delivery.id, sent_at, body, webhook.secret).items() <= headers.items()


def test_a_redirect_is_not_followed(house: House, owner: Person, receiver: Receiver) -> None:
    webhook, delivery = to(house, owner, receiver)
    receiver.handler.status = 307
    assert HttpSender(read_networks("127.0.0.1"), resolve=here).send(webhook, delivery) == 307
    assert len(receiver.got) == 1


def test_nothing_leaves_for_this_machine_unless_the_operator_allows_it(
    house: House, owner: Person, receiver: Receiver
) -> None:
    webhook, delivery = to(house, owner, receiver)
    with pytest.raises(BadWebhookError, match="not public"):
        HttpSender(resolve=here).send(webhook, delivery)
    assert receiver.got == []


def test_a_name_that_changes_its_mind_gains_nothing(house: House, owner: Person, receiver: Receiver) -> None:
    """The name is looked up once: what it leads to a moment later is never asked for."""
    asked: list[str] = []

    def changing(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    webhook, delivery = to(house, owner, receiver)
    assert HttpSender(read_networks("127.0.0.1"), resolve=changing).send(webhook, delivery) == 200
    assert asked == ["hooks.example.org"]


def test_nobody_there_is_told_without_the_details_of_the_network(house: House, owner: Person) -> None:
    webhook = add(house, owner, url="http://hooks.example.org:1/")
    happen(house, owner)
    operations.note_events(house.database)
    with pytest.raises(NotDeliveredError, match=r"did not answer \(ConnectError\)"):
        HttpSender(read_networks("127.0.0.1"), resolve=here, seconds=2).send(webhook, told(house, webhook)[0])


def test_deliveries_that_ended_a_month_ago_are_forgotten(house: House, owner: Person) -> None:
    webhook = add(house, owner)
    for _ in range(3):
        happen(house, owner)
    operations.note_events(house.database)
    old, waiting, fresh = told(house, webhook)
    with house.database.house_work() as work:
        ended = "UPDATE webhook_delivery SET state = 'delivered' WHERE id = ANY(:ids)"
        work.execute(text(ended), {"ids": [old.id, fresh.id]})
        aged = "UPDATE webhook_delivery SET created_at = now() - interval '31 days' WHERE id = ANY(:ids)"
        work.execute(text(aged), {"ids": [old.id, waiting.id]})
    operations.forget_deliveries(house.database)
    assert {each.id for each in told(house, webhook)} == {waiting.id, fresh.id}
