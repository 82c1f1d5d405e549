import re

import pytest

from shipworthy.access import operations as access
from shipworthy.access.entities import LinkPurpose, Person, SignedIn
from shipworthy.bootstrap import House
from shipworthy.letters.operations import outbox
from tests.support.houses import make_organisation, sign_in_token, visitor

PASSWORD = "four unusual words here"


@pytest.fixture
def owner(house: House) -> Person:
    return make_organisation(house)[1]


def link_for(house: House, person: Person, purpose: LinkPurpose = LinkPurpose.WELCOME) -> str:
    with house.database.unit_of_work(person.organisation) as work:
        return access.make_link(work, person, purpose)


def resets(house: House, person: Person) -> list[str]:
    with house.database.unit_of_work(person.organisation) as work:
        return [token for letter in outbox(work) for token in re.findall(r"/reset/(\S+)", letter.body)]


def test_a_welcome_link_leads_to_a_password_and_then_to_sign_in(house: House, owner: Person) -> None:
    guest = visitor(house)
    path = f"/welcome/{link_for(house, owner)}"
    assert "Welcome, " in guest.visit(path).text
    done = guest.send(path, {"password": PASSWORD, "again": PASSWORD})
    assert done.headers["location"] == "/sign-in"
    assert "Your password is set." in guest.follow(done).text
    assert isinstance(access.sign_in(house.database, email=owner.email, password=PASSWORD), SignedIn)


def test_a_link_that_was_used_says_so_and_what_to_do(house: House, owner: Person) -> None:
    guest = visitor(house)
    path = f"/welcome/{link_for(house, owner)}"
    guest.visit(path)
    guest.send(path, {"password": PASSWORD, "again": PASSWORD})
    for answer in (guest.visit(path), guest.send(path, {"password": PASSWORD, "again": PASSWORD})):
        assert answer.status_code in {403, 404}
    assert "used already" in guest.visit(path).text


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [("short", "short", "has 5 characters"), (PASSWORD, "another", "differ"), ("", "", "has 0 characters")],
)
def test_a_bad_password_is_told_and_the_link_still_works(
    house: House, owner: Person, password: str, again: str, told: str
) -> None:
    guest = visitor(house)
    path = f"/reset/{link_for(house, owner, LinkPurpose.RESET)}"
    guest.visit(path)
    answer = guest.send(path, {"password": password, "again": again})
    assert answer.status_code == 422
    assert told in answer.text
    assert guest.send(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303


def test_links_work_for_their_own_purpose_only(house: House, owner: Person) -> None:
    guest = visitor(house)
    assert guest.visit(f"/reset/{link_for(house, owner)}").status_code == 404
    assert guest.visit(f"/welcome/{link_for(house, owner, LinkPurpose.RESET)}").status_code == 404
    assert guest.visit(f"/welcome/{link_for(house, owner, LinkPurpose.CHOICE)}").status_code == 404


def test_asking_for_a_password_says_the_same_for_everybody(house: House, owner: Person) -> None:
    pages = []
    for email in (owner.email, "unknown@example.org"):
        guest = visitor(house)
        guest.visit("/forgotten")
        answer = guest.send("/forgotten", {"email": email})
        pages.append((answer.status_code, answer.text.replace(email, "").replace(guest.token, "")))
    assert pages[0] == pages[1]
    (token,) = resets(house, owner)
    assert visitor(house).visit(f"/reset/{token}").status_code == 200


def test_a_new_password_signs_out_whoever_had_the_old_one(house: House, owner: Person) -> None:
    token = sign_in_token(house, owner)
    guest = visitor(house)
    path = f"/reset/{link_for(house, owner, LinkPurpose.RESET)}"
    guest.visit(path)
    guest.send(path, {"password": PASSWORD, "again": PASSWORD})
    assert access.signed_in(house.database, token) is None


@pytest.mark.parametrize("token", ["x", "%00", "..%2f..%2fetc", "x" * 3000])
def test_what_is_no_link_is_refused(house: House, token: str) -> None:
    assert visitor(house).visit(f"/welcome/{token}").status_code == 404


def test_the_address_of_a_link_is_told_to_no_other_site(house: House, owner: Person) -> None:
    answer = visitor(house).visit(f"/welcome/{link_for(house, owner)}")
    assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}
    assert answer.headers["cache-control"] == "no-store"


def test_one_place_cannot_go_on_guessing_links(house: House) -> None:
    guest = visitor(house)
    assert [guest.visit(f"/welcome/{number}").status_code for number in range(62)] == [404] * 60 + [429] * 2
