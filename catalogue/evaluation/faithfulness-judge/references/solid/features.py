"""What speaks against an answer: another topic, name, number, or yes for no, against the closest sentence of its context."""

import csv
import re
from functools import cache

WORD = re.compile(r"[a-z]+")
NAME = re.compile(r"\b[A-Z][a-z]+\b")
SITE = re.compile(r"\b[A-Z][a-z]+ (?:Road|Lane|Street|Yard|Hill|Bridge|Cross|Quay)\b")
NEGATIONS = {"not", "no", "never", "cannot", "nobody", "only"}
PLAIN = {
    "The", "At", "This", "It", "There", "In", "As", "According", "Yes", "Work", "Cards", "Batteries", "Helmets", "One",
    "Deliveries", "Visitors", "Vehicles", "Parking", "Spare", "Guests", "Goods", "Whoever", "Whatever", "Keeping", "To",
    "Drivers", "Components", "Second", "Walk", "Lorries", "Freight", "Nobody", "Head", "Accumulators", "Cashless", "Wheels",
}


@cache
def glossary():
    with open("data/glossary.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return sorted(((row["phrase"], row["topic"], row["says"]) for row in rows), key=lambda row: -len(row[0]))


@cache
def topic_of(text):
    lower = text.lower()
    return next(((topic, says) for phrase, topic, says in glossary() if phrase in lower), ("", ""))


def sentences(text):
    """Split a text, and give each sentence the site that it speaks of."""
    found, site = [], ""
    for part in re.split(r"(?<=[a-z0-9])\. ", text.rstrip(".")):
        named = SITE.search(part)
        site = named.group() if named else site
        found.append((site, part))
    return found


UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
FIGURES = {word: number for number, word in enumerate(UNITS, 1)}
FIGURES |= {word: number for number, word in zip(range(20, 100, 10), TENS)}
FIGURES |= {f"{ten}-{unit}": FIGURES[ten] + FIGURES[unit] for ten in TENS for unit in UNITS[:9]}
del FIGURES["one"]


def numbers(text):
    """Read figures, numbers in words, and times of the afternoon."""
    text = re.sub(r"(\d+)\.(\d\d) pm", lambda found: f"{int(found[1]) + 12}:{found[2]}", text)
    return set(re.findall(r"\d+", text)) | {str(FIGURES[word]) for word in re.findall(r"[a-z-]+", text.lower()) if word in FIGURES}


def names(text):
    return {word for word in NAME.findall(SITE.sub(" ", text)) if word not in PLAIN and word.lower() not in FIGURES}


def words(text):
    return set(WORD.findall(text.lower()))


def likeness(said, part, topic):
    """Say how much a sentence of the context looks like the one that an answer's sentence goes back to."""
    same = 5 * bool(topic and topic_of(part)[0] == topic)
    values = 3 * bool(names(said) & names(part)) + 3 * bool(numbers(said) & numbers(part))
    return same + values + len(words(said) & words(part)) / len(words(said))


def describe(site, said, told):
    """Describe one sentence of an answer by the sentence about the same site that is closest in topic and words."""
    about = [part for other, part in told if other == site]
    if not about:
        return [1.0] * 6 + [0.0]
    topic, says = topic_of(said)
    best = max(about, key=lambda part: likeness(said, part, topic))
    other_topic, other_says = topic_of(best)
    if says and topic == other_topic:
        opposite = float(says != other_says)
    else:
        opposite = 0.5 * (bool(NEGATIONS & words(said)) != bool(NEGATIONS & words(best)))
    return [
        0.0,
        float(bool(topic and other_topic) and topic != other_topic),
        float(not topic or not other_topic),
        float(bool(names(said)) and not names(said) & names(best)),
        float(not numbers(said) <= numbers(best)),
        opposite,
        len(words(said) & words(best)) / max(1, len(words(said))),
    ]


def features(row):
    """Describe an answer by the worst of its sentences."""
    told = sentences(row["context"])
    found = [describe(site, said, told) for site, said in sentences(row["answer"]) if SITE.search(said)]
    columns = list(zip(*found)) if found else [(1.0,)] * 6 + [(0.0,)]
    return [max(column) for column in columns[:6]] + [min(columns[6])]
