"""Sign in with OpenID Connect: the code flow with PKCE, for people whose address an organisation knows.

Sources: OpenID Connect Core 1.0 (3.1), Discovery 1.0 (4), RFC 7636 (PKCE), RFC 9207 (who answered).
"""

import base64
import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import Connection

from shipworthy.access import repository
from shipworthy.access.entities import IdentityProvider, Organisation, Person, ProviderTrip, SignedIn, Trip
from shipworthy.access.errors import ProviderError
from shipworthy.access.provider_client import Claims, ProviderClient
from shipworthy.access.rules import hash_of_token
from shipworthy.access.signing_in import begin_sign_in
from shipworthy.core import clock
from shipworthy.store.database import Database

TRIP_LASTS = timedelta(minutes=10)
SCOPE = "openid email profile"


def begin_trip(database: Database, organisation: Organisation, *, back_to: str) -> Trip:
    """Begin a sign-in at the organisation's provider: the address to go to, and what this browser must bring back.

    `back_to` is our address that the provider sends the browser to. Raises `ProviderError`.
    """
    provider = _provider_of(organisation)
    places = ProviderClient(provider).discover()
    state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
    trip = ProviderTrip(organisation.id, nonce, verifier, clock.now() + TRIP_LASTS)
    with database.unit_of_work(organisation.id) as work:
        repository.add_trip(work, trip, hash_of_token(state), hash_of_token(browser))
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back_to,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in places.authorization else "?"
    return Trip(f"{places.authorization}{joint}{urlencode(asked)}", browser)


def end_trip(database: Database, *, state: str, code: str, browser: str, issuer: str, back_to: str) -> SignedIn:
    """Sign in whoever the provider says came back, if this browser began the trip and the organisation knows them.

    A trip works once. `issuer` is who the answer says it comes from, empty where it does not. Raises `ProviderError`.
    """
    with database.house_work() as work:
        trip = repository.take_trip(work, hash_of_token(state), hash_of_token(browser), clock.now())
        organisation = repository.organisation(work, trip.organisation) if trip else None
    if trip is None or organisation is None:
        raise ProviderError("This sign-in was not begun here, or took too long.", remedy="Begin again.")
    provider = _provider_of(organisation)
    if issuer and issuer != provider.issuer:
        raise ProviderError("The answer comes from another identity provider.", remedy="Begin again.")
    claims = ProviderClient(provider).claims(code=code, verifier=trip.verifier, nonce=trip.nonce, back_to=back_to)
    with database.unit_of_work(organisation.id) as work:
        person = _known(work, organisation, provider, claims)
        return SignedIn(person, begin_sign_in(work, person, how="provider"))


def _provider_of(organisation: Organisation) -> IdentityProvider:
    if organisation.provider is None:
        raise ProviderError(f"{organisation.name} has no identity provider.", remedy="Sign in with a password.")
    return organisation.provider


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _known(work: Connection, organisation: Organisation, provider: IdentityProvider, claims: Claims) -> Person:
    """Return whom the provider means: by its own name for them, the first time by a confirmed address."""
    person = repository.person_of_subject(work, organisation.id, claims.subject)
    if person is None and claims.email and (claims.email_verified or provider.trust_addresses):
        person = repository.person_of_address(work, organisation.id, claims.email)
        if person and repository.subject_of(work, person.id) is not None:
            person = None
        if person:
            repository.set_subject(work, person.id, claims.subject)
    if person is None or person.left_at is not None:
        raise ProviderError(
            f"{organisation.name} does not know this account.",
            remedy="Ask an owner of the organisation to add your address. The provider must have confirmed it.",
        )
    return person
