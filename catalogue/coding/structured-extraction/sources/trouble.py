"""What the model does to each document, call after call: the same trouble for every submission."""

import random
from dataclasses import dataclass

import documents

WAITS = (0.7, 0.9, 1.0, 1.3, 1.6)
GIVEN_UP = {"refusal": "refused", "cut_off": "unreadable", "server_error": "unavailable"}
"""What ends a document that never works, and the reason that a report should name."""


@dataclass(frozen=True)
class Step:
    """What happens at one call: a kind of damage or fault, and the values that replace right ones."""

    kind: str = "right"
    wait: float = 0.0
    instead: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Case:
    """One document, the check it counts for, and its steps; the last one repeats for ever.

    `empty` is the field whose made-up value has to be reported, `reason` why the document cannot be had.
    """

    group: str
    document: documents.Document
    steps: tuple[Step, ...]
    empty: str = ""
    reason: str = ""


RIGHT = Step()
REPAIRED = (
    ("code_fence",), ("code_fence",), ("prose_around",), ("prose_around",),
    ("broken_json", "right"), ("cut_off", "right"),
    ("missing_keys", "right"), ("extra_keys", "right"), ("refusal", "right"), ("cut_off", "refusal", "right"),
)  # fmt: skip
MISTYPED = ("quantity", "delivery_date")
OUTAGES = (
    ("server_error", "right"), ("server_error", "server_error", "right"),
    ("timeout", "right"), ("timeout", "code_fence"),
)  # fmt: skip
FOR_EVER = ("refusal", "refusal", "cut_off", "cut_off", "server_error")
MADE_UP = (
    ("quantity", True), ("quantity", True), ("delivery_date", True), ("net_total_cents", True), ("contact_email", True),
    ("order_number", False), ("delivery_date", False), ("net_total_cents", False),
)  # fmt: skip
PLAIN = 8


class Desk:
    """Draws cases, each with a document of its own."""

    def __init__(self, drawn: random.Random, names: list[str], stamps: list[str]) -> None:
        self._drawn, self._names, self._stamps = drawn, names, stamps

    def document(self, *, absent: str = "", present: str = "", name: str = "") -> documents.Document:
        """Draw a document; it never says `absent`, always `present`, and leaves one or two fields out."""
        free = [field for field in documents.OPTIONAL if field not in {absent, present}]
        missing = tuple(self._drawn.sample(free, 1)) + ((absent,) if absent else ())
        return documents.draw(self._drawn, name or self._names.pop(), self._stamps.pop(), missing)

    def plain(self, group: str = "plain", name: str = "") -> Case:
        """A document that the model reads well at once."""
        return Case(group, self.document(name=name), (RIGHT,))

    def repaired(self, kinds: tuple[str, ...]) -> Case:
        """A document whose first answers are damaged."""
        return Case("repaired", self.document(), tuple(Step(kind) for kind in kinds))

    def mistyped(self, field: str) -> Case:
        """A document of which the model first says a field as another type; not every field would tell."""
        document = self.document(present=field)
        value = getattr(document.facts, field)
        wrong = [value] if isinstance(value, str) else f"{value}"
        return Case("repaired", document, (Step("wrong_types", instead=((field, wrong),)), RIGHT))

    def limited(self, wait: float) -> Case:
        """A document that meets a rate limit."""
        return Case("limited", self.document(), (Step("rate_limited", wait), RIGHT))

    def outage(self, kinds: tuple[str, ...]) -> Case:
        """A document whose first calls fail on the way."""
        return Case("outages", self.document(), tuple(Step(kind) for kind in kinds))

    def made_up(self, field: str, *, always: bool) -> Case:
        """A document that lacks a field for which the model makes something up, always or at first."""
        document = self.document(absent=field)
        lie = Step(instead=((field, documents.invented(self._drawn, document, field)),))
        return Case("no_invention", document, (lie,) if always else (lie, RIGHT), empty=field if always else "")

    def misread(self, field: str) -> Case:
        """A document in which the model reads a field wrong at first."""
        document = self.document(present=field)
        wrong = Step(instead=((field, documents.misread(self._drawn, document, field)),))
        return Case("second_look", document, (wrong, RIGHT))

    def hopeless(self, kind: str) -> Case:
        """A document that no number of calls gets a record from."""
        return Case("hopeless", self.document(), (Step(kind),), reason=GIVEN_UP[kind])


def draw_from(seed: int) -> tuple[list[Case], list[Case]]:
    """Return the cases of the first night, and those that a later run finds new or changed."""
    drawn = random.Random(f"structured-extraction {seed}")
    count = (
        PLAIN
        + len(REPAIRED)
        + len(MISTYPED)
        + len(WAITS)
        + len(OUTAGES)
        + len(MADE_UP)
        + len(documents.OPTIONAL)
        + len(FOR_EVER)
    )
    numbers = drawn.sample(range(100, 999), count + 2)
    desk = Desk(drawn, [f"in-{number}.txt" for number in numbers], documents.stamps(drawn, count + 3))
    first = [desk.plain() for _ in range(PLAIN)]
    first += [desk.repaired(kinds) for kinds in REPAIRED]
    first += [desk.mistyped(field) for field in MISTYPED]
    first += [desk.limited(wait) for wait in WAITS]
    first += [desk.outage(kinds) for kinds in OUTAGES]
    first += [desk.made_up(field, always=always) for field, always in MADE_UP]
    first += [desk.misread(field) for field in documents.OPTIONAL]
    first += [desk.hopeless(kind) for kind in FOR_EVER]
    later = [desk.plain("later"), desk.plain("later"), desk.plain("later", name=first[0].document.name)]
    return first, later


def sample(seed: int) -> list[Case]:
    """Return the cases of the sample."""
    count = 10
    drawn = random.Random(f"structured-extraction sample {seed}")
    desk = Desk(
        drawn, [f"in-{number}.txt" for number in drawn.sample(range(10, 99), count)], documents.stamps(drawn, count)
    )
    return [
        *(desk.plain() for _ in range(8)),
        desk.made_up("quantity", always=True),
        desk.made_up("delivery_date", always=True),
    ]
