"""How goods-in documents say things: what the sample shows, and what only the judged documents use as well."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wordings:
    """Ways to say one thing; `{x}` is the value, `{goods}` what is delivered. The sample uses `shown` alone."""

    shown: tuple[str, ...]
    more: tuple[str, ...]

    def usable(self, *, wide: bool) -> tuple[str, ...]:
        """Return all wordings, or those that the sample shows."""
        return self.shown + self.more if wide else self.shown


SENTENCES: Mapping[str, Wordings] = {
    "order_number": Wordings(
        ("This is for your order {x}.", "Your order number is {x}.", "It concerns your order {x}."),
        (
            "You ordered under {x}.",
            "We work from your paper {x} here.",
            "On your side this runs as {x}.",
            "{x} is what your buyer quoted to us.",
            "Please file it with {x}, as your purchasing calls it.",
            "The number that your people gave us is {x}.",
            "Booked by your side as {x}.",
        ),
    ),
    "delivery_date": Wordings(
        ("It should be with you on {x}.", "Delivery is planned for {x}.", "Expect the goods on {x}."),
        (
            "The lorry reaches your yard on {x}.",
            "{x} is the day your dock should be free.",
            "You can unload on {x}.",
            "We promised {x} to your planner, and that stands.",
            "Until {x} you will have to be patient, then it is there.",
            "They come in on {x}.",
            "Your people will sign for it on {x}.",
            "The arrival was moved: it is {x} now.",
        ),
    ),
    "quantity": Wordings(
        ("It is {x} pieces.", "There are {x} pcs of {goods}.", "You get {x} pieces of {goods}."),
        (
            "The {goods} are {x} in number.",
            "Count {x} of them.",
            "All in all {x} single parts.",
            "We could find {x} of the {goods}.",
            "{x} is what we shipped of the {goods}.",
            "Please make room for {x} {goods}.",
            "Our scanner saw {x} when they went out of the door.",
        ),
    ),
    "net_total_cents": Wordings(
        ("The net total is {x}.", "Net value of the goods: {x}.", "That makes {x} net."),
        (
            "Before tax that is {x}.",
            "Without VAT we ask for {x}.",
            "Tax aside, you owe us {x}.",
            "A sum of {x} plus tax will be on the bill.",
            "The sum without tax comes to {x}.",
            "We charge {x}, and the tax office adds its share.",
        ),
    ),
    "contact_email": Wordings(
        ("Questions please to {x}.", "For questions write to {x}.", "Contact: {x}."),
        (
            "If something is wrong, {x} helps.",
            "The one who knows more is {x}.",
            "Anything unclear? Then {x}, please.",
            "Talk to {x} when in doubt.",
            "Your enquiries are read at {x}.",
            "Doubts go to {x}.",
        ),
    ),
}

BESIDE: Mapping[str, Wordings] = {
    "order_number": Wordings(
        ("Our own reference is {x}.", "Our order {x} was made for it."),
        (
            "In our books it is {x}.",
            "Our warehouse calls it {x}.",
            "Our people say {x} to it.",
            "The carrier was given {x} as its number.",
        ),
    ),
    "delivery_date": Wordings(
        ("It left us on {x}.", "You ordered on {x}."),
        (
            "All was packed on {x}.",
            "The carrier fetched it on {x}.",
            "The invoice is due by {x}.",
            "Our offer was good until {x}.",
            "These were made on {x}.",
        ),
    ),
    "quantity": Wordings(
        ("It is packed in {x} boxes.", "You will find {x} cartons."),
        (
            "The whole weighs {x} kg.",
            "Another {x} are on back order.",
            "You had asked for {x}, which we do not have.",
            "Rack {x} is where they were.",
        ),
    ),
    "net_total_cents": Wordings(
        ("VAT comes to {x}.", "Pallets were lent for {x}."),
        (
            "Freight of {x} is on us.",
            "Customs took {x} of us.",
            "You still have a credit of {x}.",
            "It is insured for {x}.",
            "The list price was {x}.",
        ),
    ),
    "contact_email": Wordings(
        ("Invoices come from {x}.", "Sent by {x}, which nobody reads."),
        ("Payment advice goes to {x}.", "We look for drivers: {x}.", "For privacy there is {x}.", "Newsletter: {x}."),
    ),
}
"""What else documents say, which a hasty reader takes for the field."""

LABELS: Mapping[str, Wordings] = {
    "order_number": Wordings(
        ("Customer order",), ("Your no.", "Order (yours)", "Buyer's ref.", "Customer's number", "You quoted")
    ),
    "delivery_date": Wordings(("Delivery",), ("At your dock", "Arrival", "Goods in", "Unload on", "Due with you")),
    "quantity": Wordings(("Qty (pcs)",), ("Pieces", "Count", "Single parts", "Items", "Went out")),
    "net_total_cents": Wordings(("Net total",), ("Before tax", "Sum excl. VAT", "Goods, no tax", "Amount w/o VAT")),
    "contact_email": Wordings(("Contact",), ("Questions to", "Please ask", "Queries", "In doubt")),
}

LABELS_BESIDE: Mapping[str, Wordings] = {
    "order_number": Wordings(("Our ref.",), ("Our order", "Job", "Carrier's no.")),
    "delivery_date": Wordings(("Dispatched",), ("Ordered", "Printed", "Pay by", "Packed")),
    "quantity": Wordings(("Boxes",), ("Cartons", "Kg", "Backlog", "Asked for")),
    "net_total_cents": Wordings(("VAT",), ("Deposit", "Freight", "Insured", "List price")),
    "contact_email": Wordings(("Invoices",), ("Sender", "Payments", "Privacy")),
}

TERMS = (
    "Goods remain ours until they are paid for, also when they were mixed with others or built into something else.",
    "Damage has to be written on the carrier's paper while the driver is still there, with a picture where possible.",
    "Pallets are lent, not sold; please have as many ready for the driver as he brings, and in the same state.",
    "Our general terms hold, in the form that was handed over with the offer; terms of others were never agreed to.",
    "If nobody can sign, the driver may put the goods down under a roof and will leave a card in the letter box.",
    "Return deliveries are taken with a slip from our office alone, in the first packing, and at the sender's cost.",
    "Material is tested by random samples before it leaves the works; reports are kept and can be had on request.",
    "The court at our registered office decides about all that may be argued over, and the law of that place holds.",
    "Tools and gauges that were made for you stay in our store, and are cared for as if they were our own.",
    "Partial deliveries are allowed, and each is charged by itself; what is left follows as soon as it is made.",
    "Whoever is disturbed by this letter may say so in writing, and will get no more of the kind from us.",
    "Forces that nobody can help, strikes and closed roads among them, move every date by as long as they last.",
)
