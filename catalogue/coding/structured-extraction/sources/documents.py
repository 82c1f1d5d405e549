"""Draws what a document says, and writes it as goods-in desks receive it."""

import random
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

import wordings

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
NOBODY = ("accounts", "noreply", "invoices", "privacy", "jobs")
GOODS = (
    "hex bolts",
    "seal rings",
    "carton sleeves",
    "ball bearings",
    "drill inserts",
    "end caps",
    "film rolls",
    "wire baskets",
)
CARRIERS = ("Northgate Haulage", "Rhenus & Sons", "Bluebird Couriers", "Polder Freight")
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
LONG, SHORT = 2200, 1000
"""Long documents have more characters than the first, all others fewer than the second."""


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
    """A document, the stamp that no other one has, and what is said in it.

    `written` is how the document spells each of its values; `beside` is what else it says that could be taken for a
    field, each with its spelling.
    """

    name: str
    stamp: str
    text: str
    facts: Facts
    written: Mapping[str, str]
    beside: Mapping[str, tuple[object, str]]

    @property
    def record(self) -> dict[str, object]:
        """The right values of the six fields."""
        return asdict(self.facts)


@dataclass(frozen=True)
class Wish:
    """What a document has to be like.

    It says nothing about the fields in `absent`, and something that could be taken for each field in `beside`. `wide`
    documents are written in more ways than the sample shows.
    """

    absent: Collection[str] = ()
    beside: tuple[str, ...] = ()
    long: bool = False
    wide: bool = True


def draw(drawn: random.Random, name: str, stamp: str, wish: Wish) -> Document:
    """Draw a document."""
    facts, domain = _facts(drawn)
    facts = replace(facts, **dict.fromkeys(wish.absent))
    free = [field for field in OPTIONAL if field not in wish.beside]
    fields = [*wish.beside, *drawn.sample(free, max(0, 3 - len(wish.beside)))]
    others = {field: _BESIDE[field](drawn, facts, domain) for field in fields}
    beside = {field: (value, spelled(drawn, field, value)) for field, value in others.items()}
    pen = Pen(drawn, wide=wish.wide)
    values = {field: value for field, value in asdict(facts).items() if value is not None}
    written = {field: spelled(drawn, field, value) for field, value in values.items()}
    said = [(field, text, False) for field, text in written.items() if field != "supplier"]
    said += [(field, text, True) for field, (_, text) in beside.items()]
    drawn.shuffle(said)
    text = pen.document(facts.supplier, domain, said)
    if wish.long:
        text += "\n\n" + pen.terms(LONG - len(text))
    elif len(text) > SHORT:
        raise RuntimeError("a document became too long")
    return Document(name, stamp, f"{text.strip()}\n\n-- scan {stamp} --\n", facts, written, beside)


def stamps(drawn: random.Random, count: int) -> list[str]:
    """Draw as many different stamps of letters."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(drawn.choices(STAMP_LETTERS, k=6))] = None
    return list(found)


class Pen:
    """Writes documents in one of several layouts and many wordings."""

    def __init__(self, drawn: random.Random, *, wide: bool) -> None:
        self._drawn, self._wide = drawn, wide

    def document(self, supplier: str, domain: str, said: list[tuple[str, str, bool]]) -> str:
        """Write down what is said: field, spelled value, and whether it only stands beside the field's own value."""
        layouts = SHOWN_LAYOUTS + MORE_LAYOUTS if self._wide else SHOWN_LAYOUTS
        return self._drawn.choice(layouts)(self, supplier, domain, said)

    def terms(self, length: int) -> str:
        """Write general terms of at least that length; without a digit, so that no number is added."""
        found = ""
        while len(found) <= length:
            found += "\n\n" + " ".join(self._drawn.sample(wordings.TERMS, 4))
        return found.strip()

    def pick(self, options: wordings.Wordings) -> str:
        """Choose a wording."""
        return self._drawn.choice(options.usable(wide=self._wide))

    def choice(self, *options: str) -> str:
        """Choose among texts."""
        return self._drawn.choice(options)

    def sentences(self, said: list[tuple[str, str, bool]]) -> list[str]:
        """Say each thing in a sentence."""
        goods = self._drawn.choice(GOODS)
        return [
            self.pick((wordings.BESIDE if beside else wordings.SENTENCES)[field]).format(x=text, goods=goods)
            for field, text, beside in said
        ]

    def labelled(self, said: list[tuple[str, str, bool]]) -> list[tuple[str, str]]:
        """Put a label to each thing."""
        return [
            (self.pick((wordings.LABELS_BESIDE if beside else wordings.LABELS)[field]), text)
            for field, text, beside in said
        ]

    def clock(self) -> str:
        """A moment of writing, without a date."""
        day = self._drawn.choice(("Mon", "Tue", "Wed", "Thu", "Fri"))
        return f"{day} {self._drawn.randrange(8, 17):02}:{self._drawn.randrange(10, 59)}"

    def phone(self) -> str:
        """A number that is no value of any field."""
        drawn = self._drawn
        return f"+{drawn.randrange(31, 49)} {drawn.randrange(200, 990)} {drawn.randrange(100_000, 999_999)}"

    def carrier(self) -> str:
        """Who drives."""
        return self._drawn.choice(CARRIERS)


Said = list[tuple[str, str, bool]]


def _mail(pen: Pen, supplier: str, domain: str, said: Said) -> str:
    head = f"From: {supplier}\nTo: goods-in\nSent: {pen.clock()}\nSubject: your goods\n\nHello,\n\n"
    body = "\n".join(pen.sentences(said))
    return f"{head}{pen.carrier()} is on the way.\n{body}\nTel. {pen.phone()}\n\nKind regards\n{supplier}\nwww.{domain}"


def _note(pen: Pen, supplier: str, domain: str, said: Said) -> str:
    lines = [f"{label:<18}{text.upper() if '@' in text else text}" for label, text in pen.labelled(said)]
    head = f"DELIVERY NOTE\n{supplier.upper()}\nwww.{domain} / tel. {pen.phone()}\n{'-' * 46}\n"
    return head + "\n".join([*lines, f"Carrier           {pen.carrier()}"])


def _forwarded(pen: Pen, supplier: str, domain: str, said: Said) -> str:
    asked = pen.choice("can you book this in", "for the desk", "please plan a dock")
    lines = [f"{supplier} ({domain}) wrote at {pen.clock()}:", *pen.sentences(said), f"(sent from {pen.phone()})"]
    return f"fyi, {asked}?\n\n> ---- Forwarded ----\n" + "\n".join(f"> {line}" for line in lines)


def _ticket(pen: Pen, supplier: str, domain: str, said: Said) -> str:
    head = f"Supplier portal {domain}\nOpened by {supplier}, {pen.clock()}, call back {pen.phone()}\n\n"
    return head + " ".join(pen.sentences(said))


def _table(pen: Pen, supplier: str, domain: str, said: Said) -> str:
    rows = [*pen.labelled(said), ("Haulier", pen.carrier()), ("Phone", pen.phone())]
    return f"{supplier} | {domain}\n\n" + "\n".join(f"| {label} | {text} |" for label, text in rows)


def _slip(pen: Pen, supplier: str, domain: str, said: Said) -> str:
    rows = [f"{text}  ({label.lower()})" for label, text in pen.labelled(said)]
    return f"advice slip, {pen.carrier()} for\n  {supplier}\n\n" + "\n".join([*rows, pen.phone(), domain])


def _chat(pen: Pen, supplier: str, domain: str, said: Said) -> str:
    who = pen.choice("Ida", "Tom", "Bea")
    lines = [f"[{pen.clock()}] {who}: {line}" for line in pen.sentences(said)]
    return "\n".join(
        [f"[{pen.clock()}] {who} here, with {supplier}. It is {pen.carrier()} today.", *lines, f"-- {domain}"]
    )


def _letter(pen: Pen, supplier: str, domain: str, said: Said) -> str:
    told = pen.sentences(said)
    half = len(told) // 2
    body = " ".join(told[:half]) + "\n\n" + " ".join(told[half:])
    end = f"Yours faithfully,\np.p. {supplier}, {domain}, {pen.phone()}"
    return f"Dear receiving department,\n\n{pen.carrier()} has our goods. {body}\n\n{end}"


Layout = Callable[[Pen, str, str, Said], str]
SHOWN_LAYOUTS: tuple[Layout, ...] = (_mail, _note, _forwarded, _ticket)
MORE_LAYOUTS: tuple[Layout, ...] = (_table, _slip, _chat, _letter)


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


def spelled(drawn: random.Random, field: str, value: object) -> str:
    """Spell a value as documents do, in one of several ways."""
    if field == "delivery_date":
        return _day(drawn, str(value))
    if field == "net_total_cents":
        return _money(drawn, int(str(value)))
    return _count(drawn, int(str(value))) if field == "quantity" else str(value)


def as_written(field: str, value: object) -> str:
    """Spell a value as a document might, always in the same way."""
    return spelled(random.Random(f"{field} {value}"), field, value)


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


def _other_day(drawn: random.Random, facts: Facts, domain: str) -> object:  # noqa: ARG001
    days = [date(2025, 1, 6) + timedelta(days=at) for at in range(330)]
    return drawn.choice([day.isoformat() for day in days if day.isoformat() != facts.delivery_date])


def _other_count(drawn: random.Random, facts: Facts, domain: str) -> object:  # noqa: ARG001
    return drawn.choice([count for count in range(11, 640) if count != facts.quantity])


def _other_amount(drawn: random.Random, facts: Facts, domain: str) -> object:  # noqa: ARG001
    return drawn.choice([cents for cents in range(4_111, 99_000, 7) if cents != facts.net_total_cents])


_BESIDE: dict[str, Callable[[random.Random, Facts, str], object]] = {
    "order_number": lambda drawn, _, __: f"{drawn.choice(('PO', 'B', 'ORD'))}-{drawn.randrange(12000, 40000)}",
    "delivery_date": _other_day,
    "quantity": _other_count,
    "net_total_cents": _other_amount,
    "contact_email": lambda drawn, _, domain: f"{drawn.choice(NOBODY)}@{domain}",
}
