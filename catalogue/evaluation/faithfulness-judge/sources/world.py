"""The sites of one variant, and everything that is true of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import wording

Value = str | int | bool
ROADS = (
    "Kestrel",
    "Miller",
    "Harrow",
    "Linden",
    "Quarry",
    "Tanner",
    "Osprey",
    "Wharf",
    "Cooper",
    "Alder",
    "Foundry",
    "Priory",
    "Saddler",
    "Heron",
    "Granary",
    "Juniper",
    "Chapel",
    "Beacon",
    "Orchard",
    "Weaver",
    "Falcon",
    "Mason",
    "Willow",
    "Cannon",
    "Thistle",
    "Abbey",
    "Marlow",
    "Potter",
    "Rowan",
    "Station",
    "Fuller",
    "Plover",
    "Brewer",
    "Hazel",
    "Castle",
    "Drover",
    "Sexton",
    "Clover",
    "Lantern",
    "Mercer",
    "Bishop",
    "Garnet",
    "Hunter",
    "Ivory",
    "Jasper",
    "Kiln",
    "Larch",
    "Meadow",
)
WAYS = ("Road", "Lane", "Street", "Yard", "Hill", "Bridge", "Cross", "Quay")
SORTS = ("depot", "workshop", "garage", "terminal", "store")
FIRST = (
    "Marta",
    "Joel",
    "Priya",
    "Anselm",
    "Dilek",
    "Tobias",
    "Noor",
    "Greta",
    "Samuel",
    "Yara",
    "Henrik",
    "Lucia",
    "Omar",
    "Petra",
    "Kofi",
    "Ingrid",
    "Rafael",
    "Sunniva",
    "Teodor",
    "Amina",
    "Bruno",
    "Carla",
    "Emil",
    "Farah",
)
LAST = (
    "Quill",
    "Abara",
    "Lindqvist",
    "Moreau",
    "Sandoval",
    "Tervo",
    "Ostrander",
    "Bellamy",
    "Kovac",
    "Nakata",
    "Deveraux",
    "Holloway",
    "Achterberg",
    "Rahimi",
    "Castellan",
    "Wendt",
    "Petrosyan",
    "Okafor",
    "Thackeray",
    "Ullman",
    "Varga",
    "Yilmaz",
    "Zeller",
    "Brannigan",
    "Corrigan",
    "Drummond",
    "Eklund",
    "Fairweather",
    "Galloway",
    "Hargreave",
    "Ibarra",
    "Jankowski",
    "Kessler",
    "Lombardi",
    "Mbeki",
    "Novotny",
    "Oduya",
    "Pennington",
    "Rosenthal",
    "Strand",
    "Tindall",
    "Vickers",
)
TRADES = ("Haulage", "Partners", "Works", "Trading", "Brothers", "Services", "Group", "Supply")
HOUSES = (
    "Orrin",
    "Brandt",
    "Calloway",
    "Duval",
    "Elmore",
    "Ferrant",
    "Gaskell",
    "Hobart",
    "Ivarsen",
    "Jessop",
    "Kilburn",
    "Lathom",
    "Merrow",
    "Norwell",
    "Ormond",
    "Pascoe",
    "Quennell",
    "Redfern",
    "Selkirk",
    "Tolland",
    "Umber",
    "Vantner",
    "Wexley",
    "Yardley",
    "Zander",
    "Ashdown",
    "Bexhill",
    "Cranmer",
)
TOWNS = (
    "Aldmoor",
    "Brantley",
    "Corvale",
    "Dunmere",
    "Eskby",
    "Farholt",
    "Gildenham",
    "Hartsea",
    "Ingleton",
    "Kelmarsh",
    "Lowick",
    "Marsden",
    "Netherby",
    "Oakhurst",
    "Penwick",
    "Ravenglass",
    "Stourley",
    "Tarrow",
    "Upwell",
    "Wansford",
    "Yarrowby",
    "Zealham",
)


@dataclass(frozen=True)
class Site:
    """A site: the parts of its name, and its value for every topic."""

    road: str
    sort: str
    values: dict[str, Value]


def draw_sites(drawn: random.Random, count: int) -> list[Site]:
    """Draw sites with names that differ in road and way."""
    names = [f"{road} {way}" for road in ROADS for way in WAYS]
    return [Site(name, drawn.choice(SORTS), draw_values(drawn)) for name in drawn.sample(names, count)]


def draw_values(drawn: random.Random) -> dict[str, Value]:
    """Draw what is true of one site; topics that are taken for each other never have the same value."""
    values: dict[str, Value] = {}
    for topic in wording.TOPICS:
        values[topic.id] = fresh(drawn, topic.kind, [values[topic.twin]] if topic.twin in values else [])
    return values


def fresh(drawn: random.Random, kind: str, taken: Sequence[Value]) -> Value:
    """Draw a value of a kind that shares no part with those that are taken."""
    while True:
        value = one_value(drawn, kind)
        if kind == "polarity" or not any(alike(value, other) for other in taken):
            return value


def one_value(drawn: random.Random, kind: str) -> Value:
    """Draw a value of a kind; times are minutes after midnight."""
    if kind == "person":
        return f"{drawn.choice(FIRST)} {drawn.choice(LAST)}"
    if kind == "company":
        return f"{drawn.choice(HOUSES)} {drawn.choice(TRADES)}"
    if kind == "town":
        return drawn.choice(TOWNS)
    if kind == "polarity":
        return drawn.random() < 0.5
    low, high, step = {"year": (1956, 2022, 1), "count": (6, 98, 1), "money": (4, 95, 1), "time": (900, 1350, 30)}[kind]
    return drawn.randrange(low, high + 1, step)


def alike(one: Value, other: Value) -> bool:
    """Say whether two values could be taken for each other when one is shortened."""
    return one == other or bool(set(str(one).split()) & set(str(other).split()))
