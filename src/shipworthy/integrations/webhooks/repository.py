"""The SQL of webhooks and their deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from shipworthy.integrations.webhooks.entities import Delivery, DeliveryState, Webhook
from shipworthy.store.tables import TABLES, belongs_to_organisation, document, key, moment

WEBHOOKS = Table(
    "webhook",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("events", ARRAY(Text), nullable=False),
    Column("told_to", BigInteger, nullable=False),
    Column("created_by", Uuid, nullable=False),
    moment("created_at"),
    moment("disabled_at", optional=True),
)
DELIVERIES = Table(
    "webhook_delivery",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("webhook_id", Uuid, nullable=False),
    Column("event_number", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    document("payload"),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("status", Integer),
    Column("fault", Text, nullable=False),
    moment("created_at"),
    moment("next_at", optional=True),
    moment("delivered_at", optional=True),
)


def add(work: Connection, webhook: Webhook) -> None:
    """Keep a webhook."""
    values = {**vars(webhook), "organisation_id": webhook.organisation, "events": list(webhook.events)}
    values.pop("organisation")
    work.execute(insert(WEBHOOKS).values(values))


def change(work: Connection, webhook: UUID, **values: object) -> bool:
    """Change columns of a webhook; says whether it is there."""
    changed = update(WEBHOOKS).where(WEBHOOKS.c.id == webhook).values(**values).returning(WEBHOOKS.c.id)
    return work.scalar(changed) is not None


def webhook(work: Connection, wanted: UUID, *, hold: bool = False) -> Webhook | None:
    """Return a webhook; with `hold` nothing where another transaction holds it."""
    query = select(WEBHOOKS).where(WEBHOOKS.c.id == wanted)
    row = work.execute(query.with_for_update(skip_locked=True) if hold else query).first()
    return _webhook(row) if row else None


def webhooks(work: Connection) -> list[Webhook]:
    """Return the organisation's webhooks, the newest first."""
    rows = work.execute(select(WEBHOOKS).order_by(WEBHOOKS.c.created_at.desc(), WEBHOOKS.c.id))
    return [_webhook(row) for row in rows]


def behind(work_of_the_house: Connection, limit: int) -> list[tuple[UUID, UUID]]:
    """Return webhooks of all organisations that have not looked at the last event yet, with their organisations."""
    events = TABLES.tables["audit_event"]
    newest = select(func.max(events.c.number)).where(events.c.organisation_id == WEBHOOKS.c.organisation_id)
    query = select(WEBHOOKS.c.id, WEBHOOKS.c.organisation_id).where(
        WEBHOOKS.c.disabled_at.is_(None), WEBHOOKS.c.told_to < newest.scalar_subquery()
    )
    return [(row[0], row[1]) for row in work_of_the_house.execute(query.limit(limit))]


def add_deliveries(work: Connection, deliveries: Sequence[Delivery]) -> None:
    """Keep deliveries; one that is there for its event is not kept twice."""
    if deliveries:
        rows = [_delivery_row(each) for each in deliveries]
        work.execute(insert(DELIVERIES).on_conflict_do_nothing(), rows)


def claim(work_of_the_house: Connection, *, now: datetime, until: datetime, limit: int) -> list[Delivery]:
    """Take deliveries that are due, each for one sender until then, those of enabled webhooks only."""
    due = (
        select(DELIVERIES.c.id)
        .join_from(DELIVERIES, WEBHOOKS, WEBHOOKS.c.id == DELIVERIES.c.webhook_id)
        .where(
            DELIVERIES.c.state == DeliveryState.WAITING, DELIVERIES.c.next_at <= now, WEBHOOKS.c.disabled_at.is_(None)
        )
        .order_by(DELIVERIES.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=DELIVERIES)
        .cte("due")
    )
    taken = update(DELIVERIES).where(DELIVERIES.c.id == due.c.id).values(next_at=until).returning(DELIVERIES)
    return [_delivery(row) for row in work_of_the_house.execute(taken)]


def change_delivery(work: Connection, delivery: UUID, **values: object) -> bool:
    """Change columns of a delivery; says whether it is there."""
    changed = update(DELIVERIES).where(DELIVERIES.c.id == delivery).values(**values).returning(DELIVERIES.c.id)
    return work.scalar(changed) is not None


def delivery(work: Connection, wanted: UUID) -> Delivery | None:
    """Return a delivery."""
    row = work.execute(select(DELIVERIES).where(DELIVERIES.c.id == wanted)).first()
    return _delivery(row) if row else None


def deliveries(work: Connection, of: UUID, *, limit: int) -> list[Delivery]:
    """Return the newest deliveries of a webhook."""
    query = select(DELIVERIES).where(DELIVERIES.c.webhook_id == of).order_by(DELIVERIES.c.event_number.desc())
    return [_delivery(row) for row in work.execute(query.limit(limit))]


def forget(work: Connection, before: datetime) -> None:
    """Remove deliveries that ended before."""
    ended = DELIVERIES.c.state != DeliveryState.WAITING
    work.execute(delete(DELIVERIES).where(ended, DELIVERIES.c.created_at < before))


def counts(work: Connection) -> dict[DeliveryState, int]:
    """Return how many deliveries stand where."""
    rows = work.execute(select(DELIVERIES.c.state, func.count()).group_by(DELIVERIES.c.state)).all()
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state.value, 0) for state in DeliveryState}


def _webhook(row: Row[Any]) -> Webhook:
    values = dict(row._mapping)
    values["organisation"] = values.pop("organisation_id")
    return Webhook(**{**values, "events": tuple(values["events"])})


def _delivery(row: Row[Any]) -> Delivery:
    values = dict(row._mapping)
    values["organisation"] = values.pop("organisation_id")
    values["webhook"] = values.pop("webhook_id")
    return Delivery(**{**values, "state": DeliveryState(values["state"])})


def _delivery_row(each: Delivery) -> dict[str, Any]:
    values = {**vars(each), "organisation_id": each.organisation, "webhook_id": each.webhook}
    return {name: value for name, value in values.items() if name not in {"organisation", "webhook"}}
