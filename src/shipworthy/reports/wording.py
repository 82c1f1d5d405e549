"""Makes texts and figures fit to be shown: nothing hidden, nothing endless, nothing more exact than it is."""

import json
import re
import unicodedata
from collections.abc import Mapping
from math import isfinite

from markupsafe import Markup

from shipworthy.core.canonical import JSONValue
from shipworthy.scoring.verdicts import percent

LONGEST_MESSAGE = 1200
LONGEST_VALUE = 400
LONGEST_WORD = 200
MOST_VALUES = 24
MOST_AT_ONCE = 4
MOST_MARKS = 4

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_PICTURE_JOINER = "\u200d"
_LAYOUT = frozenset("\n\t")

__all__ = ["clip", "figure", "is_brief", "moment", "percent", "points", "shown_values", "squeeze", "visible"]


def visible(text: str) -> str:
    """Return the text with every character that hides or reorders others spelled out, such as [U+202E].

    Line breaks and tabs stay, and what joins two pictures to one. Piles of combining marks, which would paint over
    neighbouring lines, are cut short.
    """
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for place, character in enumerate(text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > MOST_MARKS:
            continue
        hidden = category in _HIDDEN_CATEGORIES and character not in _LAYOUT and not _joins_pictures(text, place)
        shown.append(f"[U+{ord(character):04X}]" if hidden else character)
    return "".join(shown)


def _joins_pictures(text: str, place: int) -> bool:
    """Say whether the character there is the joiner between two pictures, as in a person at a computer."""
    if text[place] != _PICTURE_JOINER:
        return False
    before = text[max(0, place - 3) : place].rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")[-1:]
    return all(unicodedata.category(sign) == "So" for sign in (before or " ", text[place + 1 : place + 2] or " "))


def squeeze(text: str, longest: int = LONGEST_WORD) -> str:
    """Return a text with every word that is longer than `longest` characters cut short, and say how long it was."""
    return re.sub(
        rf"\S{{{longest + 1},}}", lambda match: f"{match[0][: longest // 2]}… ({len(match[0]):,} characters)", text
    )


def clip(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """Return at most `longest` characters of a text, and say how many there are in all if some are left out."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text):,} characters in all)"


def points(share: float | None) -> str:
    """Spell a score in [0, 1] on the scale from 0 to 100; a dash where it is missing."""
    if share is None:
        return "—"
    return f"{share * 100:.0f}"


def figure(value: JSONValue) -> str:
    """Spell a measured value: numbers with four significant digits, yes and no, everything else as short JSON."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return clip(value, LONGEST_VALUE)
    if isinstance(value, float):
        return _number(value)
    return clip(_json(value), LONGEST_VALUE)


def shown_values(values: Mapping[str, JSONValue]) -> tuple[list[tuple[str, str]], int]:
    """Return the first values by name, spelled for people, and how many more there are."""
    shown = [(_name(name), figure(value)) for name, value in list(values.items())[:MOST_VALUES]]
    return shown, max(0, len(values) - MOST_VALUES)


def is_brief(values: Mapping[str, JSONValue]) -> bool:
    """Say whether values are few plain numbers, which can be read at once and need not be folded away."""
    return len(values) <= MOST_AT_ONCE and all(isinstance(value, bool | int | float) for value in values.values())


def finalize(value: object) -> object:
    """Make every text that a template prints visible; markup that this package made itself stays as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value).replace(" %", "\u00a0%")
    return value


def anchor(*parts: object) -> str:
    """Return an id for the parts, made of plain letters only, and different for different parts."""
    return "-".join(re.sub(r"[^a-z0-9]", lambda match: f"_{ord(match[0]):x}", str(part)) for part in parts)


def moment(when: str) -> str:
    """Spell a UTC time in ISO 8601 for people, to the minute; anything else stays as it is."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|\+00:00)", when)
    return f"{found[1]} {found[2]} UTC" if found else when


def _number(value: float) -> str:
    if not isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"


def _json(value: JSONValue) -> str:
    if isinstance(value, int) and abs(value) < 10**15:
        return f"{value:,}"
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError, TypeError):
        return "(cannot be shown)"


def _name(name: str) -> str:
    return clip(name.replace("_", " "), 60)
