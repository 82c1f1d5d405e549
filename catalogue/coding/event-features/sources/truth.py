"""The features by their definition, and by the ways in which pipelines get them wrong.

`answer` computes one label row from all deliveries that concern a customer. `Rules()` is the definition in the
brief; every other `Rules` is one mistake. The variant keeps only cells on which a mistake shows, and on which no
other mistake does, so that each check looks at one thing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from zones import offset, repeated

DAY = 86400
COLUMNS = ("orders_short", "orders_long", "net_spend_long_cents", "active_days_long", "days_since_last_order")
ACTIVE = ("order", "session", "ticket")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of one file: instants are epoch seconds, `schema` is 1 (CSV) or 2 (JSON lines)."""

    event_id: str
    rev: int
    kind: str
    customer: str
    at: int
    zone: str
    cents: int
    ref: str
    void: bool
    received: int
    schema: int


@dataclass(frozen=True)
class Rules:
    """The definition (all defaults), or one mistake."""

    leak: bool = False
    versions: str = "highest"
    keep_void: bool = False
    refunds: str = "net"
    days: str = "home"
    clock: str = "right"
    money: str = "right"
    only_v1: bool = False
    left_closed: bool = False
    right_open: bool = False
    no_upper: bool = False
    received_open: bool = False
    drop_late: bool = False


DEFINITION = Rules()
MISTAKES = {
    "leak": Rules(leak=True),
    "undeduped": Rules(versions="all"),
    "last_delivery": Rules(versions="last_delivery"),
    "first_version": Rules(versions="first"),
    "final_version": Rules(versions="final"),
    "last_arrived": Rules(versions="arrived"),
    "keep_void": Rules(keep_void=True),
    "sticky_owner": Rules(versions="per_customer"),
    "per_schema": Rules(versions="per_schema"),
    "no_refunds": Rules(refunds="ignored"),
    "refund_by_date": Rules(refunds="by_date"),
    "refunded_counts": Rules(refunds="still_counts"),
    "utc_days": Rules(days="utc"),
    "event_days": Rules(days="event"),
    "elapsed_days": Rules(days="elapsed"),
    "wall_as_utc": Rules(clock="wall_as_utc"),
    "second_hour": Rules(clock="second_hour"),
    "no_offset": Rules(clock="no_offset"),
    "cents_as_units": Rules(money="cents_as_units"),
    "truncated": Rules(money="truncated"),
    "only_v1": Rules(only_v1=True),
    "left_closed": Rules(left_closed=True),
    "right_open": Rules(right_open=True),
    "no_upper": Rules(no_upper=True),
    "received_open": Rules(received_open=True),
    "drop_late": Rules(drop_late=True),
}


@dataclass(frozen=True)
class Question:
    """One label row: whose features, as of when, with which windows (days)."""

    customer: str
    home: str
    as_of: int
    short: int
    long: int
    year: int


def shown_amount(cents: int) -> str:
    """Write an amount as the first schema does: units, without trailing zeros."""
    return f"{cents // 100}.{cents % 100:02d}".rstrip("0").rstrip(".")


def answer(question: Question, deliveries: Iterable[Delivery], rules: Rules = DEFINITION) -> dict[str, int]:
    """Return the five features of one label row under `rules`."""
    if rules.clock != "right" or rules.money != "right":
        deliveries = [_misread(delivery, rules, question.year) for delivery in deliveries]
    events = _known(question, deliveries, rules)
    if not rules.no_upper:
        events = [event for event in events if _before(event.at, question.as_of, rules)]
    refunded = _refunded(question, events, rules)
    return _features(question, events, refunded, rules)


def _before(at: int, as_of: int, rules: Rules) -> bool:
    return at < as_of or (at == as_of and not rules.right_open)


def _misread(delivery: Delivery, rules: Rules, year: int) -> Delivery:
    at, cents = delivery.at, delivery.cents
    ahead = offset(delivery.zone, at, year)
    if (rules.clock, delivery.schema) in {("wall_as_utc", 1), ("no_offset", 2)}:
        at += ahead
    if rules.clock == "second_hour" and delivery.schema == 1 and repeated(delivery.zone, at, year):
        at += 3600
    if rules.money == "cents_as_units" and delivery.schema == 2:
        cents *= 100
    if rules.money == "truncated" and delivery.schema == 1:
        cents = int(float(shown_amount(cents)) * 100)
    if (at, cents) == (delivery.at, delivery.cents):
        return delivery
    return replace(delivery, at=at, cents=cents)


def _counts(delivery: Delivery, as_of: int, rules: Rules) -> bool:
    if rules.only_v1 and delivery.schema == 2:
        return False
    if rules.drop_late and delivery.received - delivery.at > DAY:
        return False
    if rules.leak:
        return True
    return delivery.received < as_of or (delivery.received == as_of and not rules.received_open)


def _known(question: Question, deliveries: Iterable[Delivery], rules: Rules) -> list[Delivery]:
    seen = sorted(deliveries, key=lambda delivery: delivery.received)
    if rules.versions == "last_delivery":
        seen = list({(delivery.event_id, delivery.rev): delivery for delivery in seen}.values())
    known = [delivery for delivery in seen if _counts(delivery, question.as_of, rules)]
    if rules.versions == "all":
        return [event for event in known if not event.void]
    if rules.versions == "final":
        started = {delivery.event_id for delivery in known}
        known = [delivery for delivery in seen if delivery.event_id in started]
    return [event for event in _current(known, rules).values() if rules.keep_void or not event.void]


def _current(known: list[Delivery], rules: Rules) -> dict[object, Delivery]:
    current: dict[object, Delivery] = {}
    for delivery in known:
        key = _key(delivery, rules)
        held = current.get(key)
        if held is None or _replaces(delivery, held, rules):
            current[key] = delivery
    return current


def _key(delivery: Delivery, rules: Rules) -> object:
    if rules.versions == "per_customer":
        return delivery.event_id, delivery.customer
    if rules.versions == "per_schema":
        return delivery.event_id, delivery.schema
    return delivery.event_id


def _replaces(delivery: Delivery, held: Delivery, rules: Rules) -> bool:
    if rules.versions == "first":
        return False
    if rules.versions == "arrived":
        return True
    if rules.keep_void and delivery.void:
        return False
    return delivery.rev > held.rev


def _refunded(question: Question, events: list[Delivery], rules: Rules) -> dict[str, int]:
    refunded: dict[str, int] = {}
    if rules.refunds in {"net", "still_counts"}:
        for event in events:
            if event.kind == "refund":
                refunded[event.ref] = refunded.get(event.ref, 0) + event.cents
    if rules.refunds == "by_date":
        opens = question.as_of - question.long * DAY
        refunded = {event.ref: event.cents for event in events if event.kind == "refund" and event.at > opens}
    return refunded


def _features(question: Question, events: list[Delivery], refunded: dict[str, int], rules: Rules) -> dict[str, int]:
    own = [event for event in events if event.customer == question.customer]
    orders = [(event, max(0, event.cents - refunded.get(event.event_id, 0))) for event in own if event.kind == "order"]
    counted = [(event, net) for event, net in orders if net > 0 or rules.refunds == "still_counts"]
    short = [event for event, _ in counted if _inside(event, question, question.short, rules)]
    long = [(event, net) for event, net in counted if _inside(event, question, question.long, rules)]
    spend = sum(net for _, net in long)
    if rules.refunds == "by_date":
        inside = {event.event_id for event, _ in long}
        spend -= sum(cents for ref, cents in refunded.items() if ref not in inside)
    active = [event for event in own if event.kind in ACTIVE and _inside(event, question, question.long, rules)]
    days = {_day(event.at, event.zone, question, rules) for event in active}
    last = max(((event.at, event.zone) for event, _ in counted), default=None)
    since = -1 if last is None else _since(last, question, rules)
    return dict(zip(COLUMNS, (len(short), len(long), spend, len(days), since), strict=True))


def _inside(event: Delivery, question: Question, days: int, rules: Rules) -> bool:
    opens = question.as_of - days * DAY
    return event.at > opens or (rules.left_closed and event.at == opens)


def _day(at: int, zone: str, question: Question, rules: Rules) -> int:
    if rules.days == "utc":
        return at // DAY
    where = zone if rules.days == "event" else question.home
    return (at + offset(where, at, question.year)) // DAY


def _since(last: tuple[int, str], question: Question, rules: Rules) -> int:
    at, zone = last
    if rules.days == "elapsed":
        return (question.as_of - at) // DAY
    return _day(question.as_of, question.home, question, rules) - _day(at, zone, question, rules)
