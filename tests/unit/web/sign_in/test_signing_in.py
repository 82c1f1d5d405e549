from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import Response

from shipworthy.access import operations as access
from shipworthy.access.entities import IdentityProvider, LinkPurpose, Organisation, Person
from shipworthy.bootstrap import House
from tests.support.houses import Visitor, make_organisation, sign_in_token, visitor
from tests.support.identity_providers import CLIENT_ID, CLIENT_SECRET, SmallProvider, small_provider

PASSWORD = "four unusual words here"
COOKIE = "shipworthy-sign-in"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "evil.example",
    "",
    "/sign-in?next=/sign-in",
]


@pytest.fixture
def tenant(house: House) -> tuple[Organisation, Person]:
    return somebody(house)


def somebody(house: House, name: str = "Northwind", email: str = "") -> tuple[Organisation, Person]:
    """Set up an organisation whose owner has the password."""
    if email:
        with house.database.house_work() as work:
            organisation, owner = access.found_organisation(work, name=name, owner_email=email)
    else:
        organisation, owner = make_organisation(house, name)
    with house.database.unit_of_work(organisation.id) as work:
        link = access.make_link(work, owner, LinkPurpose.WELCOME)
    access.set_password(house.database, link, PASSWORD)
    return organisation, owner


def signed_in(guest: Visitor, email: str, password: str = PASSWORD, following: str = "/account") -> Response:
    guest.visit("/sign-in")
    return guest.send("/sign-in", {"email": email, "password": password, "next": following})


def test_address_and_password_lead_to_the_page_that_was_wanted(
    house: House, tenant: tuple[Organisation, Person]
) -> None:
    guest = visitor(house)
    wanted = guest.visit("/account?x=1")
    assert wanted.headers["location"] == "/sign-in?next=%2Faccount%3Fx%3D1"
    page = guest.follow(wanted)
    assert 'name="next" value="/account?x=1"' in page.text
    done = signed_in(guest, tenant[1].email, following="/account?x=1")
    assert done.headers["location"] == "/account?x=1"
    assert tenant[1].email in guest.follow(done).text


def test_the_cookie_is_for_our_pages_alone(house: House, tenant: tuple[Organisation, Person]) -> None:
    cookie = signed_in(visitor(house), tenant[1].email).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("following", ELSEWHERE)
def test_nobody_is_sent_to_another_site(house: House, tenant: tuple[Organisation, Person], following: str) -> None:
    assert signed_in(visitor(house), tenant[1].email, following=following).headers["location"] == "/"
    page = visitor(house).client.get("/sign-in", params={"next": following})
    assert 'name="next" value="/"' in page.text
    inside = visitor(house, tenant[1]).client.get("/sign-in", params={"next": following})
    assert inside.headers["location"] == "/"


def test_every_refusal_is_the_same_page(house: House, tenant: tuple[Organisation, Person]) -> None:
    organisation, stranger = make_organisation(house)
    answers = []
    for email, password in [
        (tenant[1].email, "wrong"),
        ("unknown@example.org", PASSWORD),
        (stranger.email, PASSWORD),
    ]:
        guest = visitor(house)
        answer = signed_in(guest, email, password)
        answers.append((answer.status_code, answer.text.replace(email, "").replace(guest.token, "")))
    assert answers[0][0] == 401
    assert len(set(answers)) == 1
    assert organisation.name not in answers[0][1]


def test_the_address_stays_in_its_field_and_is_inert(house: House) -> None:
    page = signed_in(visitor(house), '"><script>alert(1)</script>', "wrong").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_password_is_in_no_page(house: House, tenant: tuple[Organisation, Person]) -> None:
    assert "a wrong secret" not in signed_in(visitor(house), tenant[1].email, "a wrong secret").text


def test_a_sign_in_that_somebody_planted_is_not_adopted(house: House, tenant: tuple[Organisation, Person]) -> None:
    guest = visitor(house)
    guest.keep(COOKIE, "planted-by-somebody-else")
    signed_in(guest, tenant[1].email)
    held = [cookie.value for cookie in guest.client.cookies.jar if cookie.name == COOKIE and cookie.value]
    assert "planted-by-somebody-else" not in held[-1:]
    thief = visitor(house)
    thief.keep(COOKIE, "planted-by-somebody-else")
    assert thief.visit("/account").status_code == 303


def test_signing_in_again_ends_the_sign_in_before(house: House, tenant: tuple[Organisation, Person]) -> None:
    before = sign_in_token(house, tenant[1])
    guest = visitor(house)
    guest.keep(COOKIE, before)
    guest.visit("/account")
    guest.send("/sign-in", {"email": tenant[1].email, "password": PASSWORD})
    assert access.signed_in(house.database, before) is None


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/choice", "/sign-out", "/forgotten"])
def test_what_another_site_sends_is_refused(house: House, tenant: tuple[Organisation, Person], path: str) -> None:
    guest = visitor(house, tenant[1])
    guest.token = "0" * 64
    assert guest.send(path, {"email": tenant[1].email, "password": PASSWORD}).status_code == 403
    assert guest.visit("/account").status_code == 200


def test_a_page_from_before_the_sign_in_still_counts_for_nothing(
    house: House, tenant: tuple[Organisation, Person]
) -> None:
    thief = visitor(house)
    thief.visit("/sign-in")
    victim = visitor(house, tenant[1])
    victim.token = thief.token
    assert victim.send("/account", {"name": "Changed", "time_zone": "UTC"}).status_code == 403


def test_signing_out_ends_it_here_and_on_the_server(house: House, tenant: tuple[Organisation, Person]) -> None:
    token = sign_in_token(house, tenant[1])
    guest = visitor(house)
    guest.keep(COOKIE, token)
    guest.visit("/account")
    done = guest.send("/sign-out")
    assert "You are signed out." in guest.follow(done).text
    assert access.signed_in(house.database, token) is None


def test_one_place_cannot_go_on_guessing(house: House) -> None:
    guest = visitor(house)
    guest.visit("/sign-in")
    statuses = [
        guest.send("/sign-in", {"email": f"{number}@example.org", "password": "x"}).status_code for number in range(32)
    ]
    assert statuses == [401] * 30 + [429] * 2


def test_one_of_several_organisations_is_chosen_once(house: House, tenant: tuple[Organisation, Person]) -> None:
    other, there = somebody(house, "Contoso <b>", email=tenant[1].email)
    guest = visitor(house)
    page = signed_in(guest, tenant[1].email).text
    assert "Choose the organisation" in page
    assert "Contoso &lt;b&gt;" in page
    tokens = [piece.partition('"')[0] for piece in page.split('name="token" value="')[1:]]
    done = guest.send("/sign-in/choice", {"token": tokens[1], "next": "/account"})
    assert done.headers["location"] == "/account"
    assert "Contoso" in guest.follow(done).text
    replayed = visitor(house)
    replayed.visit("/sign-in")
    assert replayed.send("/sign-in/choice", {"token": tokens[1]}).status_code == 401
    assert there.organisation == other.id


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    with small_provider() as served:
        yield served


@pytest.fixture
def with_provider(house: House, tenant: tuple[Organisation, Person], provider: SmallProvider) -> Organisation:
    provider.account = {"email": tenant[1].email, "email_verified": True, "sub": tenant[1].email}
    with house.database.unit_of_work(tenant[0].id) as work:
        identity = IdentityProvider(provider.issuer, CLIENT_ID, CLIENT_SECRET)
        access.set_identity_provider(work, tenant[0].id, identity)
    return tenant[0]


def brought(provider: SmallProvider, sent: Response) -> str:
    """Return the address that the provider sends the browser back to."""
    address = sent.headers["location"]
    asked = parse_qs(urlsplit(address).query)
    back = urlsplit(asked["redirect_uri"][0])
    fields = provider.visit(address)
    return f"{back.path}?state={fields['state']}&code={fields['code']}&iss={provider.issuer}"


def test_the_company_account_signs_in(
    house: House, with_provider: Organisation, provider: SmallProvider, tenant: tuple[Organisation, Person]
) -> None:
    guest = visitor(house)
    assert f"/sign-in/{with_provider.slug}/provider" in guest.visit(f"/sign-in/{with_provider.slug}").text
    done = guest.visit(brought(provider, guest.visit(f"/sign-in/{with_provider.slug}/provider")))
    assert done.headers["location"] == "/"
    assert tenant[1].email in guest.visit("/account").text


def test_an_answer_for_another_browser_signs_nobody_in(
    house: House, with_provider: Organisation, provider: SmallProvider
) -> None:
    thief, victim = visitor(house), visitor(house)
    address = brought(provider, thief.visit(f"/sign-in/{with_provider.slug}/provider"))
    assert victim.visit(address).status_code == 403
    assert victim.visit("/account").status_code == 303


def test_an_answer_works_once(house: House, with_provider: Organisation, provider: SmallProvider) -> None:
    guest = visitor(house)
    address = brought(provider, guest.visit(f"/sign-in/{with_provider.slug}/provider"))
    assert guest.visit(address).status_code == 303
    assert visitor(house).visit(address).status_code == 403


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied&state=x", "?code=x", "?state=x&code=y", "?error=<script>&state=x&code=y"]
)
def test_a_strange_answer_of_a_provider_is_told(house: House, query: str) -> None:
    answer = visitor(house).visit(f"/sign-in/provider/back{query}")
    assert answer.status_code == 403
    assert "Sign in" in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")


def test_an_organisation_without_provider_or_that_is_none_shows_the_plain_page(
    house: House, tenant: tuple[Organisation, Person]
) -> None:
    for slug in (tenant[0].slug, "nowhere"):
        assert "company account" not in visitor(house).visit(f"/sign-in/{slug}").text
        assert visitor(house).visit(f"/sign-in/{slug}/provider").status_code == 403
