from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from joserfc.jwk import OctKey, RSAKey

from shipworthy.access.entities import Access, IdentityProvider, Organisation, Person, SignedIn, Trip
from shipworthy.access.errors import ProviderError
from shipworthy.access.operations import (
    begin_trip,
    bring_back,
    end_trip,
    found_organisation,
    organisation,
    remove_person,
    set_identity_provider,
    signed_in,
)
from shipworthy.access.people import add_person
from shipworthy.access.provider_client import is_safe_place
from shipworthy.store.database import Database
from tests.support.identity_providers import CLIENT_ID, CLIENT_SECRET, SmallProvider, small_provider
from tests.unit.access.conftest import Watch

BACK = "http://127.0.0.1:8000/sign-in/provider/back"


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    with small_provider() as served:
        yield served


@pytest.fixture
def tenant(database: Database, provider: SmallProvider) -> tuple[Organisation, Person]:
    made = founded(database, IdentityProvider(provider.issuer, CLIENT_ID, CLIENT_SECRET))
    provider.account = {"email": made[1].email.upper(), "email_verified": True, "sub": str(uuid4())}
    return made


def founded(database: Database, identity: IdentityProvider) -> tuple[Organisation, Person]:
    with database.house_work() as work:
        made, owner = found_organisation(work, name="Northwind", owner_email=f"{uuid4()}@northwind.example")
        set_identity_provider(work, made.id, identity)
        return organisation(work, made.id), owner


def back(database: Database, trip: Trip, brought: dict[str, str], issuer: str = "") -> SignedIn:
    return end_trip(
        database, state=brought["state"], code=brought["code"], browser=trip.browser, issuer=issuer, back_to=BACK
    )


def travelled(database: Database, provider: SmallProvider, tenant: Organisation) -> SignedIn:
    trip = begin_trip(database, tenant, back_to=BACK)
    return back(database, trip, provider.visit(trip.address), provider.issuer)


def test_somebody_whom_the_organisation_knows_signs_in(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    done = travelled(database, provider, tenant[0])
    assert done.person == tenant[1]
    assert signed_in(database, done.token) == tenant[1]


def test_the_address_asks_for_a_code_that_is_of_use_to_us_alone(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    one, other = (parse_qs(urlsplit(begin_trip(database, tenant[0], back_to=BACK).address).query) for _ in range(2))
    assert one["redirect_uri"] == [BACK]
    assert one["scope"] == ["openid email profile"]
    assert not {"state", "nonce", "code_challenge"} & {name for name in one if one[name] == other[name]}


def test_a_provider_that_takes_the_secret_in_the_fields_gets_it_there(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    provider.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert travelled(database, provider, tenant[0]).person == tenant[1]


def test_an_address_that_the_organisation_does_not_know_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    _, stranger = founded(database, IdentityProvider(provider.issuer, CLIENT_ID, CLIENT_SECRET))
    provider.account = {"email": stranger.email, "email_verified": True, "sub": str(uuid4())}
    with pytest.raises(ProviderError, match="does not know this account"):
        travelled(database, provider, tenant[0])


@pytest.mark.parametrize("verified", [False, None, "false", 0])
def test_an_address_that_the_provider_did_not_confirm_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person], verified: object
) -> None:
    provider.claims = {"email_verified": verified}
    with pytest.raises(ProviderError, match="does not know this account"):
        travelled(database, provider, tenant[0])


def test_an_operator_may_trust_a_provider_that_confirms_nothing(database: Database, provider: SmallProvider) -> None:
    trusting = IdentityProvider(provider.issuer, CLIENT_ID, CLIENT_SECRET, trust_addresses=True)
    made, owner = founded(database, trusting)
    provider.account = {"email": owner.email, "sub": str(uuid4())}
    assert travelled(database, provider, made).person == owner


def test_an_account_stays_the_same_person_when_its_address_changes(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    made, owner = tenant
    travelled(database, provider, made)
    provider.account["email"] = "another@northwind.example"
    assert travelled(database, provider, made).person == owner


def test_another_account_with_the_same_address_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    travelled(database, provider, tenant[0])
    provider.account["sub"] = "somebody else"
    with pytest.raises(ProviderError, match="does not know this account"):
        travelled(database, provider, tenant[0])


def test_who_was_removed_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    made, owner = tenant
    travelled(database, provider, made)
    with database.unit_of_work(made.id) as work:
        second = frozenset({Access.OWNER})
        add_person(work, made.id, name="Second", email="second@northwind.example", accesses=second)
        remove_person(work, owner.id, by="house")
    with pytest.raises(ProviderError, match="does not know this account"):
        travelled(database, provider, made)
    with database.unit_of_work(made.id) as work:
        bring_back(work, owner.id, by="house")
    assert travelled(database, provider, made).person == owner


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another program"},
        {"aud": [CLIENT_ID, "another program"]},
        {"azp": "another program"},
        {"nonce": "of another trip"},
        {"exp": 1_000_000_000},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
    ],
)
def test_an_id_token_that_is_not_for_this_trip_is_refused(
    database: Database,
    provider: SmallProvider,
    tenant: tuple[Organisation, Person],
    claims: dict[str, object],
) -> None:
    provider.claims = claims
    with pytest.raises(ProviderError, match="id token"):
        travelled(database, provider, tenant[0])


@pytest.mark.parametrize("left_out", ["iss", "aud", "sub", "exp", "iat", "nonce"])
def test_an_id_token_that_leaves_something_out_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person], left_out: str
) -> None:
    provider.left_out = (left_out,)
    with pytest.raises(ProviderError, match="id token"):
        travelled(database, provider, tenant[0])


def test_an_id_token_signed_by_somebody_else_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    provider.signed_by = RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)
    with pytest.raises(ProviderError, match="id token"):
        travelled(database, provider, tenant[0])


def test_an_id_token_signed_with_a_shared_secret_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    provider.signed_by, provider.algorithm = OctKey.import_key(CLIENT_SECRET * 3), "HS256"
    with pytest.raises(ProviderError, match="id token"):
        travelled(database, provider, tenant[0])


def test_a_trip_works_once(database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]) -> None:
    trip = begin_trip(database, tenant[0], back_to=BACK)
    brought = provider.visit(trip.address)
    back(database, trip, brought)
    with pytest.raises(ProviderError, match="not begun here"):
        back(database, trip, brought)


def test_a_trip_that_another_browser_began_is_refused_and_still_works_there(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    trip, other = (begin_trip(database, tenant[0], back_to=BACK) for _ in range(2))
    brought = provider.visit(trip.address)
    with pytest.raises(ProviderError, match="not begun here"):
        back(database, replace(trip, browser=other.browser), brought)
    assert back(database, trip, brought).person == tenant[1]


def test_a_trip_that_took_too_long_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person], watch: Watch
) -> None:
    trip = begin_trip(database, tenant[0], back_to=BACK)
    watch.turn(timedelta(minutes=11))
    with pytest.raises(ProviderError, match="took too long"):
        back(database, trip, provider.visit(trip.address))


def test_an_answer_that_says_it_comes_from_another_provider_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    trip = begin_trip(database, tenant[0], back_to=BACK)
    with pytest.raises(ProviderError, match="another identity provider"):
        back(database, trip, provider.visit(trip.address), "https://evil.example")


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_provider_that_names_strange_places_is_refused(
    database: Database, provider: SmallProvider, tenant: tuple[Organisation, Person], discovery: dict[str, object]
) -> None:
    provider.discovery = discovery
    with pytest.raises(ProviderError, match="identity provider cannot be used"):
        begin_trip(database, tenant[0], back_to=BACK)


def test_a_provider_that_does_not_answer_is_told(database: Database) -> None:
    made, _ = founded(database, IdentityProvider("http://127.0.0.1:9", CLIENT_ID))
    with pytest.raises(ProviderError, match="does not answer"):
        begin_trip(database, made, back_to=BACK)


def test_an_organisation_without_a_provider_says_so(database: Database) -> None:
    with database.house_work() as work:
        made, _ = found_organisation(work, name="Northwind", owner_email=f"{uuid4()}@northwind.example")
    with pytest.raises(ProviderError, match="has no identity provider"):
        begin_trip(database, made, back_to=BACK)


@pytest.mark.parametrize(
    ("url", "issuer", "safe"),
    [
        ("https://id.example/token", "https://id.example", True),
        ("http://id.example/token", "https://id.example", False),
        ("http://127.0.0.1:1/token", "http://127.0.0.1:1", True),
        ("http://127.0.0.1:1/token", "https://id.example", False),
        ("https://user:word@id.example/token", "https://id.example", False),
        ("https://[bad", "https://id.example", False),
    ],
)
def test_places_are_reached_by_https(url: str, issuer: str, safe: bool) -> None:
    assert is_safe_place(url, issuer=issuer) is safe
