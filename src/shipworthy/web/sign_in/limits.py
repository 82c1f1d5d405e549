"""How often one place may try something."""

from fastapi import Request

from shipworthy.access.errors import TooOftenError
from shipworthy.access.throttling import allow
from shipworthy.web.who import house

QUARTER = 15 * 60


def limit(request: Request, what: str, most: int, seconds: int = QUARTER) -> None:
    """Count a try of whoever asks. Raises `TooOftenError`."""
    place = request.client.host if request.client else "unknown"
    if not allow(house(request).database, f"{what} from {place}", most, seconds):
        raise TooOftenError("That was tried too often.", remedy="Wait a quarter of an hour and try again.")
