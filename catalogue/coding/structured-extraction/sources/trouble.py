"""What the model does to each document, call after call: the same trouble for every submission."""

import random
from dataclasses import dataclass

import documents
from documents import Wish

WAITS = (1.2, 1.4, 1.6, 1.9)
GIVEN_UP = {"refusal": "refused", "cut_off": "unreadable", "server_error": "unavailable"}
"""What ends a document that never works, and the reason that a report should name."""


@dataclass(frozen=True)
class Step:
    """What happens at one call: damage or fault, the field that gets a wrong type, and what replaces right values."""

    kind: str = "right"
    wait: float = 0.0
    mistyped: str = ""
    instead: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Case:
    """One document, the check it counts for, and its steps; the last one repeats for ever.

    `confused` is the field for which the model takes what stands beside it, unless it is told what is meant; `empty` is
    the field whose made-up value has to be reported; `reason` why the document cannot be had.
    """

    group: str
    document: documents.Document
    steps: tuple[Step, ...]
    confused: str = ""
    empty: str = ""
    reason: str = ""
    long: bool = False


RIGHT = Step()
REPAIRED = (
    ("code_fence",), ("prose_around",), ("broken_json", "right"), ("cut_off", "right"), ("missing_keys", "right"),
    ("extra_keys", "right"), ("refusal", "right"), ("cut_off", "refusal", "right"),
)  # fmt: skip
MISTYPED = ("quantity", "delivery_date")
AMBIGUOUS = (
    ("delivery_date", True), ("delivery_date", True), ("delivery_date", False), ("quantity", True), ("quantity", False),
    ("order_number", True), ("order_number", False), ("contact_email", True),
)  # fmt: skip
"""A field that has another value beside it, and whether the document has the field's own value too."""
STREAMED = (
    ("right",), ("slow_stream", "right"), ("truncated_stream", "right"), ("repeated_chunks", "right"),
    ("reordered_chunks", "right"),
)  # fmt: skip
OUTAGES = (
    ("server_error", "right"), ("server_error", "server_error", "right"),
    ("timeout", "right"), ("timeout", "code_fence"),
)  # fmt: skip
FOR_EVER = ("refusal", "cut_off", "cut_off", "server_error")
MADE_UP = (
    ("quantity", True), ("quantity", True), ("delivery_date", True), ("net_total_cents", True), ("contact_email", True),
    ("order_number", False), ("delivery_date", False), ("net_total_cents", False),
)  # fmt: skip
PLAIN, INTERRUPTED, NEW, CHANGED = 6, 12, 2, 2


class Desk:
    """Draws cases, each with a document of its own."""

    def __init__(self, drawn: random.Random, names: list[str], stamps: list[str], *, wide: bool = True) -> None:
        self._drawn, self._names, self._stamps, self._wide = drawn, names, stamps, wide

    def document(
        self, *, absent: str = "", present: str = "", beside: str = "", name: str = "", long: bool = False
    ) -> documents.Document:
        """Draw a document; it never says `absent`, always `present`, and leaves one or two fields out."""
        free = [field for field in documents.OPTIONAL if field not in {absent, present}]
        missing = tuple(self._drawn.sample(free, 1)) + ((absent,) if absent else ())
        wish = Wish(missing, (beside,) if beside else (), long, self._wide)
        return documents.draw(self._drawn, name or self._names.pop(), self._stamps.pop(), wish)

    def plain(self, group: str = "plain", name: str = "") -> Case:
        """A document that the model reads well at once."""
        return Case(group, self.document(name=name), (RIGHT,))

    def ambiguous(self, field: str, *, present: bool) -> Case:
        """A document with two values that could be meant by a field, or with the wrong one alone."""
        document = self.document(present=field if present else "", absent="" if present else field, beside=field)
        return Case("ambiguous", document, (RIGHT,), confused=field)

    def repaired(self, kinds: tuple[str, ...]) -> Case:
        """A document whose first answers are damaged."""
        return Case("repaired", self.document(), tuple(Step(kind) for kind in kinds))

    def mistyped(self, field: str) -> Case:
        """A document of which the model first says a field as another type; not every field would tell."""
        return Case("repaired", self.document(present=field), (Step("wrong_types", mistyped=field), RIGHT))

    def streamed(self, kinds: tuple[str, ...]) -> Case:
        """A long document, which is answered in a stream alone."""
        return Case("streamed", self.document(long=True), tuple(Step(kind) for kind in kinds), long=True)

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
    groups = (REPAIRED, MISTYPED, AMBIGUOUS, STREAMED, WAITS, OUTAGES, MADE_UP, documents.OPTIONAL, FOR_EVER)
    count = PLAIN + sum(len(group) for group in groups)
    numbers = drawn.sample(range(100, 999), count + NEW)
    desk = Desk(drawn, [f"in-{number}.txt" for number in numbers], documents.stamps(drawn, count + NEW + CHANGED))
    first = [desk.plain() for _ in range(PLAIN)]
    first += [desk.ambiguous(field, present=present) for field, present in AMBIGUOUS]
    first += [desk.repaired(kinds) for kinds in REPAIRED]
    first += [desk.mistyped(field) for field in MISTYPED]
    first += [desk.streamed(kinds) for kinds in STREAMED]
    first += [desk.limited(wait) for wait in WAITS]
    first += [desk.outage(kinds) for kinds in OUTAGES]
    first += [desk.made_up(field, always=always) for field, always in MADE_UP]
    first += [desk.misread(field) for field in documents.OPTIONAL]
    first += [desk.hopeless(kind) for kind in FOR_EVER]
    later = [desk.plain("later") for _ in range(NEW)]
    later += [desk.plain("later", name=first[at].document.name) for at in range(CHANGED)]
    return first, later


def interrupted(seed: int) -> list[Case]:
    """Return the cases of a night that is broken off: documents that the model reads well at once."""
    drawn = random.Random(f"structured-extraction interrupted {seed}")
    names = [f"in-{number}.txt" for number in drawn.sample(range(100, 999), INTERRUPTED)]
    desk = Desk(drawn, names, documents.stamps(drawn, INTERRUPTED))
    return [desk.plain("interrupted") for _ in range(INTERRUPTED)]


def sample(seed: int) -> list[Case]:
    """Return the cases of the sample, in the wordings that candidates get to see."""
    count = 12
    drawn = random.Random(f"structured-extraction sample {seed}")
    names = [f"in-{number}.txt" for number in drawn.sample(range(10, 99), count)]
    desk = Desk(drawn, names, documents.stamps(drawn, count), wide=False)
    return [
        *(desk.plain() for _ in range(5)),
        desk.ambiguous("delivery_date", present=True),
        desk.ambiguous("delivery_date", present=False),
        desk.ambiguous("quantity", present=True),
        desk.ambiguous("order_number", present=True),
        desk.streamed(("right",)),
        desk.made_up("quantity", always=True),
        desk.made_up("delivery_date", always=True),
    ]
