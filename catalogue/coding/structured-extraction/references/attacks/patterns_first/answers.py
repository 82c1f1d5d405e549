"""What a model is asked for and may say, and how that is read: one JSON object with exactly the fields, or nothing."""

import json
import re
from datetime import date

FIELDS = {
    "supplier": (str, "Company that delivers, as written. Not the carrier."),
    "order_number": (str, "The number of our order, as written. Not the supplier's own number, nor the carrier's."),
    "delivery_date": (str, "Day the goods arrive at our dock, as YYYY-MM-DD; a date with slashes has the day first. Not the day of order, dispatch or payment."),
    "quantity": (int, "Pieces delivered, as an integer. Not boxes, cartons or kilograms."),
    "net_total_cents": (int, "Net total of the goods without tax, in cents, as an integer. Not tax, freight or insured value."),
    "contact_email": (str, "Address for questions about the delivery. Not the one for invoices, payments or automatic mail."),
}
JSON_TYPES = {str: "string", int: "integer"}
INSTRUCTION = (
    "Read the document and answer with one JSON object, nothing else, with exactly the keys below. Use null for what the "
    "document does not say; never guess.\n" + "\n".join(f"- {name}: {meaning}" for name, (_, meaning) in FIELDS.items())
)
SCHEMA = {
    "type": "object",
    "properties": {
        name: {"type": [JSON_TYPES[kind], *(["null"] if name != "supplier" else [])], "description": meaning}
        for name, (kind, meaning) in FIELDS.items()
    },
    "required": list(FIELDS),
    "additionalProperties": False,
}
RESPONSE_FORMAT = {"type": "json_schema", "json_schema": {"name": "record", "strict": True, "schema": SCHEMA}}


class Unreadable(ValueError):
    """An answer that no record can be made of."""


class Refused(ValueError):
    """The model declined to answer."""


def read(said: str) -> dict[str, object]:
    """Return the six fields, or raise."""
    opened = said.find("{")
    if opened < 0:
        raise Refused(said[:80]) if said.strip() else Unreadable("nothing was said")
    try:
        value, _ = json.JSONDecoder(parse_constant=_no_constant).raw_decode(said[opened:])
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    if not isinstance(value, dict) or not set(FIELDS) <= set(value):
        raise Unreadable("keys are missing")
    return {name: _typed(name, value[name]) for name in FIELDS}


def _typed(name: str, value: object) -> object:
    if value is None and name != "supplier":
        return None
    if type(value) is not FIELDS[name][0]:
        raise Unreadable(f"{name} has another type")
    if name == "delivery_date" and not _is_day(str(value)):
        raise Unreadable("no date")
    return value


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value and bool(re.fullmatch(r"[\d-]{10}", value))
    except ValueError:
        return False


def _no_constant(name: str) -> object:
    raise ValueError(name)
