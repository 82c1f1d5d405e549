"""Whether a document says a value, in whatever spelling."""

import re
from datetime import date

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")


def says(text: str, name: str, value: object) -> bool:
    """Whether `value` of the field `name` stands in the document."""
    rule = {"delivery_date": _says_day, "quantity": _says_count, "net_total_cents": _says_amount}.get(name, _says_text)
    return rule(" ".join(text.casefold().split()), value)


def _alone(text: str, spelling: str) -> bool:
    """Not inside a longer word or number."""
    return re.search(rf"(?<![\w])(?<!\d[.,]){re.escape(spelling)}(?![\w])(?![.,]\d)", text) is not None


def _says_text(text: str, value: object) -> bool:
    return _alone(text, " ".join(str(value).casefold().split()))


def _says_day(text: str, value: object) -> bool:
    day = date.fromisoformat(str(value))
    month = MONTHS[day.month - 1]
    spellings = [day.isoformat(), f"{day.year}/{day.month:02}/{day.day:02}"]
    for name in (month, month[:3]):
        for number in (str(day.day), f"{day.day:02}"):
            spellings += [f"{number} {name} {day.year}", f"{name} {number}, {day.year}", f"{name} {number} {day.year}", f"{number}. {name} {day.year}"]
    for sign in "./-":
        spellings += [f"{day.day:02}{sign}{day.month:02}{sign}{day.year}", f"{day.day}{sign}{day.month}{sign}{day.year}"]
    return any(_alone(text, spelling) for spelling in spellings)


def _says_count(text: str, value: object) -> bool:
    plain, grouped = str(value), f"{value:,}"
    spellings = {plain, grouped, grouped.replace(",", "."), grouped.replace(",", " "), grouped.replace(",", "'")}
    return any(_alone(text, spelling) for spelling in spellings)


def _says_amount(text: str, value: object) -> bool:
    whole, cents = divmod(int(str(value)), 100)
    grouped = f"{whole:,}"
    wholes = {str(whole), grouped, grouped.replace(",", "."), grouped.replace(",", " "), grouped.replace(",", "'")}
    spellings = {f"{each}{sign}{cents:02}" for each in wholes for sign in ".,"}
    return any(_alone(text, spelling) for spelling in spellings)
