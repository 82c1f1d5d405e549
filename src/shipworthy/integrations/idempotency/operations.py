"""Do a request once, however often it is sent with the same key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from shipworthy.core import clock
from shipworthy.core.canonical import JSONValue
from shipworthy.integrations.errors import ReusedKeyError
from shipworthy.integrations.idempotency import repository
from shipworthy.store.database import Database

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What a request was answered with; `repeated` if that was done before."""

    status: int
    body: JSONValue
    repeated: bool = False


def once(
    work: Connection,
    organisation: UUID,
    *,
    token: UUID,
    key: str,
    digest: str,
    do: Callable[[Connection], Answer],
) -> Answer:
    """Do it in this transaction and keep the answer with it, or give the answer that is kept for a day.

    `digest` tells what was asked. Raises `ReusedKeyError` where the key came with something else. What fails is not
    kept, since its transaction is not either: it may be sent again with the same key.
    """
    now = clock.now()
    repository.forget(work, now - KEPT, token=token)
    if repository.begin(work, organisation, token, key, digest=digest, at=now):
        answer = do(work)
        repository.end(work, token, key, answer.status, answer.body)
        return answer
    kept = repository.find(work, token, key)
    if kept.request_digest != digest:
        raise ReusedKeyError(remedy="Choose a new key for every new request; repeat a key only with the same request.")
    return Answer(kept.status, kept.body, repeated=True)


def forget_answers(database: Database) -> None:
    """Remove answers that are older than a day, whoever they were for: they hold what they tell."""
    with database.house_work() as work:
        repository.forget(work, clock.now() - KEPT)
