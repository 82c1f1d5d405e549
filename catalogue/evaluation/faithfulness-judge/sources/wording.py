"""What can be said about a site: topics, and the sentences that say each of them.

Sentences come in two ways of speaking that share few words. `{s}` is the site, `{v}` the value. The phrase beside a
sentence is how it can be recognised; phrases that are not `listed` are missing from the glossary that candidates get.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One sentence: what it says, the phrase that stays the same in it, and whether the glossary knows that phrase."""

    text: str
    phrase: str
    listed: bool = True


@dataclass(frozen=True)
class Topic:
    """One thing that is known about every site.

    `kind` says what its value is. Each way of speaking is a tuple of sentences; topics of kind `polarity` have pairs of
    sentences instead, the first for yes and the second for no. `twin` is the topic that it is easily taken for.
    """

    id: str
    title: str
    kind: str
    house: tuple[tuple[Wording, ...], ...]
    other: tuple[tuple[Wording, ...], ...]
    twin: str = ""


def told(*wordings: Wording) -> tuple[tuple[Wording, ...], ...]:
    """Lay out sentences that have a value."""
    return tuple((wording,) for wording in wordings)


def pair(yes: Wording, no: Wording) -> tuple[Wording, ...]:
    """Lay out one sentence and its opposite."""
    return (yes, no)


W = Wording
TOPICS = (
    Topic(
        "head",
        "who leads the site",
        "person",
        told(
            W("{v} runs {s}", "runs"), W("{s} is run by {v}", "is run by"), W("the head of {s} is {v}", "the head of")
        ),
        told(
            W("{v} is in charge of {s}", "is in charge of"),
            W("the person responsible for {s} is {v}", "the person responsible for"),
            W("at {s} the final say lies with {v}", "the final say lies with", listed=False),
        ),
        "deputy",
    ),
    Topic(
        "deputy",
        "who deputises",
        "person",
        told(W("{v} is the deputy at {s}", "is the deputy at"), W("the deputy at {s} is {v}", "the deputy at")),
        told(
            W("{v} stands in for the boss at {s}", "stands in for the boss"),
            W("second in command at {s} is {v}", "second in command"),
            W("{s} turns to {v} while its leader is on leave", "while its leader is on leave", listed=False),
        ),
        "head",
    ),
    Topic(
        "supplier",
        "who delivers spare parts",
        "company",
        told(
            W("{v} delivers spare parts to {s}", "delivers spare parts"),
            W("spare parts for {s} come from {v}", "spare parts"),
        ),
        told(
            W("{s} orders its replacement components from {v}", "replacement components"),
            W("components reach {s} through {v}", "components reach"),
            W("whatever has to be swapped out at {s} is ordered at {v}", "has to be swapped out", listed=False),
        ),
        "cleaner",
    ),
    Topic(
        "cleaner",
        "who cleans",
        "company",
        told(W("{v} cleans {s}", "cleans"), W("{s} is cleaned by {v}", "is cleaned by")),
        told(
            W("keeping {s} tidy is up to {v}", "tidy is up to"),
            W("the housekeeping contract of {s} is held by {v}", "housekeeping contract"),
            W("{v} sends the people with brooms and mops to {s}", "brooms and mops", listed=False),
        ),
        "supplier",
    ),
    Topic(
        "town",
        "where the site is",
        "town",
        told(W("{s} lies in {v}", "lies in"), W("{s} is situated in {v}", "is situated in")),
        told(
            W("{v} is home to {s}", "is home to"),
            W("whoever wants to see {s} travels to {v}", "travels to"),
            W("the postal address of {s} ends in {v}", "postal address", listed=False),
        ),
    ),
    Topic(
        "opened",
        "when the site opened",
        "year",
        told(W("{s} opened in {v}", "opened in"), W("the opening of {s} was in {v}", "the opening of")),
        told(
            W("{s} has been in operation since {v}", "has been in operation since"),
            W("work at {s} began in {v}", "began in"),
            W("the first vehicles rolled into {s} in {v}", "the first vehicles rolled into", listed=False),
        ),
        "rebuilt",
    ),
    Topic(
        "rebuilt",
        "when the site was rebuilt",
        "year",
        told(
            W("{s} was rebuilt in {v}", "was rebuilt in"), W("the rebuilding of {s} ended in {v}", "the rebuilding of")
        ),
        told(
            W("{s} got its present shape in {v}", "got its present shape"),
            W("the conversion of {s} was finished in {v}", "the conversion of"),
            W("the builders handed {s} back in {v}", "the builders handed", listed=False),
        ),
        "opened",
    ),
    Topic(
        "staff",
        "how many people work there",
        "count",
        told(W("{s} employs {v} people", "employs"), W("{s} has {v} employees", "employees")),
        told(
            W("the crew at {s} is {v} strong", "the crew at"),
            W("{v} colleagues are on the payroll of {s}", "on the payroll of"),
            W("{v} pairs of hands keep {s} going", "pairs of hands", listed=False),
        ),
        "bays",
    ),
    Topic(
        "bays",
        "how many bays there are",
        "count",
        told(W("{s} has {v} bays", "bays"), W("there are {v} bays at {s}", "there are")),
        told(
            W("{v} vehicles fit into {s} at the same time", "fit into"),
            W("{s} offers room for {v} vehicles", "offers room for"),
            W("{s} is full once {v} vehicles are in", "is full once", listed=False),
        ),
        "staff",
    ),
    Topic(
        "fee",
        "what parking costs",
        "money",
        told(
            W("parking at {s} costs {v} a day", "parking at"), W("a day of parking at {s} is {v}", "a day of parking")
        ),
        told(
            W("drivers who leave a car at {s} pay {v} daily", "leave a car"),
            W("the daily rate for a private car at {s} is {v}", "daily rate for a private car"),
            W("{v} is due at {s} for every day on its tarmac", "on its tarmac", listed=False),
        ),
        "deposit",
    ),
    Topic(
        "deposit",
        "what has to be left for a key",
        "money",
        told(
            W("the key deposit at {s} is {v}", "key deposit"),
            W("a key deposit of {v} is taken at {s}", "key deposit of"),
        ),
        told(
            W("whoever borrows a key to {s} leaves {v} as security", "as security"),
            W("{s} holds back {v} until a borrowed key is returned", "until a borrowed key is returned"),
            W("to be handed something that unlocks {s}, one puts down {v}", "something that unlocks", listed=False),
        ),
        "fee",
    ),
    Topic(
        "closes",
        "when the gate closes",
        "time",
        told(
            W("the gate at {s} closes at {v}", "closes at"), W("at {s} the gate is shut at {v}", "the gate is shut at")
        ),
        told(
            W("the last vehicle gets into {s} at {v}", "the last vehicle gets into"),
            W("{s} calls it a day at {v}", "calls it a day"),
            W("whoever reaches {s} later than {v} stays outside", "stays outside", listed=False),
        ),
    ),
    Topic(
        "visitors",
        "whether visitors need an appointment",
        "polarity",
        (
            pair(
                W("{s} accepts visitors without an appointment", "accepts visitors without an appointment"),
                W("{s} does not accept visitors without an appointment", "not accept visitors without an appointment"),
            ),
            pair(
                W("visitors may come to {s} unannounced", "visitors may come"),
                W("visitors may not come to {s} unannounced", "visitors may not come"),
            ),
        ),
        (
            pair(
                W("guests can simply walk into {s}", "guests can simply walk"),
                W("guests have to book ahead at {s}", "guests have to book ahead"),
            ),
            pair(
                W("walk-in guests are welcome at {s}", "walk-in guests are welcome"),
                W("walk-in guests are turned away at {s}", "walk-in guests are turned away"),
            ),
            pair(
                W("one can drop by {s} on the spur of the moment", "drop by", listed=False),
                W("one cannot drop by {s} on the spur of the moment", "cannot drop by", listed=False),
            ),
        ),
    ),
    Topic(
        "deliveries",
        "whether deliveries are taken at night",
        "polarity",
        (
            pair(
                W("{s} takes deliveries at night", "takes deliveries at night"),
                W("{s} does not take deliveries at night", "not take deliveries at night"),
            ),
            pair(
                W("deliveries are accepted at {s} after midnight", "deliveries are accepted"),
                W("deliveries are not accepted at {s} after midnight", "deliveries are not accepted"),
            ),
        ),
        (
            pair(
                W("goods can reach {s} around the clock", "around the clock"),
                W("goods reach {s} in daylight only", "in daylight only"),
            ),
            pair(
                W("lorries unload at {s} even in the dark", "even in the dark"),
                W("lorries never unload at {s} in the dark", "lorries never unload"),
            ),
            pair(
                W("freight is welcome at {s} while the town sleeps", "freight is welcome", listed=False),
                W("freight is unwelcome at {s} while the town sleeps", "freight is unwelcome", listed=False),
            ),
        ),
    ),
    Topic(
        "helmets",
        "whether helmets are required",
        "polarity",
        (
            pair(
                W("helmets are required at {s}", "helmets are required"),
                W("helmets are not required at {s}", "helmets are not required"),
            ),
            pair(
                W("{s} requires helmets", "requires helmets"), W("{s} does not require helmets", "not require helmets")
            ),
        ),
        (
            pair(
                W("nobody enters {s} bareheaded", "nobody enters"),
                W("{s} can be entered bareheaded", "can be entered bareheaded"),
            ),
            pair(
                W("head protection is compulsory at {s}", "head protection is compulsory"),
                W("head protection is optional at {s}", "head protection is optional"),
            ),
            pair(
                W("{s} insists on a hard hat", "insists on a hard hat", listed=False),
                W("{s} does not insist on a hard hat", "not insist on a hard hat", listed=False),
            ),
        ),
    ),
    Topic(
        "charging",
        "whether batteries may be charged indoors",
        "polarity",
        (
            pair(
                W("batteries may be charged indoors at {s}", "batteries may be charged indoors"),
                W("batteries may not be charged indoors at {s}", "batteries may not be charged indoors"),
            ),
            pair(
                W("{s} allows charging batteries indoors", "allows charging batteries indoors"),
                W("{s} does not allow charging batteries indoors", "not allow charging batteries indoors"),
            ),
        ),
        (
            pair(
                W("accumulators can be plugged in under the roof of {s}", "plugged in under the roof"),
                W("accumulators have to be plugged in outside at {s}", "plugged in outside"),
            ),
            pair(
                W("{s} permits power packs on the mains inside", "permits power packs on the mains"),
                W("{s} forbids power packs on the mains inside", "forbids power packs on the mains"),
            ),
            pair(
                W(
                    "the halls of {s} are open to empty cells that want current",
                    "are open to empty cells",
                    listed=False,
                ),
                W(
                    "the halls of {s} are closed to empty cells that want current",
                    "are closed to empty cells",
                    listed=False,
                ),
            ),
        ),
    ),
    Topic(
        "cards",
        "whether cards are taken",
        "polarity",
        (
            pair(W("{s} takes cards", "takes cards"), W("{s} does not take cards", "not take cards")),
            pair(
                W("cards are accepted at {s}", "cards are accepted"),
                W("cards are not accepted at {s}", "cards are not accepted"),
            ),
        ),
        (
            pair(
                W("cashless payment works at {s}", "cashless payment works"),
                W("{s} wants coins and notes only", "coins and notes only"),
            ),
            pair(
                W("one can settle a bill at {s} by phone or plastic", "by phone or plastic"),
                W("{s} settles bills in cash alone", "in cash alone"),
            ),
            pair(
                W("an empty purse is no obstacle at {s}", "is no obstacle", listed=False),
                W("an empty purse is an obstacle at {s}", "is an obstacle", listed=False),
            ),
        ),
    ),
    Topic(
        "overnight",
        "whether vehicles may stay overnight",
        "polarity",
        (
            pair(
                W("vehicles may stay at {s} overnight", "vehicles may stay"),
                W("vehicles may not stay at {s} overnight", "vehicles may not stay"),
            ),
            pair(
                W("{s} lets vehicles stay overnight", "lets vehicles stay overnight"),
                W("{s} does not let vehicles stay overnight", "not let vehicles stay overnight"),
            ),
        ),
        (
            pair(
                W("a van can be left at {s} until morning", "can be left"),
                W("a van has to leave {s} before evening", "before evening"),
            ),
            pair(
                W("{s} tolerates parked vans between dusk and dawn", "tolerates parked vans"),
                W("{s} clears parked vans out at dusk", "clears parked vans out"),
            ),
            pair(
                W("wheels can rest at {s} from one day to the next", "wheels can rest", listed=False),
                W("wheels cannot rest at {s} from one day to the next", "wheels cannot rest", listed=False),
            ),
        ),
    ),
)
BY_ID = {topic.id: topic for topic in TOPICS}
NAMES = ("person", "company", "town")
NUMBERS = ("year", "count", "money", "time")
GROUPS = {
    "name": tuple(topic for topic in TOPICS if topic.kind in NAMES),
    "number": tuple(topic for topic in TOPICS if topic.kind in NUMBERS),
    "negation": tuple(topic for topic in TOPICS if topic.kind == "polarity"),
}
