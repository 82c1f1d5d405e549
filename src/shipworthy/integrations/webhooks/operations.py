"""Add webhooks, note what they are to be told, and tell it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.access.entities import Person
from shipworthy.audit.entities import Event
from shipworthy.audit.operations import after, record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.core.logs import log
from shipworthy.integrations.errors import BadWebhookError, UnknownDeliveryError, UnknownWebhookError
from shipworthy.integrations.webhooks import repository
from shipworthy.integrations.webhooks.entities import OFFERED, Delivery, DeliveryState, Webhook
from shipworthy.integrations.webhooks.rules import new_secret, next_try, target_of
from shipworthy.store.database import Database

LEASE = timedelta(minutes=2)
"""How long one sender has a delivery for itself; after that it was killed, and another one tries."""
KEPT = timedelta(days=30)
EVENTS_AT_ONCE = 200
WEBHOOKS_AT_ONCE = 100
MOST_WEBHOOKS = 20
SHOWN = 100


class Sender(Protocol):
    """A way to deliver."""

    def send(self, webhook: Webhook, delivery: Delivery) -> int:
        """Deliver, and return the HTTP status. Raises `NotDeliveredError` where no answer came."""


class NotDeliveredError(BadWebhookError):
    """The webhook did not answer."""

    code = "webhook_not_delivered"


def add_webhook(work: Connection, by: Person, *, url: str, events: Iterable[str]) -> Webhook:
    """Add a webhook, which is told what happens from now on. Raises `BadWebhookError`."""
    chosen = set(events)
    target_of(url.strip())
    if not chosen or chosen - {tag.value for tag in OFFERED}:
        raise BadWebhookError("No event is chosen, or one that is not offered.", remedy="Choose from the list.")
    if len(repository.webhooks(work)) >= MOST_WEBHOOKS:
        raise BadWebhookError(f"There are {MOST_WEBHOOKS} webhooks already.", remedy="Change one of them.")
    made = Webhook(
        id=uuid4(),
        organisation=by.organisation,
        url=url.strip(),
        secret=new_secret(),
        events=tuple(tag.value for tag in OFFERED if tag.value in chosen),
        told_to=0,
        created_by=by.id,
        created_at=clock.now(),
    )
    event = record(work, by.organisation, Tag.OWNER_WEBHOOK_ADDED, actor=by.actor, subject=f"webhook:{made.id}")
    made = replace(made, told_to=event.number)
    repository.add(work, made)
    return made


def switch(work: Connection, wanted: UUID, *, on: bool, by: Person) -> Webhook:
    """Switch a webhook on or off; what happens while it is off is told once it is on again.

    Raises `UnknownWebhookError`.
    """
    webhook(work, wanted)
    repository.change(work, wanted, disabled_at=None if on else clock.now())
    tag = Tag.OWNER_WEBHOOK_SWITCHED_ON if on else Tag.OWNER_WEBHOOK_SWITCHED_OFF
    record(work, by.organisation, tag, actor=by.actor, subject=f"webhook:{wanted}")
    return webhook(work, wanted)


def webhook(work: Connection, wanted: UUID) -> Webhook:
    """Return a webhook. Raises `UnknownWebhookError`."""
    found = repository.webhook(work, wanted)
    if found is None:
        raise UnknownWebhookError(remedy="Choose one from the list.")
    return found


def webhooks(work: Connection) -> list[Webhook]:
    """Return the organisation's webhooks, the newest first."""
    return repository.webhooks(work)


def deliveries(work: Connection, of: UUID) -> list[Delivery]:
    """Return the newest deliveries of a webhook."""
    return repository.deliveries(work, of, limit=SHOWN)


def delivery_counts(work: Connection) -> dict[DeliveryState, int]:
    """Return how many deliveries stand where."""
    return repository.counts(work)


def deliver_again(work: Connection, wanted: UUID) -> Delivery:
    """Let a delivery be tried at once, as if it had never failed. Raises `UnknownDeliveryError`."""
    found = repository.delivery(work, wanted)
    if found is None:
        raise UnknownDeliveryError(remedy="Choose one from the list.")
    repository.change_delivery(work, wanted, state=DeliveryState.WAITING, attempts=0, next_at=clock.now(), fault="")
    return found


def note_events(database: Database) -> int:
    """Look at new events of the audit log for every webhook, note those that it wants, and return how many were noted.

    An event's number and the webhook make the delivery one of a kind, so nothing is noted twice or left out, whoever
    does this and however often.
    """
    with database.house_work() as work:
        waiting = repository.behind(work, WEBHOOKS_AT_ONCE)
    noted = 0
    for wanted, organisation in waiting:
        with database.unit_of_work(organisation) as work:
            noted += _note_for(work, wanted)
    return noted


def _note_for(work: Connection, wanted: UUID) -> int:
    held = repository.webhook(work, wanted, hold=True)
    if held is None or held.disabled_at is not None:
        return 0
    events = after(work, held.organisation, held.told_to, limit=EVENTS_AT_ONCE)
    fitting = [_delivery_of(held, event) for event in events if event.tag in held.events]
    repository.add_deliveries(work, fitting)
    if events:
        repository.change(work, wanted, told_to=events[-1].number)
    return len(fitting)


def _delivery_of(webhook: Webhook, event: Event) -> Delivery:
    now = clock.now()
    payload = {
        "type": event.tag,
        "timestamp": event.at.isoformat(),
        "data": {
            "organisation": str(event.organisation),
            "number": event.number,
            "subject": event.subject,
            "details": dict(event.details),
        },
    }
    return Delivery(
        id=uuid4(),
        organisation=webhook.organisation,
        webhook=webhook.id,
        event_number=event.number,
        event=event.tag,
        payload=payload,
        state=DeliveryState.WAITING,
        attempts=0,
        status=None,
        fault="",
        created_at=now,
        next_at=now,
        delivered_at=None,
    )


def deliver_due(database: Database, sender: Sender, limit: int = 20) -> int:
    """Deliver what is due, at most so much, and return how much was tried."""
    now = clock.now()
    with database.house_work() as work:
        claimed = repository.claim(work, now=now, until=now + LEASE, limit=limit)
    for delivery in claimed:
        with database.unit_of_work(delivery.organisation) as work:
            found = repository.webhook(work, delivery.webhook)
        if found is not None:
            _tell(database, sender, found, delivery)
    return len(claimed)


def forget_deliveries(database: Database) -> None:
    """Remove deliveries that ended more than a month ago."""
    with database.house_work() as work:
        repository.forget(work, clock.now() - KEPT)


def tell_webhooks(database: Database, sender: Sender) -> int:
    """Note new events and deliver what is due; return how much there was to do."""
    return note_events(database) + deliver_due(database, sender)


def _tell(database: Database, sender: Sender, webhook: Webhook, delivery: Delivery) -> None:
    status, fault = None, ""
    try:
        status = sender.send(webhook, delivery)
    except BadWebhookError as error:
        fault = error.what
    delivered = status is not None and 200 <= status < 300
    if not delivered:
        log.info(
            "webhook.failed", webhook=webhook.id, delivery=delivery.id, status=status, attempt=delivery.attempts + 1
        )
    with database.unit_of_work(webhook.organisation) as work:
        if delivered:
            _keep_success(work, delivery, status)
        else:
            _keep_failure(work, delivery, status, fault or f"It answered with status {status}.")


def _keep_success(work: Connection, delivery: Delivery, status: int | None) -> None:
    repository.change_delivery(
        work,
        delivery.id,
        state=DeliveryState.DELIVERED,
        attempts=delivery.attempts + 1,
        status=status,
        fault="",
        next_at=None,
        delivered_at=clock.now(),
    )


def _keep_failure(work: Connection, delivery: Delivery, status: int | None, fault: str) -> None:
    attempts = delivery.attempts + 1
    again = next_try(clock.now(), attempts)
    state = DeliveryState.WAITING if again else DeliveryState.FAILED
    repository.change_delivery(
        work, delivery.id, state=state, attempts=attempts, status=status, fault=fault, next_at=again
    )
    if again is None and repository.change(work, delivery.webhook, disabled_at=clock.now()):
        subject = f"webhook:{delivery.webhook}"
        record(work, delivery.organisation, Tag.HOUSE_WEBHOOK_DISABLED, actor="house", subject=subject)
