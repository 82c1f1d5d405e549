"""The only place that asks what time it is."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds from a clock that never goes back."""
    return time.monotonic()
