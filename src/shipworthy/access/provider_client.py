"""Talks to an identity provider, and believes only what it signed for us."""

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shipworthy.access.entities import IdentityProvider
from shipworthy.access.errors import BadPersonError, ProviderError
from shipworthy.access.rules import tidy_address
from shipworthy.core import clock

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with a key pair alone: none, and keys that both sides know, are refused."""
SECONDS = 10.0
LARGEST_ANSWER = 1_000_000
CLOCKS_DIFFER_BY = 60
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Places:
    """Where a provider answers."""

    authorization: str
    token: str
    keys: str
    takes_basic: bool


@dataclass(frozen=True)
class Claims:
    """What a provider says about who signed in there. `email` is empty where it is none."""

    subject: str
    email: str
    email_verified: bool


class ProviderClient:
    """One provider, asked for one sign-in."""

    def __init__(self, provider: IdentityProvider) -> None:
        self.provider = provider

    def discover(self) -> Places:
        """Ask where the provider answers. Raises `ProviderError`."""
        issuer = self.provider.issuer
        found = self._json("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise self._error(f"it calls itself {found.get('issuer')!r}, not {issuer!r}")
        methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Places(
            authorization=self._place(found, "authorization_endpoint"),
            token=self._place(found, "token_endpoint"),
            keys=self._place(found, "jwks_uri"),
            takes_basic="client_secret_basic" in methods,
        )

    def claims(self, *, code: str, verifier: str, nonce: str, back_to: str) -> Claims:
        """Change the code for what the provider signed, and return what that says. Raises `ProviderError`."""
        places = self.discover()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back_to,
            "code_verifier": verifier,
            "client_id": self.provider.client_id,
        }
        headers = {}
        if self.provider.client_secret and places.takes_basic:
            headers = {"Authorization": self._basic()}
            del fields["client_id"]
        elif self.provider.client_secret:
            fields["client_secret"] = self.provider.client_secret
        answer = self._json("POST", places.token, fields=fields, headers=headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise self._error("it gave no id token")
        return _claims(self._checked(token, places, nonce))

    def _checked(self, token: str, places: Places, nonce: str) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=CLOCKS_DIFFER_BY,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": self.provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            keys = KeySet.import_key_set(self._json("GET", places.keys))  # type: ignore[arg-type]
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise self._error(f"its id token does not hold: {fault}") from fault
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.provider.client_id:
            raise self._error("its id token is meant for another program")
        return claims

    def _basic(self) -> str:
        pair = ":".join(quote(part, safe="") for part in (self.provider.client_id, self.provider.client_secret))
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    def _place(self, found: dict[str, Any], name: str) -> str:
        place = found.get(name)
        if not isinstance(place, str) or not is_safe_place(place, issuer=self.provider.issuer):
            raise self._error(f"its {name} is no address that can be used")
        return place

    def _json(
        self, method: str, url: str, *, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        accepted = {"Accept": "application/json"} | (headers or {})
        try:
            with (
                httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
                client.stream(method, url, data=fields, headers=accepted) as response,
            ):
                status, content = response.status_code, _bounded(response)
        except httpx.HTTPError as fault:
            raise self._error(f"it does not answer ({type(fault).__name__})") from fault
        if status != 200:
            raise self._error(f"it answers with status {status}")
        try:
            found = json.loads(content)
        except ValueError as fault:
            raise self._error("its answer cannot be read") from fault
        if not isinstance(found, dict):
            raise self._error("its answer cannot be read")
        return found

    def _error(self, why: str) -> ProviderError:
        return ProviderError(
            f"The identity provider cannot be used: {why}.",
            remedy="Try again. If it stays so, sign in with a password, or tell whoever set the provider up.",
        )


def is_safe_place(url: str, *, issuer: str) -> bool:
    """Tell whether an address may be used: https, or http where the issuer is on this machine, and so is the place."""
    try:
        place, home = urlsplit(url), urlsplit(issuer)
    except ValueError:
        return False
    if not place.hostname or place.username or place.fragment:
        return False
    local = place.hostname in LOOPBACK and home.hostname in LOOPBACK and home.scheme == "http"
    return place.scheme == "https" or (place.scheme == "http" and local)


def _bounded(response: httpx.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise httpx.ReadError("The answer is too large.")
    return bytes(content)


def _claims(found: dict[str, Any]) -> Claims:
    try:
        email = tidy_address(str(found.get("email") or ""))
    except BadPersonError:
        email = ""
    return Claims(str(found["sub"]), email, found.get("email_verified") in (True, "true"))
