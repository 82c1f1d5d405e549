"""Delivers over HTTPS, to the very address that was found to be allowed."""

import socket
from collections.abc import Callable, Sequence

import httpx

from shipworthy import __version__
from shipworthy.core import clock
from shipworthy.core.canonical import canonical_bytes
from shipworthy.integrations.webhooks.entities import Delivery, Webhook
from shipworthy.integrations.webhooks.operations import NotDeliveredError
from shipworthy.integrations.webhooks.rules import Network, Target, chosen_address, signed_headers, target_of

SECONDS = 10.0

Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host's name. Raises `NotDeliveredError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDeliveredError("The host of the webhook is not known.", remedy="Check its address.") from None
    return [str(each[4][0]) for each in found]


class HttpSender:
    """Delivers as the rules say: no redirect, no proxy, no cookie, a short patience, and the answer's body unread.

    The name is looked up once, and the connection goes to what was found and looked at, so that a name that leads
    elsewhere a moment later gains nothing.
    """

    def __init__(
        self, allowed: Sequence[Network] = (), *, resolve: Resolve = resolve, seconds: float = SECONDS
    ) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._seconds = seconds

    def send(self, webhook: Webhook, delivery: Delivery) -> int:
        """Deliver, and return the HTTP status. Raises `BadWebhookError` or `NotDeliveredError`."""
        target = target_of(webhook.url)
        address = chosen_address(target, self._resolve(target.host, target.port), self._allowed)
        body = canonical_bytes(dict(delivery.payload))
        headers = {
            "host": _host(target),
            "content-type": "application/json",
            "user-agent": f"Shipworthy/{__version__}",
            **signed_headers(delivery.id, clock.now(), body, webhook.secret),
        }
        try:
            with httpx.Client(timeout=self._seconds, trust_env=False, follow_redirects=False) as client:
                asked = client.build_request(
                    "POST",
                    f"{target.scheme}://{_bracketed(address)}:{target.port}{target.path}",
                    content=body,
                    headers=headers,
                    extensions={"sni_hostname": target.host},
                )
                answer = client.send(asked, stream=True)
                answer.close()
        except httpx.HTTPError as fault:
            words = f"The webhook did not answer ({type(fault).__name__})."
            raise NotDeliveredError(words, remedy="Check that it runs.") from None
        return answer.status_code


def _host(target: Target) -> str:
    usual = {"https": 443, "http": 80}[target.scheme]
    return _bracketed(target.host) + ("" if target.port == usual else f":{target.port}")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
