"""When a delivery is tried again, how it is signed, and which addresses are told anything."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit
from uuid import UUID

from shipworthy.core.errors import BadInputError
from shipworthy.integrations.errors import BadWebhookError

WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 15 * 3600 + 24 * 60)
)
"""How long to wait after each failure: a day together. After the last one the webhook is disabled."""
SECRET_START = "whsec_"  # noqa: S105 - what every secret begins with
LONGEST_URL = 2000

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Target:
    """Where a delivery goes: the parts of a webhook's address."""

    scheme: str
    host: str
    port: int
    path: str


def next_try(now: datetime, failures: int) -> datetime | None:
    """Return when to try again after so many failures in a row, None to give up."""
    return now + WAITS[failures - 1] if failures <= len(WAITS) else None


def new_secret() -> str:
    """Return a new secret for signing."""
    return SECRET_START + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(delivery: UUID, at: datetime, body: bytes, secret: str) -> dict[str, str]:
    """Return the headers that prove a delivery, as https://www.standardwebhooks.com describes them.

    The signature covers the id, the moment in seconds since 1970, and the body, each ended by a full stop but the last.
    """
    moment = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(SECRET_START))
    proof = hmac.new(key, b".".join([str(delivery).encode(), moment.encode(), body]), hashlib.sha256).digest()
    return {
        "webhook-id": str(delivery),
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }


def target_of(url: str) -> Target:
    """Read a webhook's address. Raises `BadWebhookError`."""
    wanted = "Write it as https://host/path."
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or ""), parts.port
        host = host if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise BadWebhookError("The address of the webhook cannot be read.", remedy=wanted) from None
    sound = url.isascii() and url.isprintable() and " " not in url and "\\" not in url and len(url) <= LONGEST_URL
    if parts.scheme not in {"https", "http"} or not host or not sound:
        raise BadWebhookError("The address of the webhook is no https address.", remedy=wanted)
    if parts.username is not None or parts.fragment:
        raise BadWebhookError(
            "The address of the webhook holds a name, a password or a fragment.", remedy="Leave these out."
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def read_networks(spelled: str) -> tuple[Network, ...]:
    """Read networks such as `10.1.0.0/16, 127.0.0.1`. Raises `BadInputError`."""
    try:
        return tuple(ip_network(part.strip()) for part in spelled.split(",") if part.strip())
    except ValueError:
        raise BadInputError(
            "SHIPWORTHY_WEBHOOK_NETWORKS cannot be read.", remedy="Write networks, as in: 10.1.0.0/16,192.168.7.5/32"
        ) from None


def chosen_address(target: Target, found: Sequence[str], allowed: Iterable[Network]) -> str:
    """Return the address to connect to, of those that the host's name led to.

    All of them must be on the public internet or in a network that the operator allowed, and without encryption in
    the latter: otherwise a webhook could ask machines that only this one reaches. Raises `BadWebhookError`.
    """
    networks = tuple(allowed)
    addresses = [ip_address(each.partition("%")[0]) for each in found]
    inside = [_is_in(address, networks) for address in addresses]
    if not addresses or not all(own or _is_public(address) for own, address in zip(inside, addresses, strict=True)):
        raise BadWebhookError(
            "The webhook leads to an address that is not public.",
            remedy="Choose a public address, or have the operator allow it with SHIPWORTHY_WEBHOOK_NETWORKS.",
        )
    if target.scheme != "https" and not all(inside):
        raise BadWebhookError("The webhook is not encrypted.", remedy="Write it as https://host/path.")
    return str(addresses[0])


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _is_public(address: Address) -> bool:
    """Say whether an address is everybody's, also where it wraps another one."""
    if isinstance(address, IPv6Address):
        wrapped = (
            address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or _translated(address)
        )
        if wrapped is not None:
            return _is_public(wrapped)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _translated(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(address.packed[-4:]) if address in ip_network("64:ff9b::/96") else None
