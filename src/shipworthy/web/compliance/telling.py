"""An event in words: what happened, who did it, what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shipworthy.access.entities import Person
from shipworthy.audit.entities import Event
from shipworthy.audit.tags import Tag

MEANINGS = {tag.value: tag.meaning for tag in Tag}
KINDS = {
    "assessment": "assessment",
    "candidate": "candidate",
    "grading_job": "grading",
    "house": "Shipworthy itself",
    "invitation": "invitation",
    "organisation": "the organisation",
    "person": "person",
    "role": "role",
    "session": "session",
    "session_task": "task of a session",
    "token": "API token",
    "worker": "worker",
}
WHO = {
    "owner": "Owners",
    "person": "Everybody of the organisation",
    "manager": "Hiring managers",
    "recruiter": "Recruiters",
    "candidate": "Candidates",
    "house": "Shipworthy itself",
    "worker": "Workers that grade",
    "operator": "Operators",
    "compliance": "Compliance officers",
}
ALONE = frozenset({"house", "organisation"})
"""Kinds of which an organisation knows one only."""
SHORT = 8


@dataclass(frozen=True)
class Told:
    """An event with its words beside it."""

    event: Event
    meaning: str
    who: str
    about: str


def tell(events: Sequence[Event], names: Mapping[str, str]) -> list[Told]:
    """Return events in words; `names` has what people of the organisation are called, by their id."""
    return [
        Told(
            event,
            MEANINGS.get(event.tag, "An event of a version of Shipworthy that this one does not know."),
            in_words(event.actor, names),
            in_words(event.subject, names),
        )
        for event in events
    ]


def names_of(people: Sequence[Person]) -> dict[str, str]:
    """Return what people are called, by their id."""
    return {str(person.id): person.name for person in people}


def in_words(reference: str, names: Mapping[str, str]) -> str:
    """Spell `person:<uuid>` and its like for people: a name where it is known, else the kind and the id's beginning."""
    kind, _, key = reference.partition(":")
    if kind == "person" and key in names:
        return names[key]
    word = KINDS.get(kind, kind.replace("_", " "))
    named = word if kind in ALONE or not key else f"{word} {key[:SHORT]}"
    return named[:1].upper() + named[1:]


@dataclass(frozen=True)
class Family:
    """Everything that one kind of who does, with what each tag means."""

    who: str
    prefix: str
    tags: tuple[Tag, ...]


def families() -> list[Family]:
    """Return every tag there is, by who does it."""
    prefixes = dict.fromkeys(tag.value.partition(":")[0] for tag in Tag)
    return [
        Family(
            WHO.get(prefix, prefix.capitalize()),
            f"{prefix}:",
            tuple(tag for tag in Tag if tag.value.startswith(f"{prefix}:")),
        )
        for prefix in prefixes
    ]
