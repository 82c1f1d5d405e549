"""What changes something can be sent again with the same key, and is done once."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Connection

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.integrations.idempotency.operations import Answer, once
from shipworthy.web.api.callers import Caller

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Any new text of your choice, such as a UUID. The same request with the same key, within a day, "
        "is not done again: it gets the same answer, with the header `Idempotent-Replayed`.",
        examples=["5f0d4b1e-0c1f-4c57-9e53-2d1f6f6b0a11"],
    ),
]
REPLAYED = "Idempotent-Replayed"


def answer(
    request: Request, caller: Caller, key: str | None, sent: BaseModel | None, do: Callable[[Connection], Answer]
) -> JSONResponse:
    """Do it in one transaction, or repeat the answer to the same request."""
    with caller.work() as work:
        if key is None:
            given = do(work)
        else:
            asked = [request.method, request.url.path, None if sent is None else sent.model_dump(mode="json")]
            given = once(
                work,
                caller.token.organisation,
                token=caller.token.id,
                key=key,
                digest=digest(canonical_bytes(asked)),
                do=do,
            )
    return JSONResponse(given.body, given.status, {REPLAYED: "true"} if given.repeated else None)


def told(status: int, shape: BaseModel) -> Answer:
    """Return an answer with a shape as its body."""
    return Answer(status, shape.model_dump(mode="json"))
