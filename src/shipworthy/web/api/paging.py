"""Lists come in pages; each but the last names a cursor with which the next one begins."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from shipworthy.core.canonical import canonical_bytes
from shipworthy.core.errors import BadInputError

USUAL, MOST = 50, 100

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items a page holds at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=400, description="What `next` of the page before said. Leave it out for the first page."),
]


class BadCursorError(BadInputError):
    """The cursor is none of ours."""

    code = "api_cursor"


def cursor_of(at: datetime, last: UUID) -> str:
    """Spell where a page ends."""
    return base64.urlsafe_b64encode(canonical_bytes([at.isoformat(), str(last)])).decode().rstrip("=")


def end_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Read where the page before ended, nothing for the first page. Raises `BadCursorError`."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        at, last = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return datetime.fromisoformat(at).astimezone(UTC), UUID(last)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error):
        raise BadCursorError(remedy="Begin with the first page, and take `next` from there.") from None
