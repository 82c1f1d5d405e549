"""How often something may be done, counted in the database, so that several processes count together."""

from datetime import UTC, datetime, timedelta

from shipworthy.access import repository
from shipworthy.access.rules import hash_of_token
from shipworthy.core import clock
from shipworthy.store.database import Database

LONGEST = timedelta(days=1)
A_MONTH = timedelta(days=30)


def allow(database: Database, key: str, limit: int, seconds: int) -> bool:
    """Count one more use of `key` and tell whether it is within `limit` in any `seconds`, nearly.

    Uses of the window before count in proportion to how much of it is still within reach. Keys hold addresses, so
    only their hashes are kept.
    """
    now = clock.now()
    since, share = _window(now, seconds)
    kept = hash_of_token(f"{key} {limit}/{seconds}")
    with database.house_work() as work:
        before = repository.count_in(work, kept, since - timedelta(seconds=seconds))
        count = repository.count_up(work, kept, since)
    return count + before * (1 - share) <= limit


def forget_old(database: Database) -> None:
    """Remove what is of no use any more: counts, and links and sign-ins that ended a month ago."""
    now = clock.now()
    with database.house_work() as work:
        repository.forget_counts(work, now - 2 * LONGEST)
        repository.forget_links_and_sign_ins(work, now - A_MONTH)


def _window(now: datetime, seconds: int) -> tuple[datetime, float]:
    number, into = divmod(now.timestamp(), seconds)
    return datetime.fromtimestamp(number * seconds, UTC), into / seconds
