"""How often one place may try something."""

from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request

from shipworthy.access.errors import TooOftenError
from shipworthy.access.throttling import allow
from shipworthy.web.who import house

QUARTER = 15 * 60


def limit(request: Request, what: str, most: int, seconds: int = QUARTER) -> None:
    """Count a try of whoever asks. Raises `TooOftenError`."""
    place = place_of(request.client.host if request.client else "")
    if not allow(house(request).database, f"{what} from {place}", most, seconds):
        raise TooOftenError("That was tried too often.", remedy="Wait a quarter of an hour and try again.")


def place_of(host: str) -> str:
    """Return what counts as one place: an address, or the 64 bits of one that a network hands out by the billion."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))
