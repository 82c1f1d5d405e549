"""The cases of the event log: each builds customers whose label row goes wrong under one mistake and no other.

A case function gets a `Story` and returns a `Case`: the deliveries of one or two customers, and one moment as of
which features are asked. `Trap` says which mistakes have to show on it, in which columns, and how many rows are wanted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from truth import COLUMNS, DAY, Delivery, shown_amount
from zones import HOUR, change, offset, repeated

COUNTS = ("orders_short", "orders_long", "net_spend_long_cents")
ORDERS = ("orders_short", "orders_long")
SPEND = ("net_spend_long_cents",)
DATES = ("active_days_long", "days_since_last_order")


@dataclass(frozen=True)
class Calendar:
    """The days of the log, as midnights in epoch seconds, and the window lengths in days."""

    year: int
    start: int
    short: int
    long: int
    switch_day: int = 30
    first_days: int = 42
    second_days: int = 10

    @property
    def switch(self) -> int:
        return self.start + self.switch_day * DAY

    @property
    def archived(self) -> int:
        """The end of the first set of files."""
        return self.start + self.first_days * DAY

    @property
    def second_end(self) -> int:
        return self.archived + self.second_days * DAY

    @property
    def broken_day(self) -> int:
        """The midnight that begins the day whose file arrives broken."""
        return self.second_end + DAY


@dataclass(frozen=True)
class Case:
    """Deliveries, home zones, and the label row that asks about one of the customers."""

    deliveries: list[Delivery]
    homes: dict[str, str]
    customer: str
    as_of: int


@dataclass
class Story:
    """Draws customers and events; counts them so that ids never repeat."""

    rng: np.random.Generator
    calendar: Calendar
    prefix: str
    number: int = 0
    deliveries: list[Delivery] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Forget the customers of the last case."""
        self.deliveries, self.homes = [], {}

    def between(self, low: float, high: float) -> int:
        """Draw a whole number of seconds (or anything else) from [low, high)."""
        return int(self.rng.integers(int(low), int(high)))

    def pick(self, *choices: str) -> str:
        return choices[self.between(0, len(choices))]

    def some_of(self, days: range, low: int, high: int) -> list[int]:
        """Draw between `low` and `high` (exclusive) different days."""
        return [int(day) for day in self.rng.choice(days, self.between(low, high), replace=False)]

    def customer(self, zone: str) -> str:
        """Add a customer who lives in `zone`."""
        self.number += 1
        name = f"{self.prefix}{self.number:04d}"
        self.homes[name] = zone
        return name

    def day(self, low: float, high: float) -> int:
        """Draw an instant between two days of the log."""
        return self.calendar.start + self.between(low * DAY, high * DAY)

    def cents(self) -> int:
        """Draw an amount that survives even careless conversion."""
        while True:
            amount = self.between(500, 20000)
            if int(float(shown_amount(amount)) * 100) == amount:
                return amount

    def add(self, customer: str, kind: str, at: int, received: int | None = None, **more: object) -> Delivery:
        """Add one delivery; by default it is received some minutes after it happened."""
        self.number += 1
        zone = str(more.pop("zone", self.homes[customer]))
        received = at + self.between(20, 600) if received is None else received
        schema = 1 if received < self.calendar.switch else 2
        if schema == 1 and repeated(zone, at, self.calendar.year) == 2:
            at -= HOUR
        cents = self.cents() if kind in {"order", "refund"} else 0
        event = Delivery(
            f"e{self.number:07d}", 1, kind, customer, at, zone, cents, "", void=False, received=received, schema=schema
        )
        event = replace(event, **more)  # type: ignore[arg-type]
        self.deliveries.append(event)
        return event

    def again(self, event: Delivery, received: int, **changed: object) -> Delivery:
        """Deliver an event once more, as it was or changed."""
        schema = 1 if received < self.calendar.switch else 2
        event = replace(event, received=received, schema=schema, **changed)  # type: ignore[arg-type]
        self.deliveries.append(event)
        return event

    def noon(self, zone: str, day: float) -> int:
        """An instant in the middle of a local day, so that no rule about days or edges matters by accident."""
        midday = self.calendar.start + int(day) * DAY + 13 * HOUR
        return midday - offset(zone, midday, self.calendar.year) + self.between(-2 * HOUR, 2 * HOUR)

    def routine(self, customer: str, first: int = 1, last: int = 52, orders: int = 7) -> list[Delivery]:
        """Give a customer an ordinary life: orders, sessions and a ticket, spread evenly over the log."""
        zone, placed = self.homes[customer], []
        for kind, count in (("order", orders), ("session", orders), ("ticket", 1)):
            edges = np.linspace(first, last, count + 1)
            for low, high in pairwise(edges):
                event = self.add(customer, kind, self.noon(zone, self.rng.uniform(low, high)))
                placed += [event] if kind == "order" else []
        return placed


AnyZone = ("Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo", "Europe/London")


def _someone(story: Story, *zones: str, **routine: int) -> str:
    customer = story.customer(story.pick(*(zones or AnyZone)))
    story.routine(customer, **{"orders": story.between(6, 12), **routine})
    return customer


def _moment(story: Story, customer: str, low: float, high: float) -> int:
    """A moment to ask about: so early in the local day that no wrong offset brings an ordinary event near."""
    day = story.between(low, high)
    midnight = story.calendar.start + day * DAY
    return midnight - offset(story.homes[customer], midnight, story.calendar.year) + 2 * HOUR + story.between(0, 3000)


def _case(story: Story, customer: str, as_of: int) -> Case:
    return Case(story.deliveries, story.homes, customer, as_of)


def plain(story: Story) -> Case:
    customer = _someone(story, "UTC")
    return _case(story, customer, _moment(story, customer, 24, 30) + 18 * HOUR)


def late_unknown(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    at = as_of - story.between(DAY, (story.calendar.short - 1) * DAY)
    story.add(customer, "order", at, as_of + story.between(DAY // 4, 3 * DAY))
    return _case(story, customer, as_of)


def late_known(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    at = as_of - story.between(3 * DAY, (story.calendar.short - 1) * DAY)
    story.add(customer, "order", at, at + story.between(1.2 * DAY, 2.5 * DAY))
    return _case(story, customer, as_of)


def late_refund(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(3 * DAY, (story.calendar.short - 1) * DAY))
    at = order.at + story.between(HOUR, DAY)
    story.add(customer, "refund", at, as_of + story.between(HOUR, 3 * DAY), ref=order.event_id, cents=order.cents)
    return _case(story, customer, as_of)


def redelivered(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(3 * DAY, (story.calendar.short - 1) * DAY))
    for _ in range(story.between(1, 4)):
        story.again(order, order.received + story.between(HOUR, 2 * DAY))
    return _case(story, customer, as_of)


def redelivered_later(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(2 * DAY, (story.calendar.short - 1) * DAY))
    story.again(order, as_of + story.between(HOUR, 3 * DAY))
    return _case(story, customer, as_of)


def _corrected(story: Story, *, known: bool) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(4 * DAY, (story.calendar.short - 1) * DAY))
    received = order.received + story.between(HOUR, 3 * DAY) if known else as_of + story.between(HOUR, 3 * DAY)
    story.again(order, received, rev=2, cents=story.cents())
    return _case(story, customer, as_of)


def corrected(story: Story) -> Case:
    return _corrected(story, known=True)


def corrected_later(story: Story) -> Case:
    return _corrected(story, known=False)


def overtaken(story: Story) -> Case:
    """A correction that overtook an older version on its way."""
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(4 * DAY, (story.calendar.short - 1) * DAY))
    newest = story.again(order, order.received + story.between(3 * HOUR, DAY), rev=3, cents=story.cents())
    story.again(order, newest.received + story.between(HOUR, DAY), rev=2, cents=story.cents())
    return _case(story, customer, as_of)


def voided(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(4 * DAY, (story.calendar.short - 1) * DAY))
    story.again(order, order.received + story.between(HOUR, 3 * DAY), rev=2, void=True)
    return _case(story, customer, as_of)


def moved(story: Story) -> Case:
    """An order that was booked on the wrong customer and then moved."""
    customer, other = _someone(story), story.customer("UTC")
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(4 * DAY, (story.calendar.short - 1) * DAY))
    story.again(order, order.received + story.between(HOUR, 3 * DAY), rev=2, customer=other)
    return _case(story, customer, as_of)


def partly_refunded(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(4 * DAY, 6 * DAY), cents=10000 + story.cents())
    story.add(customer, "refund", order.at + story.between(HOUR, 2 * DAY), ref=order.event_id, cents=story.cents() // 3)
    return _case(story, customer, as_of)


def wholly_refunded(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    order = story.add(customer, "order", as_of - story.between(4 * DAY, 6 * DAY))
    half = order.cents // 2
    for share in (half, order.cents - half):
        story.add(customer, "refund", order.at + story.between(HOUR, 2 * DAY), ref=order.event_id, cents=share)
    return _case(story, customer, as_of)


def refund_of_old_order(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 27, 31)
    order = story.add(customer, "order", as_of - story.calendar.long * DAY - story.between(DAY, 4 * DAY))
    story.add(customer, "refund", as_of - story.between(2 * DAY, 9 * DAY), ref=order.event_id, cents=order.cents // 2)
    return _case(story, customer, as_of)


def _edge_by_clock(story: Story, zone: str, low: float, high: float) -> Case:
    """An order that a shift by the zone's offset carries over the edge of the short window."""
    customer = _someone(story, zone)
    as_of = _moment(story, customer, low, high)
    ahead = offset(zone, as_of, story.calendar.year)
    edge = as_of - story.calendar.short * DAY
    margin = story.between(HOUR // 2, abs(ahead) - HOUR // 2)
    at = edge - margin if ahead > 0 else edge + margin
    story.add(customer, "order", at)
    return _case(story, customer, as_of)


def local_clock(story: Story) -> Case:
    zone = story.pick("America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo")
    return _edge_by_clock(story, zone, 24, 31)


def dropped_offset(story: Story) -> Case:
    zone = story.pick("America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo")
    return _edge_by_clock(story, zone, 39, 42)


def repeated_hour(story: Story) -> Case:
    """An order in the first pass of the hour that the clocks show twice, just outside the short window."""
    zone = story.pick("Europe/Berlin", "America/New_York")
    customer = _someone(story, zone)
    at = change(zone, story.calendar.year) - story.between(HOUR // 4, HOUR - 60)
    story.add(customer, "order", at)
    return _case(story, customer, at + story.calendar.short * DAY + story.between(HOUR // 4, HOUR * 3 // 4))


def home_days(story: Story) -> Case:
    """Sessions late in the local evening or early in the morning, which fall on other dates in UTC."""
    zone = story.pick("America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo")
    customer = story.customer(zone)
    as_of = _moment(story, customer, 26, 31)
    midnight = as_of - (as_of + offset(zone, as_of, story.calendar.year)) % DAY
    west = offset(zone, as_of, story.calendar.year) < 0
    for days in story.some_of(range(2, 19), 3, 9):
        base = midnight - days * DAY
        for kind, hour in (("session", 21.0 if west else 2.0), ("order", 10.0)):
            story.add(customer, kind, base + int(hour * HOUR) + story.between(0, HOUR))
    last = midnight - story.between(1, 5) * DAY + int((21.5 if west else 1.5) * HOUR)
    story.add(customer, "order", last)
    return _case(story, customer, as_of)


def travelling(story: Story) -> Case:
    """Events made while abroad: the day that counts is the one at home."""
    home, away = (("Europe/Berlin", "Asia/Tokyo"), ("America/New_York", "Europe/London"))[story.between(0, 2)]
    customer = story.customer(home)
    as_of = _moment(story, customer, 26, 31)
    midnight = as_of - (as_of + offset(home, as_of, story.calendar.year)) % DAY
    for days in story.some_of(range(3, 18), 3, 8):
        base = midnight - days * DAY
        story.add(customer, "session", base + 10 * HOUR + story.between(0, HOUR))
        story.add(customer, "session", base + 21 * HOUR + story.between(0, HOUR), zone=away)
    story.add(customer, "order", midnight - story.between(1, 4) * DAY + 21 * HOUR + story.between(0, HOUR), zone=away)
    return _case(story, customer, as_of)


def calendar_days(story: Story) -> Case:
    """A last order late in the evening: fewer full days have passed than the calendar counts."""
    customer = _someone(story, "Europe/Berlin", "Europe/London", last=20)
    as_of = _moment(story, customer, 26, 31)
    year, home = story.calendar.year, story.homes[customer]
    midnight = as_of - (as_of + offset(home, as_of, year)) % DAY
    story.add(customer, "order", midnight - story.between(1, 7) * DAY - 5 * HOUR)
    return _case(story, customer, as_of)


def new_schema(story: Story) -> Case:
    customer = _someone(story)
    return _case(story, customer, _moment(story, customer, 39, 42))


def exact_cents(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 24, 31)
    amount = story.between(500, 20000)
    while int(float(shown_amount(amount)) * 100) == amount:
        amount = story.between(500, 20000)
    story.add(customer, "order", as_of - story.between(DAY, 9 * DAY), cents=amount)
    return _case(story, customer, as_of)


def corrected_across(story: Story) -> Case:
    """An order of the old schema, corrected in the new one."""
    customer = _someone(story)
    calendar = story.calendar
    order = story.add(customer, "order", calendar.switch - story.between(DAY // 2, 3 * DAY))
    story.again(order, calendar.switch + story.between(HOUR, 3 * DAY), rev=2, cents=story.cents())
    return _case(story, customer, _moment(story, customer, calendar.switch_day + 4, calendar.switch_day + 8))


def opening_edge(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 27, 31)
    days = (story.calendar.short, story.calendar.long)[story.between(0, 2)]
    story.add(customer, "order", as_of - days * DAY)
    return _case(story, customer, as_of)


def closing_edge(story: Story) -> Case:
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    story.add(customer, "order", as_of, as_of)
    return _case(story, customer, as_of)


def clock_ahead(story: Story) -> Case:
    """An order that a device with a fast clock dated after the moment it was received."""
    customer = _someone(story)
    as_of = _moment(story, customer, 26, 31)
    story.add(customer, "order", as_of + story.between(HOUR, 12 * HOUR), as_of - story.between(60, HOUR))
    return _case(story, customer, as_of)


def across_sets(story: Story) -> Case:
    customer = _someone(story, orders=18)
    first = story.calendar.first_days
    return _case(story, customer, _moment(story, customer, first + 3, first + 6))


def late_into_old(story: Story) -> Case:
    """An order of the first set's days that arrives with the second set, asked about afterwards."""
    customer = _someone(story)
    calendar = story.calendar
    at = calendar.archived - story.between(DAY // 2, 3 * DAY)
    story.add(customer, "order", at, calendar.archived + story.between(HOUR, DAY))
    return _case(story, customer, _moment(story, customer, calendar.first_days + 2, calendar.first_days + 4))


def old_moment(story: Story) -> Case:
    """The same, asked about as of a moment of the first set: it was not known then."""
    customer = _someone(story)
    calendar = story.calendar
    at = calendar.archived - story.between(3 * DAY, 5 * DAY)
    story.add(customer, "order", at, calendar.archived + story.between(HOUR, DAY))
    return _case(story, customer, _moment(story, customer, calendar.first_days - 2, calendar.first_days))


def corrected_archived(story: Story) -> Case:
    customer = _someone(story)
    calendar = story.calendar
    order = story.add(customer, "order", calendar.archived - story.between(DAY, 4 * DAY))
    story.again(order, calendar.archived + story.between(HOUR, DAY), rev=2, cents=story.cents())
    return _case(story, customer, _moment(story, customer, calendar.first_days + 2, calendar.first_days + 8))


def redelivered_archived(story: Story) -> Case:
    customer = _someone(story)
    calendar = story.calendar
    order = story.add(customer, "order", calendar.archived - story.between(DAY, 2 * DAY))
    story.again(order, calendar.archived + story.between(HOUR, DAY))
    return _case(story, customer, _moment(story, customer, calendar.first_days + 2, calendar.first_days + 4))


def broken_file(story: Story) -> Case:
    """Orders of the day whose file arrives broken, and then whole."""
    customer = _someone(story)
    broken = story.calendar.broken_day
    for _ in range(2):
        story.add(
            customer, "order", broken + story.between(HOUR, 12 * HOUR), broken + story.between(13 * HOUR, 20 * HOUR)
        )
    return _case(story, customer, broken + DAY + story.between(HOUR, 3 * HOUR))


def missed_row(story: Story) -> Case:
    """An order that the exporter forgot and delivers when it exports that day again."""
    customer = _someone(story)
    calendar = story.calendar
    received = calendar.archived + 4 * DAY + story.between(HOUR, 20 * HOUR)
    story.add(customer, "order", received - story.between(60, 600), received, event_id=f"m{story.number:07d}")
    return _case(story, customer, _moment(story, customer, calendar.first_days + 6, calendar.first_days + 9))


@dataclass(frozen=True)
class Trap:
    """Label rows of one case: the mistakes that must show, where, and in which run of the pipeline it is asked."""

    check: str
    build: Callable[[Story], Case]
    mistakes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: int
    run: str = "first"
    related: tuple[str, ...] = ()
    sample: int = 0


TRAPS = (
    Trap("plain_rows", plain, (), COLUMNS, 24, sample=6),
    Trap("point_in_time", late_unknown, ("leak",), COUNTS, 16, related=("final_version",), sample=1),
    Trap(
        "point_in_time", late_refund, ("leak",), SPEND, 8, related=("no_refunds", "refund_by_date", "refunded_counts")
    ),
    Trap("point_in_time", late_known, ("drop_late",), COUNTS, 8, sample=1),
    Trap("duplicates", redelivered, ("undeduped",), COUNTS, 12, sample=1),
    Trap("duplicates", redelivered_later, ("last_delivery",), COUNTS, 12),
    Trap("corrections", corrected, ("first_version", "undeduped"), SPEND, 8, sample=1),
    Trap("corrections", corrected_later, ("final_version", "leak"), SPEND, 8),
    Trap("corrections", overtaken, ("last_arrived",), SPEND, 8, related=("undeduped", "first_version")),
    Trap("corrections", voided, ("keep_void",), COUNTS, 8, related=("undeduped", "first_version")),
    Trap("corrections", moved, ("sticky_owner",), COUNTS, 8, related=("undeduped", "first_version")),
    Trap("refunds", partly_refunded, ("no_refunds",), SPEND, 8, sample=1),
    Trap("refunds", wholly_refunded, ("refunded_counts",), ORDERS, 8, related=("no_refunds", "refund_by_date")),
    Trap("refunds", refund_of_old_order, ("refund_by_date",), SPEND, 8),
    Trap("local_time", local_clock, ("wall_as_utc",), ORDERS, 10),
    Trap("local_time", repeated_hour, ("second_hour",), ORDERS, 6, related=("wall_as_utc",)),
    Trap("local_time", dropped_offset, ("no_offset",), ORDERS, 6, related=("only_v1",)),
    Trap("local_days", home_days, ("utc_days",), DATES, 10, related=("wall_as_utc", "no_offset", "only_v1"), sample=1),
    Trap(
        "local_days", travelling, ("event_days",), DATES, 8, related=("utc_days", "wall_as_utc", "no_offset", "only_v1")
    ),
    Trap(
        "local_days",
        calendar_days,
        ("elapsed_days",),
        ("days_since_last_order",),
        8,
        related=("wall_as_utc", "no_offset", "only_v1", "utc_days"),
    ),
    Trap("schema_change", new_schema, ("cents_as_units", "only_v1"), SPEND, 12, sample=1),
    Trap("schema_change", exact_cents, ("truncated",), SPEND, 8),
    Trap(
        "schema_change",
        corrected_across,
        ("per_schema",),
        SPEND,
        8,
        related=("undeduped", "first_version", "cents_as_units", "only_v1"),
    ),
    Trap(
        "window_edges",
        opening_edge,
        ("left_closed",),
        COUNTS,
        6,
        related=("wall_as_utc", "no_offset", "only_v1", "cents_as_units"),
    ),
    Trap(
        "window_edges",
        closing_edge,
        ("right_open", "received_open"),
        COUNTS,
        6,
        related=("wall_as_utc", "no_offset", "only_v1", "cents_as_units", "leak"),
    ),
    Trap(
        "window_edges",
        clock_ahead,
        ("no_upper",),
        COUNTS,
        6,
        related=("no_offset", "only_v1", "cents_as_units"),
    ),
    Trap(
        "incremental", across_sets, ("new_files_only", "old_files_only"), ORDERS, 12, run="second", related=("only_v1",)
    ),
    Trap("incremental", late_into_old, ("old_files_only",), ORDERS, 8, run="second", related=("only_v1",)),
    Trap(
        "incremental", old_moment, ("leak",), ORDERS, 8, run="second", related=("only_v1", "final_version", "drop_late")
    ),
    Trap(
        "incremental",
        corrected_archived,
        ("first_version",),
        SPEND,
        8,
        run="second",
        related=("undeduped", "only_v1", "cents_as_units", "new_files_only"),
    ),
    Trap("incremental", redelivered_archived, ("undeduped",), ORDERS, 8, run="second", related=("only_v1",)),
    Trap("repeated_files", missed_row, ("without_missed",), ORDERS, 8, run="fourth", related=("only_v1",)),
    Trap("broken_file", broken_file, ("with_broken",), ORDERS, 8, run="third", related=("only_v1",)),
    Trap("broken_file", broken_file, ("without_broken",), ORDERS, 8, run="fourth", related=("only_v1",)),
)
