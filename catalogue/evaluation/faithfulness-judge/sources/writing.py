"""Turns facts into sentences, and sentences into passages and answers."""

import random
from dataclasses import dataclass

import rare
from wording import BY_ID, Topic
from world import Site, Value

HOUSE, OTHER, RARE = "house", "other", "rare"
SHORT = ("it", "the site", "this site")
UNITS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@dataclass(frozen=True)
class Fact:
    """That a topic has a value at a site; it need not be true."""

    site: Site
    topic: Topic
    value: Value


@dataclass(frozen=True)
class Manner:
    """How a fact is put: way of speaking, which of its sentences, and which spelling of site and value."""

    way: str
    place: int
    site: int
    value: int


def draw_manner(drawn: random.Random, topic: Topic, way: str, turn: int | None = None) -> Manner:
    """Draw a manner; the house writes plain names and figures, others as they like. `turn` chooses the sentence."""
    plain = way == HOUSE
    place = (drawn.randrange(6) if turn is None else turn) % len(topic.house if plain else topic.other)
    return Manner(way, place, 0 if plain else drawn.randrange(3), 0 if plain else drawn.randrange(1, 3))


def sentence(fact: Fact, manner: Manner, name: str = "") -> str:
    """Write the sentence, without its full stop; `name` stands for the site's name where it is given."""
    texts = texts_of(fact.topic, manner)
    text = texts[1] if fact.topic.kind == "polarity" and not fact.value else texts[0]
    if name == "it" and not text.startswith("{s}"):
        name = "the site"
    filled = text.format(
        s=name or site_name(fact.site, manner.site), v=spelled(fact.topic.kind, fact.value, manner.value)
    )
    return filled[0].upper() + filled[1:]


def texts_of(topic: Topic, manner: Manner) -> tuple[str, ...]:
    """Give the sentence of a manner, or the two of them where it is a matter of yes or no."""
    if manner.way == RARE:
        return rare.TEXTS[topic.id][manner.place]
    chosen = (topic.house if manner.way == HOUSE else topic.other)[manner.place]
    return tuple(wording.text for wording in chosen)


def site_name(site: Site, spelling: int) -> str:
    """Spell a site: the Kestrel Road depot, the depot at Kestrel Road, or Kestrel Road."""
    return (f"the {site.road} {site.sort}", f"the {site.sort} at {site.road}", site.road)[spelling]


def spelled(kind: str, value: Value, spelling: int) -> str:
    """Spell a value: plainly (0), or in one of two other ways."""
    if isinstance(value, str):
        return name_spelled(kind, value, spelling)
    if kind == "count":
        return in_words(value) if spelling else str(value)
    if kind == "money":
        return (f"{value} euros", f"EUR {value}", f"{in_words(value)} euros")[spelling]
    if kind == "time":
        hour, minute = divmod(value, 60)
        return (f"{hour}:{minute:02d}", f"{hour - 12}.{minute:02d} pm", f"{hour}.{minute:02d}")[spelling]
    return str(value)


def name_spelled(kind: str, value: str, spelling: int) -> str:
    """Spell a name: people by initial, companies by their first word."""
    if kind == "person" and spelling == 1:
        return f"{value[0]}. {value.split()[1]}"
    if kind == "company" and spelling == 1:
        return value.split(maxsplit=1)[0]
    return value


def in_words(number: int) -> str:
    """Write a number below 100 in words."""
    if number < 20:
        return UNITS[number]
    tens, units = divmod(number, 10)
    return TENS[tens] + (f"-{UNITS[units]}" if units else "")


def twin_of(topic: Topic) -> Topic | None:
    """Return the topic that this one is easily taken for."""
    return BY_ID.get(topic.twin)
