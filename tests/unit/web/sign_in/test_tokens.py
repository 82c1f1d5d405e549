import re

import pytest

from shipworthy.access import operations as access
from shipworthy.access.entities import Scope
from shipworthy.bootstrap import House
from tests.support.houses import make_organisation, visitor


def test_a_token_is_shown_once_and_works_until_it_is_revoked(house: House) -> None:
    _, ann = make_organisation(house)
    desk = visitor(house, ann)
    assert "No tokens yet" in desk.visit("/tokens").text
    desk.visit("/tokens/new")
    made = desk.send("/tokens/new", {"name": "ATS <b>", "scopes": ["roles:read"], "lasts": "30"})
    assert made.status_code == 201
    (secret,) = re.findall(r">(shipworthy_[\w-]+)</textarea>", made.text)
    token = access.token_of(house.database, secret)
    assert token is not None
    assert token.scopes == {Scope.ROLES_READ}
    page = desk.visit("/tokens").text
    assert secret not in page
    assert "ATS &lt;b&gt;" in page
    page = desk.follow(desk.send(f"/tokens/{token.id}/revoke")).text
    assert "The token was revoked." in page
    assert access.token_of(house.database, secret) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "ATS"}, "No scope is chosen."),
        ({"name": "ATS", "scopes": ["everything"]}, "There is no such scope."),
        ({"name": "", "scopes": ["roles:read"]}, "The name is missing."),
        ({"name": "ATS", "scopes": ["roles:read"], "lasts": "99999999"}, "cannot last so long"),
    ],
)
def test_what_is_wrong_is_told(house: House, fields: dict[str, object], told: str) -> None:
    _, ann = make_organisation(house)
    desk = visitor(house, ann)
    desk.visit("/tokens/new")
    answer = desk.send("/tokens/new", fields)
    assert answer.status_code == 422
    assert told in answer.text


def test_a_token_of_another_organisation_is_not_revoked(house: House) -> None:
    _, ann = make_organisation(house)
    _, stranger = make_organisation(house)
    with house.database.unit_of_work(stranger.organisation) as work:
        token, secret = access.make_api_token(work, stranger, name="ATS", scopes=[Scope.ROLES_READ])
    desk = visitor(house, ann)
    desk.visit("/tokens")
    assert "no such token" in desk.follow(desk.send(f"/tokens/{token.id}/revoke")).text
    assert access.token_of(house.database, secret) is not None
