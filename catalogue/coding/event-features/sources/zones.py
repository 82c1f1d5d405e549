"""Offsets of the few time zones that the task uses, in autumn, without the machine's zone files.

Each zone changes its offset at most once between August and December; the rules are those of the IANA time zone
database for the years 2018 to 2030.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache

HOUR = 3600
FIXED = {"UTC": 0, "Asia/Kolkata": 5 * HOUR + HOUR // 2, "Asia/Tokyo": 9 * HOUR}
CHANGING = {  # zone: (month, which Sunday of it, hours from that Sunday 00:00 UTC, offset before, offset after)
    "Europe/London": (10, -1, 1, HOUR, 0),
    "Europe/Berlin": (10, -1, 1, 2 * HOUR, HOUR),
    "America/New_York": (11, 0, 6, -4 * HOUR, -5 * HOUR),
    "America/Los_Angeles": (11, 0, 9, -7 * HOUR, -8 * HOUR),
    "Australia/Sydney": (10, 0, -8, 10 * HOUR, 11 * HOUR),
}
ZONES = (*FIXED, *CHANGING)


def sunday(year: int, month: int, which: int) -> date:
    """Return the first (`which` 0) or last (-1) Sunday of a month."""
    first = date(year, month, 1)
    days = (first + timedelta(days=n) for n in range(31))
    return [day for day in days if day.month == month and day.weekday() == 6][which]


@cache
def change(zone: str, year: int) -> int:
    """Return the instant (epoch seconds) at which `zone` changes its offset in the autumn of `year`."""
    month, which, hours, _, _ = CHANGING[zone]
    day = sunday(year, month, which)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + hours * HOUR


def offset(zone: str, instant: int, year: int) -> int:
    """Return the seconds that `zone` is ahead of UTC at `instant`."""
    if zone in FIXED:
        return FIXED[zone]
    _, _, _, before, after = CHANGING[zone]
    return before if instant < change(zone, year) else after


def repeated(zone: str, instant: int, year: int) -> int:
    """Say where `instant` stands in the hour that a zone's clocks show twice: 1 first, 2 second, 0 outside."""
    if zone in FIXED:
        return 0
    _, _, _, before, after = CHANGING[zone]
    if after > before:
        return 0
    since = instant - change(zone, year)
    if -HOUR <= since < 0:
        return 1
    return 2 if 0 <= since < HOUR else 0
