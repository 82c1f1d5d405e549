"""One client's connection: HTTP/1.1 by h11, with a limit on every size and every wait."""

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass

import h11

from shipworthy.gateway.answers import Answer, Delivery, refusal
from shipworthy.gateway.desk import Desk
from shipworthy.gateway.errors import CallRefusedError

_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Bounds:
    """What a client may take from the server: connections and bytes; the rest in seconds of real time.

    `idle` until a request begins, `request` from there until it is complete, `response` until the client has read the
    answer, `hold` for a call that never answers, `slow` for a slow stream as a whole, `linger` for what a client still
    sends after its answer.
    """

    connections: int = 64
    header_bytes: int = 32 * 1024
    body_bytes: int = 1024 * 1024
    idle: float = 5.0
    request: float = 10.0
    response: float = 10.0
    hold: float = 3.0
    slow: float = 2.0
    linger: float = 2.0


class Floor:
    """What all connections share: whether others wait to be let in, and whether everybody has to leave."""

    def __init__(self) -> None:
        self.crowded, self.closing = False, False

    def check(self) -> None:
        """Raise `ConnectionAbortedError` once everybody has to leave."""
        if self.closing:
            raise ConnectionAbortedError


class ClientConnection:
    """Serves the requests of one connection, one after another."""

    def __init__(self, peer: socket.socket, desk: Desk, bounds: Bounds, floor: Floor) -> None:
        self._peer, self._desk, self._bounds, self._floor = peer, desk, bounds, floor
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=bounds.header_bytes)
        self._loop = asyncio.get_running_loop()

    async def serve(self) -> None:
        """Answer requests until either side ends the connection. Never raises for what a client does."""
        with suppress(OSError, TimeoutError, h11.LocalProtocolError):
            while await self._one():
                self._http.start_next_cycle()

    async def _one(self) -> bool:
        """Answer one request; return whether another may follow."""
        try:
            asked = await self._request()
        except h11.RemoteProtocolError as error:
            return await self._turn_away("malformed", error.error_status_hint, f"This is no HTTP: {error}.")
        except _TooLargeError:
            what = f"The body is larger than {self._bounds.body_bytes} bytes."
            return await self._turn_away("too_large", 413, what)
        except TimeoutError:
            return await self._turn_away("incomplete", 408, "The request was not complete in time.")
        if asked is None:
            return False
        request, body = asked
        answer = await self._desk.serve(request.method.decode("ascii"), request.target.decode("latin-1"), body)
        async with asyncio.timeout(self._bounds.response + self._bounds.hold + self._bounds.slow):
            await self._send(answer, head_only=request.method == b"HEAD")
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    async def _request(self) -> tuple[h11.Request, bytes] | None:
        begun = await self._first_bytes()
        if not begun:
            return None
        async with asyncio.timeout(self._bounds.request):
            request, body = None, bytearray()
            while True:
                event = await self._event()
                if isinstance(event, h11.Request):
                    request = event
                elif isinstance(event, h11.Data):
                    body += event.data
                    if len(body) > self._bounds.body_bytes:
                        raise _TooLargeError
                elif isinstance(event, h11.EndOfMessage) and request:
                    return request, bytes(body)
                else:
                    return None

    async def _first_bytes(self) -> bool:
        """Wait for a request to begin; return whether one does."""
        if self._http.trailing_data[0]:
            await self._take_turn()
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._bounds.idle):
                received = await self._read()
            self._http.receive_data(received)
            return bool(received)
        return False

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                await self._write(self._http.send(h11.InformationalResponse(status_code=100, headers=[])))
            self._http.receive_data(await self._read())
        if isinstance(event, h11.Request) and _announced(event) > self._bounds.body_bytes:
            raise _TooLargeError
        return event

    async def _turn_away(self, why: str, status: int, what: str) -> bool:
        self._desk.refuse(why)
        if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            async with asyncio.timeout(self._bounds.response):
                await self._send(refusal(CallRefusedError(what, status=status)), close=True)
        return False

    async def _send(self, answer: Answer, *, close: bool = False, head_only: bool = False) -> None:
        if answer.delivery is Delivery.HELD and not await self._hold():
            return
        close = close or self._floor.crowded or answer.delivery in {Delivery.CUT, Delivery.HELD}
        headers = [*answer.headers.items(), *([("connection", "close")] if close else [])]
        pending = self._http.send(h11.Response(status_code=answer.status, headers=headers)) or b""
        pending = await self._send_parts(pending, () if head_only else answer.parts, answer.delivery)
        if answer.delivery is not Delivery.CUT:
            pending += self._http.send(h11.EndOfMessage()) or b""
        await self._write(pending)
        if close:
            await self._linger()

    async def _send_parts(self, pending: bytes, parts: tuple[bytes, ...], delivery: Delivery) -> bytes:
        """Send the parts of a body, small ones together; return what is left to send."""
        pause = self._bounds.slow / len(parts) if delivery is Delivery.SLOW else 0.0
        for part in parts:
            pending += self._http.send(h11.Data(data=part)) or b""
            if pause or len(pending) > _CHUNK:
                await self._write(pending)
                pending = b""
                await asyncio.sleep(pause)
        return pending

    async def _read(self) -> bytes:
        await self._take_turn()
        received = await self._loop.sock_recv(self._peer, _CHUNK)
        self._floor.check()
        return received

    async def _take_turn(self) -> None:
        """Let others go first: a read that finds something never waits, so a flood would keep the thread to itself."""
        await asyncio.sleep(0)
        self._floor.check()

    async def _write(self, spelled: bytes | None) -> None:
        if spelled:
            await self._loop.sock_sendall(self._peer, spelled)

    async def _hold(self) -> bool:
        """Say nothing for a while; return whether the client is still there."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._bounds.hold):
                while await self._read():
                    pass
                return False
        return True

    async def _linger(self) -> None:
        """Read what still comes for a moment: closing at once would take the answer away from a client that sends."""
        self._peer.shutdown(socket.SHUT_WR)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._bounds.linger):
                while await self._read():
                    pass


class _TooLargeError(Exception):
    """A body is larger than allowed."""


def _announced(request: h11.Request) -> int:
    lengths = [value for name, value in request.headers if name == b"content-length"]
    return int(lengths[0]) if lengths else 0
