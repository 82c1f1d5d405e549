"""Ways of putting things that one set has and no other: a sample never shows all that the next week will have.

Each topic has three; a variant gives one of them to the pilot, one to last week's sample and one to what comes later,
so that nobody can list those that count. A matter of yes or no has the sentence for yes and the sentence for no.
"""

import random

import wording

SETS = 3
"""The pilot, last week's sample, and what comes later."""

TEXTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "head": (("{s} is led by {v}",), ("{v} manages {s}",), ("the top manager of {s} is {v}",)),
    "deputy": (
        ("{v} fills in for the leader of {s}",),
        ("{v} acts for the chief of {s} in times of absence",),
        ("the understudy of the chief of {s} is {v}",),
    ),
    "supplier": (
        ("{v} ships whatever wears out to {s}",),
        ("{s} buys brake pads and bulbs from {v}",),
        ("the new parts of {s} come by way of {v}",),
    ),
    "cleaner": (
        ("{v} scrubs the floors of {s}",),
        ("the dirt at {s} is dealt with by {v}",),
        ("{v} keeps {s} spotless",),
    ),
    "town": (
        ("{s} has its home in {v}",),
        ("{s} can be found on the map of {v}",),
        ("{s} belongs to the parish of {v}",),
    ),
    "opened": (
        ("{s} welcomed its first tram in {v}",),
        ("{s} has existed since {v}",),
        ("{s} was inaugurated in {v}",),
    ),
    "rebuilt": (
        ("{s} was renovated in {v}",),
        ("{s} was given a new layout in {v}",),
        ("{s} was modernised from top to bottom in {v}",),
    ),
    "staff": (
        ("{s} gives work to {v} men and women",),
        ("{v} members of staff are based at {s}",),
        ("the headcount of {s} is {v}",),
    ),
    "bays": (
        ("{s} can hold {v} trams and buses",),
        ("{s} is laid out for {v} vehicles",),
        ("{v} stands are marked out in {s}",),
    ),
    "fee": (
        ("a private car is charged {v} per day at {s}",),
        ("whoever parks at {s} is billed {v} per day",),
        ("{s} asks {v} for each day that a car is left there",),
    ),
    "deposit": (
        ("{s} keeps {v} for as long as a key is out",),
        ("the pledge for a key to {s} amounts to {v}",),
        ("a key to {s} is handed out against {v}",),
    ),
    "closes": (("{s} locks up at {v}",), ("the doors of {s} shut at {v}",), ("{s} ends its day at {v}",)),
    "visitors": (
        ("the porter at {s} lets callers in without a date", "the porter at {s} turns callers without a date back"),
        ("{s} is open to callers who just turn up", "{s} is shut to callers who just turn up"),
        ("whoever turns up at {s} uninvited is let in", "whoever turns up at {s} uninvited is sent away"),
    ),
    "deliveries": (
        ("the ramp at {s} is free for suppliers at any hour", "the ramp at {s} is free for suppliers by day alone"),
        ("{s} signs for parcels before sunrise", "{s} sends parcels back before sunrise"),
        ("{s} lets pallets in during the small hours", "{s} keeps pallets out during the small hours"),
    ),
    "helmets": (
        ("whoever works at {s} has to cover the head", "whoever works at {s} is free to leave the head uncovered"),
        ("{s} turns bare heads away", "{s} puts up with bare heads"),
        ("a helmet is a must at {s}", "a helmet is a matter of taste at {s}"),
    ),
    "charging": (
        ("whoever rides a bike can fill it up inside {s}", "whoever rides a bike has to fill it up outside {s}"),
        ("{s} has sockets for batteries in its halls", "{s} bans batteries from the sockets of its halls"),
        ("the rules of {s} let cells refill within its walls", "the rules of {s} keep cells from refilling there"),
    ),
    "cards": (
        ("a bill at {s} can be paid by card", "a bill at {s} has to be paid in cash"),
        ("the till at {s} reads chips", "the till at {s} wants coins alone"),
        ("{s} is happy with plastic money", "{s} is unhappy with plastic money"),
    ),
    "overnight": (
        ("{s} has buses parked till dawn", "{s} has buses gone by dusk"),
        ("{s} shelters vehicles through the small hours", "{s} stands empty of vehicles through the small hours"),
        ("{s} puts trams up for the night", "{s} sends trams away for the night"),
    ),
}


def deal(drawn: random.Random) -> list[dict[str, int]]:
    """Give each set one of the three for every topic, none of them to two sets."""
    orders = {topic.id: drawn.sample(range(SETS), SETS) for topic in wording.TOPICS}
    return [{topic: order[place] for topic, order in orders.items()} for place in range(SETS)]
