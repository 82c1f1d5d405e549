"""How large and how slow the body of a request may be, whatever route it is for."""

import asyncio
from collections.abc import Mapping

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shipworthy.core import clock

MEBIBYTE = 2**20
USUAL_BYTES = MEBIBYTE
LARGER = {"/upload": 64 * MEBIBYTE, "/save": 16 * MEBIBYTE}
"""Ends of paths that take more: a workspace as a zip, and the files of the editor."""
GRACE_SECONDS = 10.0
SLOWEST_BYTES_A_SECOND = 32 * 1024


class BodyLimit:
    """Stops a body that is larger than its route takes, or that comes slower than any honest line."""

    def __init__(self, app: ASGIApp, *, larger: Mapping[str, int] = LARGER, grace: float = GRACE_SECONDS) -> None:
        self.app = app
        self.larger = dict(larger)
        self.grace = grace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self._most(scope["path"])
        declared = Headers(scope=scope).get("content-length", "")
        seen = int(declared) if declared.isdecimal() and int(declared) > most else 0
        await self.app(scope, _Measured(receive, most, self.grace, seen), send)

    def _most(self, path: str) -> int:
        return next((most for end, most in self.larger.items() if path.endswith(end)), USUAL_BYTES)


class _Measured:
    """Receives a body and counts bytes and seconds; after the body it only waits for the other side to leave."""

    def __init__(self, receive: Receive, most: int, grace: float, seen: int) -> None:
        self.receive, self.most, self.grace = receive, most, grace
        self.seen = seen
        self.waited = 0.0
        self.ended = False

    async def __call__(self) -> Message:
        if self.ended:
            return await self.receive()
        if self.seen > self.most:
            raise _too_large(self.most)
        message = await self._next()
        self.seen += len(message.get("body", b""))
        if self.seen > self.most:
            raise _too_large(self.most)
        self.ended = not message.get("more_body", False)
        return message

    async def _next(self) -> Message:
        began = clock.monotonic()
        patience = self.grace + self.seen / SLOWEST_BYTES_A_SECOND - self.waited
        try:
            message = await asyncio.wait_for(self.receive(), max(patience, 0.0))
        except TimeoutError:
            raise HTTPException(408, "What was sent came too slowly.") from None
        self.waited += clock.monotonic() - began
        return message


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"What was sent is larger than {most // MEBIBYTE} MB.")
