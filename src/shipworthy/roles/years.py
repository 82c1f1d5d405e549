"""How many years of experience a job description asks for: not how long a contract lasts or a company exists."""

import re
from collections.abc import Iterable

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "a couple of": 2,
}  # fmt: skip
_YEARS = re.compile(
    r"\b(?P<low>\d{1,2}(?![\d.,]*\d{3})|" + "|".join(_NUMBERS) + r")\s*(?:\(\d{1,2}\))?\s*\+?\s*"
    r"(?:(?:-|–|—|to|or|bis)\s*(?:\d{1,2}|"
    + "|".join(_NUMBERS)
    + r")\s*\+?\s*)?(?:or more\s+|plus\s+|full\s+|good\s+)?"
    r"(?:years?|yrs?|y\.?o\.?e\.?)\b",
    re.IGNORECASE,
)

_OTHER_YEARS_BEFORE = re.compile(
    r"(?:\b(?:last|past|next|first|every|each|within|over the|for the|fixed[- ]term|term of|contract|after|since|ago|"
    r"in|of its|founded|for|vest\w*|per|another|budget|takes?|grown|appointment)\s*(?:of\s*|\(\s*|:\s*|a\s*)?)$",
    re.IGNORECASE,
)
_OTHER_YEARS_AFTER = re.compile(
    r"^\W*(?:ago|old|in a row|contract|fixed|vest|term|programme|program\b|grant|project|"
    r"of (?:history|funding|runway|data|leave|trading|growth|age)|from now|per step|renewable|initially|"
    r"with the (?:possibility|intention)|later)",
    re.IGNORECASE,
)
_ASKED_BEFORE = re.compile(
    r"(?:minimum|at least|min\.?|or more|more than|around|about|some|roughly|ideally|you(?:'|’)?(?:ve| have| bring)|"
    r"with|require[sd]?|need|experience|has|have|having|bring\w*|[:•(,]|^)\W*(?:of\s+|a\s+)?$",
    re.IGNORECASE,
)
_ASKED_AFTER = re.compile(
    r"^\W*(?:or more|plus|minimum|\+|(?:of|in|with|as|on|building|working|writing|doing|developing|using|spent|"
    r"shipping|running|designing|leading|making|after|behind|at)\b|(?:\w+\W+){0,4}?(?:experience|practice|background|"
    r"track record|work))",
    re.IGNORECASE,
)
MOST_YEARS_ASKED = 20


def years_asked(texts: Iterable[str]) -> int:
    """Return the smallest number of years of experience that the sentences ask for, or 0."""
    found = [_number(match["low"]) for text in texts for match in _YEARS.finditer(text) if _asks(text, match)]
    return min((years for years in found if 0 < years <= MOST_YEARS_ASKED), default=0)


def _asks(text: str, match: re.Match[str]) -> bool:
    """Say whether a number of years is asked of a person: not a contract's length, a history or a benefit."""
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 60]
    if _OTHER_YEARS_BEFORE.search(before) or _OTHER_YEARS_AFTER.search(after):
        return False
    return bool("+" in match.group() or _ASKED_BEFORE.search(before) or _ASKED_AFTER.search(after))


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _NUMBERS[written.lower()]
