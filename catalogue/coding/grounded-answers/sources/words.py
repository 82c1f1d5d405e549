"""What the house writes: concepts with synonyms, rules, attributes, names. `[word]` is a concept, `{v}` a value."""

from dataclasses import dataclass

CONCEPTS = (
    ("weight", "heaviness", "mass"),
    ("noise", "loudness", "sound"),
    ("tank", "reservoir", "container"),
    ("cable", "cord", "lead"),
    ("warranty", "guarantee", "assurance"),
    ("cleaning", "washing", "scrubbing"),
    ("delivery", "shipment", "consignment"),
    ("invoice", "bill", "statement"),
    ("refund", "reimbursement", "repayment"),
    ("deposit", "downpayment", "prepayment"),
    ("inspection", "examination", "checkup"),
    ("fee", "charge", "levy"),
    ("complaint", "grievance", "objection"),
    ("repair", "overhaul", "servicing"),
    ("hotel", "lodging", "accommodation"),
    ("car", "automobile", "vehicle"),
    ("employee", "worker", "colleague"),
    ("holiday", "vacation", "leave"),
    ("laptop", "notebook", "computer"),
    ("password", "passphrase", "passcode"),
    ("visitor", "guest", "caller"),
    ("training", "course", "seminar"),
    ("cancellation", "termination", "annulment"),
    ("allowance", "stipend", "grant"),
    ("voucher", "coupon", "credit"),
    ("begin", "start", "commence"),
    ("book", "reserve", "register"),
    ("announce", "indicate", "mention"),
    ("report", "declare", "file"),
    ("damage", "defect", "breakage"),
    ("rise", "climb", "increase"),
    ("larger", "bigger", "greater"),
    ("director", "executive", "leader"),
    ("hand", "forward", "relay"),
    ("answer", "handle", "tackle"),
    ("team", "crew", "department"),
    ("yard", "court", "courtyard"),
    ("stand", "stay", "remain"),
    ("island", "atoll", "isle"),
    ("rightful", "valid", "justified"),
    ("brought", "supplied", "provided"),
    ("follow", "arrive", "come"),
    ("bring", "invite", "admit"),
    ("ahead", "beforehand", "earlier"),
    ("reminder", "dunning", "chaser"),
    ("due", "payable", "owed"),
)
"""The house's word, the synonym of the sample's questions, that of the hidden ones."""


@dataclass(frozen=True)
class Fact:
    """A statement with one value, and the question for it; `low` to `high` bound a number, `person` asks for a name."""

    section: str
    statement: str
    question: str
    low: int = 0
    high: int = 0
    person: bool = False


@dataclass(frozen=True)
class Topic:
    """A rule of the house: its titles over the years, and its facts."""

    titles: tuple[str, str]
    facts: tuple[Fact, ...]


def _contact(about: str) -> Fact:
    return Fact(
        "Contact", f"{{v}} decides on exceptions for {about}.", f"Who decides on exceptions for {about}?", person=True
    )


@dataclass(frozen=True)
class Grid:
    """A table: its title, the section that holds it, what its rows and columns are, and how a cell is asked for."""

    title: str
    section: str
    key: str
    columns: tuple[str, ...]
    asked: str


RENT_ASKED = "What is the monthly rent of the {row} for {column}?"
MONTHS = ("12 months", "24 months", "36 months")
RENTS = tuple(
    Grid(f"Rental prices, {part} list", "Monthly rent in EUR", "machine", MONTHS, RENT_ASKED)
    for part in ("first", "second")
)
TRANSPORT = Grid(
    "Transport rates",
    "Rates in EUR",
    "zone",
    ("up to 10 kg", "up to 30 kg", "up to 60 kg"),
    "What is the transport rate for {row} {column}?",
)
DAILY = Grid(
    "Daily allowances",
    "Rates in EUR",
    "city",
    ("whole day", "half day", "overnight"),
    "What is the {column} rate for {row}?",
)
CALENDAR = Grid(
    "Calendar", "Days", "site", ("fire drill", "stocktaking", "health check"), "On which day is the {column} at {row}?"
)

STEADY = (
    Topic(
        ("Repairs", "Repairs"),
        (
            Fact("Rate", "An hour of [repair] costs {v} EUR.", "What does an hour of [repair] cost?", 60, 110),
            Fact(
                "Begin",
                "On site a [repair] [begins] within {v} hours.",
                "Within how many hours does a [repair] on site [begin]?",
                6,
                60,
            ),
            Fact(
                "Loan machine",
                "After {v} days of [repair] a loan machine is [brought].",
                "After how many days of [repair] is a loan machine [brought]?",
                3,
                14,
            ),
        ),
    ),
    Topic(
        ("Transport", "Transport"),
        (
            Fact("Missed", "A missed [delivery] costs {v} EUR.", "What does a missed [delivery] cost?", 25, 80),
            Fact(
                "Islands",
                "To [islands] a [delivery] takes {v} more days.",
                "How many more days does a [delivery] to [islands] take?",
                2,
                12,
            ),
            Fact(
                "Damage",
                "[damage] is [report]ed within {v} hours of [delivery].",
                "Within how many hours of [delivery] is [damage] [report]ed?",
                24,
                96,
            ),
        ),
    ),
    Topic(
        ("Payment", "Payment"),
        (
            Fact("Due", "An [invoice] is [due] after {v} days.", "After how many days is an [invoice] [due]?", 10, 45),
            Fact(
                "Reminders",
                "Each [reminder] of an [invoice] adds a [fee] of {v} EUR.",
                "Which [fee] does each [reminder] of an [invoice] add?",
                4,
                25,
            ),
            Fact(
                "Disputes",
                "A [complaint] about an [invoice] is heard for {v} weeks.",
                "For how many weeks is a [complaint] about an [invoice] heard?",
                3,
                20,
            ),
        ),
    ),
    Topic(
        ("Securities", "Securities"),
        (
            Fact(
                "Amount",
                "The [deposit] for a rented machine is {v} EUR.",
                "How high is the [deposit] for a rented machine?",
                150,
                600,
            ),
            Fact(
                "Giving back",
                "The [refund] of the [deposit] [follows] {v} days after the last [invoice].",
                "How many days after the last [invoice] does the [refund] of the [deposit] [follow]?",
                8,
                40,
            ),
            Fact(
                "Upgrades",
                "With a [larger] machine the [deposit] [rises] by {v} percent.",
                "By how many percent does the [deposit] [rise] with a [larger] machine?",
                12,
                60,
            ),
        ),
    ),
    Topic(
        ("Hearing customers", "Hearing customers"),
        (
            Fact(
                "First answer",
                "A [complaint] is [answer]ed within {v} hours.",
                "Within how many hours is a [complaint] [answer]ed?",
                12,
                72,
            ),
            Fact(
                "Amends",
                "For a [rightful] [complaint] there is a [voucher] of {v} EUR.",
                "Of how many EUR is the [voucher] for a [rightful] [complaint]?",
                15,
                90,
            ),
            Fact(
                "Escalation",
                "After {v} weeks a [complaint] is [hand]ed to the [directors].",
                "After how many weeks is a [complaint] [hand]ed to the [directors]?",
                2,
                9,
            ),
        ),
    ),
    Topic(
        ("At the gate", "At the gate"),
        (
            Fact(
                "Announcement",
                "A [visitor] is [announce]ed {v} hours [ahead].",
                "How many hours [ahead] is a [visitor] [announce]ed?",
                4,
                48,
            ),
            Fact(
                "Size",
                "An [employee] may [bring] at most {v} [visitors] at once.",
                "How many [visitors] may an [employee] [bring] at once?",
                4,
                20,
            ),
            Fact(
                "Parking",
                "The [car] of a [visitor] may [stand] in the [yard] for {v} minutes.",
                "For how many minutes may the [car] of a [visitor] [stand] in the [yard]?",
                20,
                120,
            ),
        ),
    ),
    Topic(
        ("Learning", "Learning"),
        (
            Fact(
                "Budget",
                "Each [employee] has {v} EUR a year for [training].",
                "How many EUR a year does an [employee] have for [training]?",
                400,
                1900,
            ),
            Fact(
                "Booking",
                "A [training] is [book]ed {v} weeks [ahead].",
                "How many weeks [ahead] is a [training] [book]ed?",
                2,
                12,
            ),
            Fact(
                "Absence",
                "Missing a [training] costs the [team] a [fee] of {v} EUR.",
                "Which [fee] does missing a [training] cost the [team]?",
                30,
                140,
            ),
        ),
    ),
)
"""Rules that were never changed. The first fact of the first four has look-alikes in the terms of single customers."""

CHANGING = (
    Topic(
        ("Returns of goods", "Taking goods back"),
        (
            Fact(
                "Period",
                "Goods are taken back within {v} days of [delivery].",
                "Within how many days of [delivery] are goods taken back?",
                10,
                60,
            ),
            Fact(
                "Opened goods",
                "For opened goods the restocking [fee] is {v} EUR.",
                "How high is the restocking [fee] for opened goods?",
                8,
                60,
            ),
            _contact("goods taken back"),
        ),
    ),
    Topic(
        ("Travel expenses", "Business travel"),
        (
            Fact(
                "Nights",
                "A night in a [hotel] is paid up to {v} EUR.",
                "Up to how many EUR is a night in a [hotel] paid?",
                80,
                220,
            ),
            Fact(
                "Claims",
                "Travel costs are claimed within {v} days of the journey.",
                "Within how many days of the journey are travel costs claimed?",
                14,
                90,
            ),
            _contact("travel costs"),
        ),
    ),
    Topic(
        ("Holidays", "Time off"),
        (
            Fact(
                "Entitlement",
                "An [employee] has {v} days of [holiday] a year.",
                "How many days of [holiday] a year does an [employee] have?",
                22,
                36,
            ),
            Fact(
                "Carrying over",
                "Unused [holiday] lapses after {v} months.",
                "After how many months does unused [holiday] lapse?",
                2,
                18,
            ),
            _contact("unused [holiday]"),
        ),
    ),
    Topic(
        ("Home office", "Working elsewhere"),
        (
            Fact(
                "Extent",
                "An [employee] may work at home on {v} days a month.",
                "On how many days a month may an [employee] work at home?",
                3,
                16,
            ),
            Fact(
                "Desk",
                "The [allowance] for a desk at home is {v} EUR.",
                "How high is the [allowance] for a desk at home?",
                120,
                480,
            ),
            _contact("work at home"),
        ),
    ),
    Topic(
        ("Laptops", "Equipment"),
        (
            Fact(
                "Replacement",
                "A [laptop] is replaced after {v} months.",
                "After how many months is a [laptop] replaced?",
                24,
                72,
            ),
            Fact(
                "Loss",
                "A lost [laptop] is reported within {v} hours.",
                "Within how many hours is a lost [laptop] reported?",
                2,
                48,
            ),
            _contact("a lost [laptop]"),
        ),
    ),
    Topic(
        ("Passwords", "Signing in"),
        (
            Fact(
                "Length",
                "A [password] has at least {v} characters.",
                "How many characters does a [password] have at least?",
                9,
                32,
            ),
            Fact(
                "Attempts",
                "After {v} wrong attempts a [password] is locked.",
                "After how many wrong attempts is a [password] locked?",
                3,
                12,
            ),
            _contact("a locked [password]"),
        ),
    ),
    Topic(
        ("Company cars", "Fleet"),
        (
            Fact(
                "Keeping",
                "A company [car] is kept for {v} months.",
                "For how many months is a company [car] kept?",
                24,
                72,
            ),
            Fact(
                "Limit",
                "The lease of a company [car] may reach {v} EUR a month.",
                "How many EUR a month may the lease of a company [car] reach?",
                300,
                900,
            ),
            _contact("a company [car]"),
        ),
    ),
    Topic(
        ("Ending a contract", "Out of a contract"),
        (
            Fact(
                "Notice",
                "The [cancellation] of a rental needs {v} days of notice.",
                "How many days of notice does the [cancellation] of a rental need?",
                14,
                90,
            ),
            Fact(
                "Early end",
                "An early [cancellation] costs a [fee] of {v} EUR.",
                "Which [fee] does an early [cancellation] cost?",
                60,
                300,
            ),
            _contact("an early [cancellation]"),
        ),
    ),
    Topic(
        ("Purchasing", "Buying"),
        (
            Fact(
                "Offers",
                "From {v} EUR on a purchase needs two offers.",
                "From how many EUR on does a purchase need two offers?",
                400,
                4000,
            ),
            Fact(
                "Signature",
                "A purchase is signed within {v} days of the offer.",
                "Within how many days of the offer is a purchase signed?",
                3,
                30,
            ),
            _contact("a purchase"),
        ),
    ),
    Topic(
        ("Keeping records", "Archive"),
        (
            Fact("Mail", "Old mail is erased after {v} months.", "After how many months is old mail erased?", 6, 60),
            Fact(
                "Recordings",
                "Recordings of calls are erased after {v} days.",
                "After how many days are recordings of calls erased?",
                20,
                180,
            ),
            _contact("recordings of calls"),
        ),
    ),
    Topic(
        ("Referrals", "Recommending people"),
        (
            Fact(
                "Premium",
                "The premium for a referred candidate is {v} EUR.",
                "How high is the premium for a referred candidate?",
                300,
                2500,
            ),
            Fact(
                "Payout",
                "The premium is paid {v} weeks after the first day.",
                "How many weeks after the first day is the premium paid?",
                4,
                30,
            ),
            _contact("a referred candidate"),
        ),
    ),
    Topic(
        ("On call", "Standby"),
        (
            Fact(
                "Reaction",
                "Somebody on call reacts within {v} minutes.",
                "Within how many minutes does somebody on call react?",
                10,
                60,
            ),
            Fact("Pay", "A weekend on call pays {v} EUR.", "How many EUR does a weekend on call pay?", 120, 400),
            _contact("a weekend on call"),
        ),
    ),
)
"""Rules that come in several versions."""

NEVER = (
    Topic(
        ("Bicycle leasing", "Bicycle leasing"),
        (
            Fact(
                "Instalment",
                "The instalment for a leased bicycle is {v} EUR.",
                "How high is the instalment for a leased bicycle?",
                20,
                90,
            ),
        ),
    ),
    Topic(
        ("Sabbaticals", "Sabbaticals"),
        (
            Fact(
                "Length",
                "A sabbatical lasts at most {v} months.",
                "How many months does a sabbatical last at most?",
                3,
                12,
            ),
        ),
    ),
    Topic(
        ("Winter campaign", "Winter campaign"),
        (
            Fact(
                "Reduction",
                "In the winter campaign new customers save {v} percent.",
                "How many percent do new customers save in the winter campaign?",
                5,
                30,
            ),
        ),
    ),
    Topic(
        ("Tea fund", "Tea fund"),
        (
            Fact(
                "Share",
                "The tea fund takes {v} EUR from everybody.",
                "How many EUR does the tea fund take from everybody?",
                2,
                15,
            ),
        ),
    ),
)
"""Two drafts and two rules that have run out: nothing of them is in force."""

OPEN = (
    Topic(("Bonus", "Bonus"), (Fact("Target", "As a rule the bonus at a site is {v} percent.", "", 2, 12),)),
    Topic(
        ("Suppliers", "Suppliers"),
        (Fact("Conditions", "As a rule the discount of a supplier is {v} percent.", "", 2, 12),),
    ),
)
"""What everybody may know of what is closed in detail; nothing is asked about these."""

ATTRIBUTES = (
    Fact(
        "Specifications", "Without packaging the [weight] is {v} kg.", "What is the [weight] of the {c} in kg?", 30, 400
    ),
    Fact(
        "Specifications",
        "At one metre the [noise] reaches {v} dB.",
        "How many dB does the [noise] of the {c} reach?",
        35,
        75,
    ),
    Fact("Specifications", "The [tank] holds {v} litres.", "How many litres does the [tank] of the {c} hold?", 3, 40),
    Fact("Specifications", "In use it draws {v} watts.", "How many watts does the {c} draw?", 300, 2400),
    Fact(
        "Specifications",
        "The [cable] measures {v} metres.",
        "How many metres does the [cable] of the {c} measure?",
        2,
        15,
    ),
    Fact("Care", "A filter lasts {v} weeks.", "How many weeks does a filter of the {c} last?", 4, 50),
    Fact("Care", "A [cleaning] takes {v} minutes.", "How many minutes does a [cleaning] of the {c} take?", 5, 55),
    Fact(
        "Care",
        "After {v} months the [inspection] is due.",
        "After how many months is the [inspection] of the {c} due?",
        6,
        30,
    ),
    Fact(
        "Cover",
        "The [warranty] ends after {v} months.",
        "After how many months does the [warranty] of the {c} end?",
        12,
        72,
    ),
    Fact(
        "Cover",
        "Spare parts are stocked for {v} years.",
        "For how many years are spare parts of the {c} stocked?",
        5,
        20,
    ),
)
FAULTS = ("pump rests", "heater cools down", "fan runs on", "display blinks", "valve leaks", "motor pauses")
MACHINES = ("coffee machine", "water cooler", "air purifier", "steam cleaner", "dishwasher", "humidifier")
COMPANIES = ("Larkfield Rentals", "Northgate Appliances", "Copperbrook", "Elmstead Office Supply", "Harrow & Pike")
PEOPLE = (
    "Ida Brandt", "Tomas Keller", "Nadia Osei", "Ruth Lindqvist", "Milan Petrov", "Grace Okafor", "Jonas Weber",
    "Priya Nair", "Elena Rossi", "Samuel Adeyemi", "Hanna Virtanen", "Luis Navarro", "Marta Kowalska", "Owen Price",
    "Yuki Tanaka", "Clara Dubois", "Anton Berg", "Fatima Haddad", "Peter Novak", "Sofia Marino",
)  # fmt: skip
CUSTOMERS = (
    "Brightwater Clinic", "Castle Bakery", "Dunmore Hotels", "Easton Library", "Fairway Logistics", "Granite Bank",
    "Hillcrest School", "Ironbridge Foods", "Juniper Spa", "Kestrel Airlines", "Lakeside Museum", "Meridian Press",
)  # fmt: skip
SUPPLIERS = ("Abbot Pumps", "Borealis Glass", "Cinder Steel", "Delft Valves", "Everly Plastics", "Foxglove Filters")
ZONES = (
    "Alder Valley",
    "Birch Coast",
    "Cedar Hills",
    "Dune Islands",
    "Elm Plains",
    "Fern Highlands",
    "Gorse Moor",
    "Hazel Bay",
)
CITIES = ("Lisbon", "Oslo", "Vienna", "Prague", "Dublin", "Geneva", "Turin", "Malmo")
SITES = ("Harbour House", "Mill Lane", "North Tower", "Old Foundry", "Park Row", "Quay Street")
ASIDES = (
    "This holds for all sites.",
    "Questions are welcome at the desk.",
    "The form is in the portal.",
    "Managers see to it that everybody knows.",
    "It is reviewed from time to time.",
    "The works council was heard.",
    "Please keep the receipt.",
    "Nothing else has to be done.",
    "Written form is not needed.",
    "A reminder is sent in good time.",
    "The portal shows the state of each case.",
    "Thank you for reading closely.",
)
QUALIFIED = {
    "for interns": "Interns have a contact person of their own.",
    "for contractors": "Contractors sign the code of conduct first.",
    "in Norway": "The branch in Norway moved to a larger building.",
    "for sister companies": "Sister companies have a letterhead of their own.",
    "on Sundays": "On Sundays the gate is opened by the guard.",
    "for pensioners": "Pensioners are welcome at the summer party.",
}
"""Qualifiers that no rule knows, and what is said elsewhere of the same people or places."""

NEWS = (
    "The desk for [complaints] has moved to the second floor.",
    "A new [car] park was opened by the mayor.",
    "The canteen now serves [visitors] too.",
    "Our [hotel] partner has been sold.",
    "The team for [repair] has grown again.",
    "The portal for [training] looks brighter now.",
    "Every [laptop] gets a sticker with a fox.",
    "The printer for [invoices] has been named Otto.",
    "The choir sings before the [holidays].",
    "The yard for [delivery] was paved.",
    "A film about [cleaning] won a prize.",
    "The archive found an old [deposit] book.",
)

REMARKS = {
    "sample": (
        "I have a customer on the phone.",
        "The rule on travel costs I know already.",
        "Our manager keeps asking me.",
    ),
    "hidden": (
        "Somebody on the second floor wants to know.",
        "We argued about it at lunch.",
        "I have found the page on purchases and it says nothing.",
        "Sorry to ask again.",
        "The calendar with the fire drill is of no use to me.",
        "It is for an offer that has to go out.",
    ),
}
"""What people say around a question: some of it in words of other documents."""
