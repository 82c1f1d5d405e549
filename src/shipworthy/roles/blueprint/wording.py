"""Short words and units that the explanation is made of."""

from collections.abc import Iterable

MINUTES_PER_HOUR = 60


def spell_minutes(minutes: int) -> str:
    """Spell a time: `45 min`, `2 h`, `2 h 20 min`."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Spell a number of things: `1 task`, `3 tasks`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Iterable[str]) -> str:
    """Spell several names: `a`, `a and b`, `a, b and c`."""
    entries = list(names)
    if len(entries) < 2:
        return "".join(entries)
    return f"{', '.join(entries[:-1])} and {entries[-1]}"
