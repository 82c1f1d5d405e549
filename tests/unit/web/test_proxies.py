"""Where a request comes from is believed of proxies that were named, and of nobody else."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from shipworthy.core.settings import read_settings


async def place_app(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    await PlainTextResponse(request.client.host if request.client else "")(scope, receive, send)


def place_of(peer: str, forwarded: str, proxies: str) -> str:
    """Return where a request seems to come from that `peer` passed on."""
    said: list[bytes] = []

    async def send(message: object) -> None:
        said.append(dict(message).get("body", b""))  # type: ignore[call-overload]

    async def receive() -> dict[str, str]:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "scheme": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"x-forwarded-for", forwarded.encode())],
        "client": (peer, 1),
    }
    app = ProxyHeadersMiddleware(place_app, trusted_hosts=proxies)  # type: ignore[arg-type]
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    return b"".join(said).decode()


@pytest.mark.parametrize(
    ("peer", "forwarded", "place"),
    [
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("172.17.0.1", "192.0.2.7", "192.0.2.7"),
        ("172.17.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("203.0.113.9", "192.0.2.7", "203.0.113.9"),
    ],
)
def test_only_named_proxies_are_believed(
    monkeypatch: pytest.MonkeyPatch, peer: str, forwarded: str, place: str
) -> None:
    monkeypatch.setenv("SHIPWORTHY_PROXIES", "127.0.0.1,172.16.0.0/12")
    assert place_of(peer, forwarded, read_settings().proxies) == place


def test_without_a_setting_only_this_machine_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHIPWORTHY_PROXIES", raising=False)
    assert place_of("127.0.0.1", "192.0.2.7", read_settings().proxies) == "192.0.2.7"
    assert place_of("172.17.0.1", "192.0.2.7", read_settings().proxies) == "172.17.0.1"
