"""Draws what a document says, and writes it as goods-in desks receive it."""

import random
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

SUPPLIERS = (
    ("Aldermoor Fasteners Ltd", "aldermoor.example"),
    ("Brandt Dichtungen GmbH", "brandt-dicht.example"),
    ("Costello & Reyes Packaging", "costelloreyes.example"),
    ("Dunmore Bearings", "dunmore.example"),
    ("Elbufer Werkzeuge KG", "elbufer.example"),
    ("Fjordline Plastics AS", "fjordline.example"),
    ("Garrigue Emballages SARL", "garrigue.example"),
    ("Hollins Wire Works", "hollinswire.example"),
    ("Isarfilter Technik GmbH", "isarfilter.example"),
    ("Jasper Pump Company", "jasperpump.example"),
    ("Kestrel Coatings plc", "kestrel.example"),
    ("Lindqvist Labels AB", "lindqvist.example"),
)
PEOPLE = ("maria.holt", "j.brenner", "dispatch", "sales", "k.osei", "anneke", "logistics", "t.varga")
GOODS = (
    "hex bolts M8",
    "seal rings",
    "carton sleeves",
    "ball bearings",
    "drill inserts",
    "end caps",
    "shrink film",
    "wire baskets",
)
CARRIERS = ("our own van", "the usual carrier", "pallet freight", "groupage", "overnight courier")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
OPTIONAL = ("order_number", "delivery_date", "quantity", "net_total_cents", "contact_email")
STAMP_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True)
class Facts:
    """What one document says; None where it says nothing."""

    supplier: str
    order_number: str | None
    delivery_date: str | None
    quantity: int | None
    net_total_cents: int | None
    contact_email: str | None


@dataclass(frozen=True)
class Document:
    """A document, the stamp that no other one has, and what is said in it."""

    name: str
    stamp: str
    text: str
    facts: Facts

    @property
    def record(self) -> dict[str, object]:
        """The right values of the six fields."""
        return asdict(self.facts)


def draw(drawn: random.Random, name: str, stamp: str, absent: tuple[str, ...]) -> Document:
    """Draw a document that says nothing about the fields in `absent`."""
    facts, domain = _facts(drawn)
    facts = replace(facts, **dict.fromkeys(absent))
    style = drawn.randrange(len(STYLES))
    text = STYLES[style](drawn, facts, domain)
    return Document(name, stamp, f"{text.strip()}\n\n-- scan {stamp} --\n", facts)


def stamps(drawn: random.Random, count: int) -> list[str]:
    """Draw as many different stamps of letters."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(drawn.choices(STAMP_LETTERS, k=6))] = None
    return list(found)


def standing(text: str) -> set[str]:
    """Return all numbers that stand in a text in any reading: runs of digits, and runs joined by separators."""
    runs = set(re.findall(r"\d+", text))
    joined = {re.sub(r"\D", "", found) for found in re.findall(r"\d[\d.,/ -]*\d", text)}
    return runs | joined | {run.lstrip("0") for run in runs}


def invented(drawn: random.Random, document: Document, field: str) -> object:
    """Return a value that the document does not hold, as a model makes it up; a quantity is part of a longer number."""
    taken = standing(document.text)
    for _ in range(500):
        value = _MADE_UP[field](drawn, document)
        if value is not None and not _stands(value, field, document.text, taken):
            return value
    raise RuntimeError(f"nothing could be made up for {field}")


def misread(drawn: random.Random, document: Document, field: str) -> object:
    """Return a value near the right one that the document does not hold."""
    taken = standing(document.text)
    right = getattr(document.facts, field)
    for _ in range(500):
        value = _MISREAD[field](drawn, right)
        if value != right and not _stands(value, field, document.text, taken):
            return value
    raise RuntimeError(f"nothing could be misread for {field}")


def _stands(value: object, field: str, text: str, taken: set[str]) -> bool:
    if field == "quantity":
        return str(value) in taken
    if field == "net_total_cents":
        cents = int(str(value))
        return str(cents) in taken or (cents % 100 == 0 and str(cents // 100) in taken)
    if field == "delivery_date":
        day = str(int(str(value)[8:]))
        return day in taken
    return re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", text, re.IGNORECASE) is not None


def _facts(drawn: random.Random) -> tuple[Facts, str]:
    supplier, domain = drawn.choice(SUPPLIERS)
    day = date(2025, 1, 6) + timedelta(days=drawn.randrange(330))
    quantity = drawn.choice((drawn.randrange(32, 99), drawn.randrange(104, 990), drawn.randrange(1010, 4900)))
    return (
        Facts(
            supplier=supplier,
            order_number=f"{drawn.choice(('PO', 'B', 'ORD'))}-{drawn.randrange(41000, 98000)}",
            delivery_date=day.isoformat(),
            quantity=quantity,
            net_total_cents=drawn.randrange(21_000, 940_000),
            contact_email=f"{drawn.choice(PEOPLE)}@{domain}",
        ),
        domain,
    )


def _day(drawn: random.Random, text: str) -> str:
    day = date.fromisoformat(text)
    month = MONTHS[day.month - 1]
    return drawn.choice(
        (
            text,
            f"{day.day:02}.{day.month:02}.{day.year}",
            f"{day.day} {month} {day.year}",
            f"{month[:3]} {day.day}, {day.year}",
            f"{day.day:02}/{day.month:02}/{day.year}",
        )
    )


def _money(drawn: random.Random, cents: int) -> str:
    whole, rest = divmod(cents, 100)
    plain = f"{whole:,}"
    return drawn.choice(
        (
            f"EUR {plain}.{rest:02}",
            f"{plain.replace(',', '.')},{rest:02} EUR",
            f"{plain.replace(',', ' ')}.{rest:02} euros",
            f"€{whole}.{rest:02}",
        )
    )


def _count(drawn: random.Random, quantity: int) -> str:
    return drawn.choice((str(quantity), f"{quantity:,}", f"{quantity:,}".replace(",", ".")))


def _written(drawn: random.Random) -> str:
    """A date of writing that is no delivery date: no year, so that nobody takes it for one."""
    return f"{drawn.choice(('Mon', 'Tue', 'Wed', 'Thu', 'Fri'))} {drawn.randrange(8, 17):02}:{drawn.randrange(10, 59)}"


def _phone(drawn: random.Random) -> str:
    return f"+{drawn.randrange(31, 49)} {drawn.randrange(200, 990)} {drawn.randrange(100_000, 999_999)}"


def _mail(drawn: random.Random, facts: Facts, domain: str) -> str:
    goods = drawn.choice(GOODS)
    lines = [
        f"From: {facts.supplier}",
        "To: goods-in",
        f"Sent: {_written(drawn)}",
        f"Subject: your {goods}",
        "",
        "Hello,",
        "",
    ]
    order = f" under your order {facts.order_number}" if facts.order_number else ""
    amount = f"{_count(drawn, facts.quantity)} pcs of " if facts.quantity else ""
    lines.append(f"we are sending you {amount}{goods}{order} by {drawn.choice(CARRIERS)}.")
    if facts.delivery_date:
        lines.append(f"They should be with you on {_day(drawn, facts.delivery_date)}.")
    if facts.net_total_cents:
        lines.append(f"The net total is {_money(drawn, facts.net_total_cents)}, the invoice follows.")
    reply = f"Questions please to {facts.contact_email}" if facts.contact_email else "Questions please by phone"
    lines += [f"{reply} or {_phone(drawn)}.", "", "Kind regards", facts.supplier, f"www.{domain}"]
    return "\n".join(lines)


def _note(drawn: random.Random, facts: Facts, domain: str) -> str:
    lines = ["DELIVERY NOTE", facts.supplier.upper(), f"www.{domain} / tel. {_phone(drawn)}", "-" * 46]
    lines.append(f"Note no.       {drawn.choice('LD')}N{drawn.randrange(300_000, 999_999)}")
    if facts.order_number:
        lines.append(f"Customer order {facts.order_number}")
    if facts.delivery_date:
        lines.append(f"Delivery       {_day(drawn, facts.delivery_date)}")
    lines += ["-" * 46, f"Pos 1  {drawn.choice(GOODS)}"]
    if facts.quantity:
        lines.append(f"       Qty {_count(drawn, facts.quantity)}")
    if facts.net_total_cents:
        lines.append(f"       Net total {_money(drawn, facts.net_total_cents)}")
    if facts.contact_email:
        lines.append(f"Contact: {facts.contact_email.upper()}")
    return "\n".join([*lines, "Goods remain ours until paid for."])


def _forwarded(drawn: random.Random, facts: Facts, domain: str) -> str:
    lines = [
        f"fyi, {drawn.choice(('can you book this in', 'for the desk', 'please plan a dock'))}?",
        "",
        "> ---- Forwarded ----",
    ]
    lines.append(f"> {facts.supplier} ({domain}) wrote at {_written(drawn)}:")
    if facts.delivery_date:
        lines.append(f"> confirmed for {_day(drawn, facts.delivery_date)},")
    if facts.order_number:
        lines.append(f"> ref {facts.order_number},")
    if facts.net_total_cents:
        lines.append(f"> {_money(drawn, facts.net_total_cents)} net all in,")
    if facts.quantity:
        lines.append(f"> {_count(drawn, facts.quantity)} units {drawn.choice(GOODS)},")
    lines.append(f"> VAT id {drawn.choice(('DE', 'GB', 'NO'))}{drawn.randrange(100_000_000, 999_999_999)}.")
    if facts.contact_email:
        lines.append(f"> Write to {facts.contact_email} if the dock is busy.")
    return "\n".join(lines)


def _ticket(drawn: random.Random, facts: Facts, domain: str) -> str:
    parts = [
        f"Supplier portal {domain}, ticket T{drawn.randrange(500_000, 999_999)}",
        f"Opened by {facts.supplier}, {_written(drawn)}",
        "",
    ]
    ours = f"Concerns {facts.order_number}. " if facts.order_number else "No order was named. "
    amount = (
        f"{_count(drawn, facts.quantity)} x {drawn.choice(GOODS)} left our warehouse. "
        if facts.quantity
        else "The goods left our warehouse. "
    )
    when = f"Arrival: {_day(drawn, facts.delivery_date)}. " if facts.delivery_date else "Arrival not fixed yet. "
    parts.append(ours + amount + when)
    if facts.net_total_cents:
        parts.append(f"Value of goods, net: {_money(drawn, facts.net_total_cents)}")
    parts.append(f"Answer to: {facts.contact_email}" if facts.contact_email else "Please answer in the portal.")
    return "\n".join(parts)


STYLES: tuple[Callable[[random.Random, Facts, str], str], ...] = (_mail, _note, _forwarded, _ticket)


def _part_of_a_number(drawn: random.Random, document: Document) -> object:
    longer = [run for run in re.findall(r"\d+", document.text) if len(run) >= 5]
    if not longer:
        return drawn.randrange(110, 980)
    run = drawn.choice(longer)
    start = drawn.randrange(len(run) - 2)
    value = run[start : start + 3]
    return int(value) if value[0] != "0" else None


def _any_day(drawn: random.Random, document: Document) -> object:  # noqa: ARG001
    return (date(2025, 1, 6) + timedelta(days=drawn.randrange(330))).isoformat()


def _any_address(drawn: random.Random, document: Document) -> object:
    domain = dict(SUPPLIERS)[document.facts.supplier]
    return f"{drawn.choice(('info', 'orders', 'office'))}@{domain}"


_MADE_UP: dict[str, Callable[[random.Random, Document], object]] = {
    "order_number": lambda drawn, _: f"PO-{drawn.randrange(41000, 98000)}",
    "delivery_date": _any_day,
    "quantity": _part_of_a_number,
    "net_total_cents": lambda drawn, _: drawn.randrange(210, 9400) * 100,
    "contact_email": _any_address,
}


def _swapped(drawn: random.Random, text: str) -> str:
    at = drawn.choice([place for place in range(len(text) - 1) if text[place].isdigit() and text[place + 1].isdigit()])
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


_MISREAD: dict[str, Callable[[random.Random, object], object]] = {
    "order_number": lambda drawn, right: _swapped(drawn, str(right)),
    "delivery_date": lambda drawn, right: (
        date.fromisoformat(str(right)) + timedelta(days=drawn.choice((-3, -2, -1, 1, 2, 3, 4)))
    ).isoformat(),
    "quantity": lambda drawn, right: int(f"{right}{drawn.randrange(10)}"),
    "net_total_cents": lambda drawn, right: int(_swapped(drawn, str(right))),
    "contact_email": lambda drawn, right: str(right).replace(
        ".example", drawn.choice((".co.example", "-info.example"))
    ),
}
