"""One session with the desk: who may read what at every moment, and what was sent and came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import leaks
from desk import Answered, Call

SHARED = "shared"


@dataclass(frozen=True)
class Person:
    """Somebody with a token; `groups` change in the ledger, not here."""

    token: str
    tenant: str
    id: str
    role: str


@dataclass
class Document:
    """One version of a document: who may read it, while it is there, and the values that only it holds."""

    id: str
    tenant: str
    groups: list[str]
    title: str
    text: str
    facts: Mapping[str, str]
    there: bool = True

    @property
    def values(self) -> list[str]:
        """What nobody else's document says."""
        return [self.facts[key] for key in ("amount", "order", "code", "contact", "phone") if key in self.facts]


class Ledger:
    """The judge's own knowledge of rights."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.people = {(each["tenant"], each["id"]): _person(each) for each in world["people"]}
        self.groups = {each["token"]: list(each["groups"]) for each in world["people"]}
        self.documents = [_document(each, world["facts"][each["id"]]) for each in world["documents"]]
        self.quoted: set[str] = set()
        self.private = {each["token"]: [each["token"], each["name"], each["mail"]] for each in world["people"]}

    def private_of_others(self, person: Person | None) -> list[str]:
        """Return who others are, and what they wrote about third persons."""
        return [
            value for token, values in self.private.items() if not person or token != person.token for value in values
        ]

    def person(self, tenant: str, number: int) -> Person:
        """Return a person of a tenant."""
        return self.people[tenant, f"u-{number:02}"]

    def may_read(self, person: Person, document: Document) -> bool:
        """Tell whether somebody may read a version of a document now."""
        if not document.there or document.tenant not in (person.tenant, SHARED):
            return False
        return not document.groups or bool(set(document.groups) & set(self.groups[person.token]))

    def readable(self, person: Person | None) -> list[Document]:
        """Return what somebody may read now."""
        return [each for each in self.documents if person and self.may_read(person, each)]

    def of_topic(self, tenant: str, topic: str) -> Document:
        """Return the present document of a tenant on a topic."""
        return next(
            each for each in self.documents if each.there and (each.tenant, each.facts["topic"]) == (tenant, topic)
        )

    def added(self, tenant: str, made: object, title: str, text: str) -> None:
        """Write down a document that somebody planted, and that ids in its text are known to its tenant."""
        self.documents.append(Document(str(made), tenant, [], title, text, {"topic": title}))
        self.quoted |= {each.id for each in self.documents if each.id in text}

    def replaced(self, document: Document, title: str, text: str, facts: Mapping[str, str]) -> Document:
        """Write down a new version."""
        document.there = False
        self.documents.append(Document(document.id, document.tenant, document.groups, title, text, facts))
        return self.documents[-1]


@dataclass(frozen=True)
class Wish:
    """A request to be sent: by whom, for which check, and what its entry in the log should say."""

    channel: str
    person: Person | None
    method: str
    target: str
    body: Any = None
    raw: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    decision: str = "allowed"
    about: str = ""
    token: str = ""

    @property
    def call(self) -> Call:
        """The request itself."""
        token = self.person.token if self.person else self.token
        return Call(token, self.method, self.target, self.body, self.raw, self.headers)

    @property
    def question(self) -> str:
        """The question that is asked, if one is."""
        asked = self.body.get("question") if isinstance(self.body, dict) else None
        return asked if isinstance(asked, str) else ""


@dataclass(frozen=True)
class Exchange:
    """A request, what came back, and what the person might read at that moment."""

    wish: Wish
    got: Answered
    readable: frozenset[int]
    leaked: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing came back that was not for this person."""
        return not self.leaked


class Asking(Protocol):
    """What requests are sent to."""

    def ask(self, calls: Sequence[Call], *, together: bool = False) -> list[Answered]:
        """Send requests."""


class Session:
    """Sends requests and looks at every answer at once for what is not for its asker."""

    def __init__(self, desk: Asking, ledger: Ledger) -> None:
        self.ledger = ledger
        self.exchanges: list[Exchange] = []
        self._desk = desk

    def send(self, *wishes: Wish, together: bool = False) -> list[Exchange]:
        """Send requests and write down what came back."""
        answers = self._desk.ask([wish.call for wish in wishes], together=together)
        made = [self._seen(wish, got) for wish, got in zip(wishes, answers, strict=True)]
        self.exchanges += made
        return made

    def _seen(self, wish: Wish, got: Answered) -> Exchange:
        mine = self.ledger.readable(wish.person)
        mine_ids, sent = {each.id for each in mine}, leaks.Reading(f"{wish.target} {wish.body} {wish.raw} {wish.token}")
        reading = leaks.Reading(got.text + " " + " ".join(got.headers.values()))
        readable = {id(each) for each in mine}
        others = [each for each in self.ledger.documents if id(each) not in readable]
        values = {value for each in others for value in each.values} | {
            each.id for each in others
        } - mine_ids - self.ledger.quoted
        values |= set(self.ledger.private_of_others(wish.person))
        leaked = tuple(sorted(value for value in values if reading.holds(value) and not sent.holds(value)))
        return Exchange(wish, got, frozenset(readable), leaked)


def _person(each: Mapping[str, Any]) -> Person:
    return Person(each["token"], each["tenant"], each["id"], each["role"])


def _document(each: Mapping[str, Any], facts: Mapping[str, str]) -> Document:
    return Document(each["id"], each["tenant"], list(each["groups"]), each["title"], each["text"], facts)
