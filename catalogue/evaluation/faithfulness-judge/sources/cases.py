"""Draws cases: a passage about two or three sites, an answer about it, and whether the passage supports the answer.

Every set has the same number of cases for each system, label, kind of fault and way of speaking, whatever the seed.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TypeVar

import wording
import writing
from world import Site, Value, alike, fresh
from writing import HOUSE, OTHER, RARE, Fact, Manner

T = TypeVar("T")
K = TypeVar("K")
NEW_IN_ANSWERS, NEW_IN_PASSAGES = 0.18, 0.06
"""How often something is put in a way that no other set has: in paraphrased answers, in paraphrases of passages."""

FAULTS = ("name", "number", "negation", "elsewhere")
FILLERS = (
    "Questions go to the duty desk.",
    "This page is checked every quarter.",
    "Maps are in the annex.",
    "Please report mistakes on this page.",
    "Details are in the site folder.",
    "Changes are announced by mail.",
    "The page is meant for staff only.",
    "Old notices have been removed.",
)
LEADS = ("According to the page: ", "As far as I can see: ", "Yes. ", "In short: ", "This is what I found: ")


@dataclass(frozen=True)
class Case:
    """One answer of a system, with what only the judge knows: fault is empty where the passage supports it."""

    id: str
    system: str
    context: str
    answer: str
    fault: str
    paraphrased: bool


@dataclass(frozen=True)
class Wish:
    """What the next case has to be: whose, with which fault if any, about which group of topics, in which way.

    `turn` counts cases that are alike otherwise; it decides whether a second thing is said, and in which sentences.
    `new` is whether the answer puts it in a way that no other set has.
    """

    system: str
    fault: str
    group: str
    paraphrased: bool
    turn: int = 0
    easy: bool = False
    new: bool = False


@dataclass
class Passage:
    """A passage in the making: what it tells, in which manner, and what it leaves out about its sites."""

    told: list[Fact] = field(default_factory=list)
    manners: dict[tuple[str, str], Manner] = field(default_factory=dict)
    text: str = ""

    def tells(self, site: Site, topic: wording.Topic) -> bool:
        """Say whether the passage tells this topic of this site."""
        return (site.road, topic.id) in self.manners

    @property
    def sites(self) -> list[Site]:
        """The sites in the order in which they come."""
        return list({fact.site.road: fact.site for fact in self.told}.values())


class Author:
    """Writes cases about the sites of one part of the world."""

    def __init__(self, drawn: random.Random, sites: Sequence[Site], rare: Mapping[str, int]) -> None:
        self.drawn = drawn
        self.sites = list(sites)
        self.rare = rare

    def case(self, wish: Wish) -> Case:
        """Write one case as wished."""
        passage = self.passage()
        answer = self.easy_answer(passage, wish) if wish.easy else self.answer(passage, wish)
        return Case(
            f"{self.drawn.getrandbits(40):010x}", wish.system, passage.text, answer, wish.fault, wish.paraphrased
        )

    def passage(self) -> Passage:
        """Write a passage: two sites with the same topics and one more each, and sometimes a third site."""
        first, second, third = self.drawn.sample(self.sites, 3)
        shared = [self.drawn.choice(wording.GROUPS[group]) for group in wording.GROUPS]
        twins = [twin for topic in shared if (twin := writing.twin_of(topic))]
        rest = [topic for topic in wording.TOPICS if topic not in shared and topic not in twins]
        extra = self.drawn.sample(rest, 5)
        plan = [(first, [*shared, extra[0]]), (second, [*shared, extra[1]])]
        for site_plan in plan:
            site_plan[1].append(self.drawn.choice(twins or extra[4:]))
        if self.drawn.random() < 0.5:
            plan.append((third, extra[2:4]))
        passage = Passage()
        paragraphs = [self.paragraph(passage, site, topics) for site, topics in self.shuffled(plan)]
        paragraphs.insert(self.drawn.randrange(len(paragraphs) + 1), self.drawn.choice(FILLERS))
        passage.text = " ".join(paragraphs)
        return passage

    def paragraph(self, passage: Passage, site: Site, topics: Sequence[wording.Topic]) -> str:
        """Write what the passage tells of one site; after the first sentence the name may be left out."""
        sentences: list[str] = []
        for topic in self.shuffled(topics):
            fact = Fact(site, topic, site.values[topic.id])
            manner = writing.draw_manner(self.drawn, topic, HOUSE if self.drawn.random() < 0.65 else OTHER)
            if manner.way == OTHER and self.drawn.random() < NEW_IN_PASSAGES:
                manner = self.new_manner(topic, manner)
            short = self.drawn.choice(writing.SHORT) if sentences and self.drawn.random() < 0.4 else ""
            sentences.append(writing.sentence(fact, manner, short) + ".")
            passage.told.append(fact)
            passage.manners[site.road, topic.id] = manner
        return " ".join(sentences)

    def new_manner(self, topic: wording.Topic, manner: Manner) -> Manner:
        """Give a manner with this set's own sentence in place of a usual one."""
        return replace(manner, way=RARE, place=self.rare[topic.id])

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Give the same things in another order."""
        return self.drawn.sample(list(things), len(things))

    def answer(self, passage: Passage, wish: Wish) -> str:
        """Write an answer with the wished fault, or none; every second one says one more thing that is right."""
        fact = self.fact(passage, wish)
        said = [self.said(passage, fact, paraphrased=wish.paraphrased, turn=wish.turn, new=wish.new)]
        if wish.turn % 2:
            others = [one for one in passage.told if one.topic.id != fact.topic.id]
            other = self.drawn.choice(others)
            said.append(self.said(passage, other, paraphrased=wish.paraphrased, turn=wish.turn // 6 + wish.turn))
        return self.joined(self.shuffled(said))

    def fact(self, passage: Passage, wish: Wish) -> Fact:
        """Choose what to say, and spoil it as wished."""
        topics = {topic.id for topic in wording.GROUPS[wish.group]}
        if wish.fault == "elsewhere":
            left_out = [
                Fact(site, topic, site.values[topic.id])
                for site in passage.sites
                for topic in wording.GROUPS[wish.group]
                if not passage.tells(site, topic)
            ]
            known = {fact.topic.id for fact in passage.told}
            near = [fact for fact in left_out if fact.topic.id in known]
            return self.drawn.choice(near if near and self.drawn.random() < 0.75 else left_out)
        fact = self.drawn.choice([one for one in passage.told if one.topic.id in topics])
        return fact if not wish.fault else Fact(fact.site, fact.topic, self.wrong(passage, fact))

    def wrong(self, passage: Passage, fact: Fact) -> Value:
        """Give a wrong value: mostly one that the passage tells of another site, or of a similar topic."""
        if fact.topic.kind == "polarity":
            return not fact.value
        near = [
            one.value for one in passage.told if one.topic.kind == fact.topic.kind and not alike(one.value, fact.value)
        ]
        if near and self.drawn.random() < 0.8:
            return self.drawn.choice(near)
        return fresh(self.drawn, fact.topic.kind, [fact.value])

    def joined(self, sentences: Sequence[str]) -> str:
        """Join the sentences of an answer, sometimes with a few words in front."""
        lead = self.drawn.choice(LEADS) if self.drawn.random() < 0.3 else ""
        return lead + " ".join(f"{text}." for text in sentences)

    def said(self, passage: Passage, fact: Fact, *, paraphrased: bool, turn: int, new: bool = False) -> str:
        """Write one sentence of an answer: as the passage puts it, or otherwise."""
        if new:
            manner = writing.draw_manner(self.drawn, fact.topic, OTHER)
            return writing.sentence(fact, self.new_manner(fact.topic, manner))
        used = passage.manners.get((fact.site.road, fact.topic.id))
        if not paraphrased:
            near = [manner for (_, topic), manner in passage.manners.items() if topic == fact.topic.id]
            return writing.sentence(
                fact, used or self.drawn.choice(near or [Manner(HOUSE, self.drawn.randrange(2), 0, 0)])
            )
        way = OTHER if used is None or used.way == HOUSE else HOUSE
        return writing.sentence(fact, writing.draw_manner(self.drawn, fact.topic, way, turn))

    def easy_answer(self, passage: Passage, wish: Wish) -> str:
        """Write an answer as they came in the pilot: copied from the passage, or about something else altogether."""
        if not wish.fault:
            return self.joined(
                [self.said(passage, fact, paraphrased=False, turn=0) for fact in self.drawn.sample(passage.told, 2)]
            )
        away = [site for site in self.sites if site not in passage.sites]
        known = {fact.topic.id for fact in passage.told}
        topics = self.drawn.sample([topic for topic in wording.TOPICS if topic.id not in known], 2)
        site = self.drawn.choice(away)
        facts = [Fact(site, topic, site.values[topic.id]) for topic in topics]
        return self.joined([self.said(passage, fact, paraphrased=True, turn=wish.turn) for fact in facts])


def spread(total: int, shares: dict[K, float]) -> dict[K, int]:
    """Split a total by shares, so that the parts add up to it."""
    parts: dict[K, int] = {}
    gone, before = 0, 0.0
    for name, share in shares.items():
        before += share
        upto = round(total * before / sum(shares.values()))
        parts[name], gone = upto - gone, upto
    return parts


def hard_wishes(system: str, count: int, rate: float, paraphrased: float) -> list[Wish]:
    """Plan cases of the kinds that are hard: a share `rate` unsupported, in each part a share paraphrased."""
    faulty = round(count * rate)
    plan = [("", group, n) for group, n in spread(count - faulty, dict.fromkeys(wording.GROUPS, 1.0)).items()]
    faults = spread(faulty, dict.fromkeys(FAULTS, 1.0))
    plan += [(fault, fault, faults[fault]) for fault in FAULTS[:3]]
    plan += [
        ("elsewhere", group, n) for group, n in spread(faults["elsewhere"], dict.fromkeys(wording.GROUPS, 1.0)).items()
    ]
    wishes = [
        Wish(system, fault, group, in_other_words, turn)
        for fault, group, number in plan
        for in_other_words, times in spread(number, {True: paraphrased, False: 1 - paraphrased}).items()
        for turn in range(times)
    ]
    return [*renewed([one for one in wishes if not one.fault]), *renewed([one for one in wishes if one.fault])]


def renewed(wishes: Sequence[Wish]) -> list[Wish]:
    """Ask a fixed share of the paraphrased ones, evenly spread, to put it in a way that no other set has."""
    counted = accumulate(int(wish.paraphrased) for wish in wishes)
    return [
        replace(wish, new=wish.paraphrased and int(n * NEW_IN_ANSWERS + 0.5) > int((n - 1) * NEW_IN_ANSWERS + 0.5))
        for n, wish in zip(counted, wishes, strict=True)
    ]


def easy_wishes(system: str, count: int, rate: float) -> list[Wish]:
    """Plan cases of the easy kinds."""
    faulty = round(count * rate)
    return [
        Wish(system, "off topic" if place < faulty else "", "name", paraphrased=False, turn=place, easy=True)
        for place in range(count)
    ]


def write_cases(
    drawn: random.Random, sites: Sequence[Site], rare: Mapping[str, int], wishes: Sequence[Wish]
) -> list[Case]:
    """Write all wished cases, in random order; `rare` is which sentence of each topic comes up in this set only."""
    author = Author(drawn, sites, rare)
    return [author.case(wish) for wish in drawn.sample(list(wishes), len(wishes))]
