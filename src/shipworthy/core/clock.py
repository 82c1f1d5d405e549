"""The only place that asks what time it is."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def today_in_words() -> str:
    """Return today's date for a report, such as `3 May 2026`."""
    return now().strftime("%d %B %Y").lstrip("0")


def monotonic() -> float:
    """Return seconds from a clock that never goes back."""
    return time.monotonic()
