"""Asks an endpoint of the operator's: one HTTP request, one answer, bounded in bytes and in time, never redirected.

It trusts the endpoint as little as the gateway trusts its clients: an endpoint can be wrong, slow or hostile.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from shipworthy.core.canonical import JSONValue
from shipworthy.core.live_settings import LiveSettings
from shipworthy.gateway.decoding import count_values
from shipworthy.gateway.errors import CallRefusedError, UpstreamFailedError

MOST_BYTES = 8 * 1024 * 1024
MOST_VALUES = 2_000_000
_HEADER_BYTES = 32 * 1024
_CHUNK = 64 * 1024
_MOST_WAIT = 60
_MOST_EVENTS = 20_000
_REFUSED_BY_MODEL = frozenset({400, 413, 422})
_BUSY_OR_BROKEN = frozenset({500, 502, 503, 504, 529})


@dataclass(frozen=True)
class _Told:
    status: int
    retry_after: float
    body: bytes


class Upstream:
    """An operator's endpoint, of which at most so many calls are asked at once.

    Every call has a connection of its own, which is closed after it, so nothing of one call can reach another.
    """

    def __init__(self, settings: LiveSettings) -> None:
        self.settings = settings
        self._at = urlsplit(settings.url)
        self._encrypted = ssl.create_default_context() if self._at.scheme == "https" else None
        self._turn = asyncio.Semaphore(settings.calls)
        self._names = ThreadPoolExecutor(1, "upstream-name")

    def close(self) -> None:
        """Wait for nothing any more."""
        self._names.shutdown(wait=False, cancel_futures=True)

    async def ask(self, path: str, body: Mapping[str, JSONValue]) -> JSONValue:
        """Return what the endpoint says to a body, such as that for `/chat/completions`.

        Raises `CallRefusedError`, in words of our own, for what a client of any model has to expect: refused as it is
        (400), busy (429), failed (500), too slow (504). Raises `UpstreamFailedError` for what is the operator's fault:
        unreachable, a wrong key, an address that redirects, an answer that is none.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(self.settings.seconds):
                    told = await self._asked(path, json.dumps(body, allow_nan=False).encode())
            except TimeoutError:
                what = "The model did not answer in time."
                raise CallRefusedError(what, status=504, kind="server_error", reason="timeout") from None
            except (h11.RemoteProtocolError, ValueError):
                raise UpstreamFailedError("it does not speak HTTP as it should") from None
        return self._read(told)

    async def _asked(self, path: str, body: bytes) -> _Told:
        reader, writer = await self._connected()
        try:
            http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADER_BYTES)
            asked = h11.Request(method="POST", target=f"{self._at.path}{path}", headers=self._headers(len(body)))
            with suppress(ConnectionError):  # an endpoint may answer, and hang up, before it has read everything
                for event in (asked, h11.Data(data=body), h11.EndOfMessage()):
                    writer.write(http.send(event) or b"")
                await writer.drain()
            return await _answer(http, reader)
        except OSError:
            return _Told(502, 0.0, b"")
        finally:
            writer.transport.abort()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        name = self._at.hostname if self._encrypted else None
        fault = "its name leads nowhere"
        for host, port in await self._found():
            try:
                return await asyncio.open_connection(
                    host, port, ssl=self._encrypted, server_hostname=name, limit=_CHUNK
                )
            except ssl.SSLError:
                fault = "its certificate or its encryption cannot be trusted"
            except OSError as error:
                fault = f"it cannot be reached ({type(error).__name__})"
        raise UpstreamFailedError(fault)

    async def _found(self) -> list[tuple[str, int]]:
        """Look the name up, in a thread that the end of the gateway does not wait for."""
        host, port = self._at.hostname, self._at.port or (443 if self._encrypted else 80)
        look = asyncio.get_running_loop().run_in_executor
        try:
            rows = await look(self._names, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError:
            return []
        return [(str(address[0]), port) for *_, address in rows]

    def _headers(self, length: int) -> list[tuple[str, str]]:
        own = [("authorization", f"Bearer {self.settings.key}")] if self.settings.key else []
        return [
            ("host", self._at.netloc),
            ("content-type", "application/json"),
            ("content-length", str(length)),
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
            ("user-agent", "shipworthy"),
            ("connection", "close"),
            *own,
        ]

    def _read(self, told: _Told) -> JSONValue:
        if told.status == 200:
            return self._decoded(told.body)
        if told.status in _REFUSED_BY_MODEL:
            what = "The model refuses this request: it is too long for it, or asks for what it cannot do."
            raise CallRefusedError(what, reason="refused_by_model")
        if told.status == 429:
            what = "Too many requests. Try again later."
            reason = "rate_limit_exceeded"
            raise CallRefusedError(
                what, status=429, kind="requests", reason=reason, retry_after=told.retry_after or 1.0
            )
        if told.status in _BUSY_OR_BROKEN:
            raise CallRefusedError("The model failed while it answered. Try again.", status=500, kind="server_error")
        how = "redirects, which is not followed" if 300 <= told.status < 400 else "was not asked for in the right way"
        raise UpstreamFailedError(f"it answered with status {told.status}: the address {how}, or the key is wrong")

    def _decoded(self, body: bytes) -> JSONValue:
        try:
            value: JSONValue = json.loads(body.decode("utf-8"))
            count_values(value, most_values=MOST_VALUES)
        except (ValueError, RecursionError, CallRefusedError):
            raise UpstreamFailedError("its answer is no JSON") from None
        if self.settings.key and _holds(value, self.settings.key):
            raise UpstreamFailedError("its answer repeats the key")
        return value


async def _answer(http: h11.Connection, reader: asyncio.StreamReader) -> _Told:
    """Read one answer. Raises `UpstreamFailedError` for one that is too large or comes in too many pieces."""
    told, body = None, bytearray()
    for _ in range(_MOST_EVENTS):
        await asyncio.sleep(0)  # a read that finds something never waits, so a flood would keep the thread
        event = await _event(http, reader)
        if event is None:
            return _Told(502, 0.0, b"")
        if isinstance(event, h11.Response):
            told = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MOST_BYTES:
                raise UpstreamFailedError(f"its answer is larger than {MOST_BYTES} bytes")
        elif isinstance(event, h11.EndOfMessage) and told:
            return _Told(told.status_code, _retry_after(told), bytes(body))
    raise UpstreamFailedError("its answer comes in too many pieces")


async def _event(http: h11.Connection, reader: asyncio.StreamReader) -> object | None:
    """Return what comes next, or None where the endpoint has hung up before the end."""
    received = b"more"
    while (event := _next(http, ended=not received)) is h11.NEED_DATA:
        received = await reader.read(_CHUNK)
        http.receive_data(received)
    return event


def _next(http: h11.Connection, *, ended: bool) -> object | None:
    try:
        return http.next_event()
    except h11.RemoteProtocolError:
        if ended:
            return None
        raise


def _retry_after(told: h11.Response) -> float:
    """Return the seconds that an answer asks to wait, as far as they are sensible."""
    spelled = next((value for name, value in told.headers if name == b"retry-after"), b"")
    return float(min(int(spelled), _MOST_WAIT)) if spelled.isdigit() and len(spelled) < 9 else 0.0


def _holds(value: JSONValue, key: str) -> bool:
    """Tell whether a text of a value, or a key of an object, holds `key`."""
    open_values: list[JSONValue] = [value]
    while open_values:
        one = open_values.pop()
        if isinstance(one, str) and key in one:
            return True
        if isinstance(one, Mapping):
            open_values += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            open_values += one
    return False
