"""What a model may say, and how it is read: one JSON object with exactly the fields, or nothing."""

import json
import re
from datetime import date

FIELDS = {
    "supplier": (str, "who delivers, as written"),
    "order_number": (str, "our order, as written"),
    "delivery_date": (str, "YYYY-MM-DD; a date with slashes has the day first"),
    "quantity": (int, "pieces, a whole number"),
    "net_total_cents": (int, "net total in cents, a whole number"),
    "contact_email": (str, "where questions go"),
}
INSTRUCTION = (
    "Read the document and answer with one JSON object, nothing else, with exactly these keys. Use null for what the "
    "document does not say. Never guess.\n" + "\n".join(f"- {name}: {meaning}" for name, (_, meaning) in FIELDS.items())
)


class Unreadable(ValueError):
    """An answer that no record can be made of."""


class Refused(ValueError):
    """The model declined to answer."""


def read(text: str | None) -> dict[str, object]:
    """Return the six fields, or raise."""
    said = text or ""
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
