from uuid import uuid4

import pytest

from shipworthy.access import operations as access
from shipworthy.access.entities import Access
from shipworthy.bootstrap import House
from shipworthy.letters.operations import outbox
from tests.support.houses import make_organisation, make_person, sign_in_token, visitor


def test_somebody_is_added_gets_a_letter_and_can_be_taken_back_out(house: House) -> None:
    organisation, ann = make_organisation(house)
    desk = visitor(house, ann)
    desk.visit("/people/new")
    fields = {"name": "Bob <i>", "email": "Bob@example.org", "accesses": ["recruiter", "compliance"]}
    page = desk.follow(desk.send("/people/new", fields)).text
    assert "Bob &lt;i&gt; was added." in page
    assert "Recruiter, compliance" in page
    assert "Has not come yet" in page
    with house.database.unit_of_work(organisation.id) as work:
        assert [letter.recipient for letter in outbox(work)] == ["bob@example.org"]
    undo = page.partition('action="/people/')[2].partition('"')[0]
    assert "was removed" in desk.follow(desk.send(f"/people/{undo}")).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "", "email": "b@example.org", "accesses": ["owner"]}, "The name is missing."),
        ({"name": "Bob", "email": "b", "accesses": ["owner"]}, "This is no mail address."),
        ({"name": "Bob", "email": "b@example.org"}, "No access is chosen."),
        ({"name": "Bob", "email": "b@example.org", "accesses": ["king"]}, "There is no such access."),
        ({"name": "Bob", "email": "b@example.org\r\nBcc: c@example.org", "accesses": ["owner"]}, "no mail address"),
    ],
)
def test_what_is_wrong_is_told_and_the_fields_stay(house: House, fields: dict[str, object], told: str) -> None:
    _, ann = make_organisation(house)
    desk = visitor(house, ann)
    desk.visit("/people/new")
    answer = desk.send("/people/new", fields)
    assert answer.status_code == 422
    assert told in answer.text
    if fields["name"]:
        assert 'value="Bob"' in answer.text


def test_accesses_are_changed_at_once(house: House) -> None:
    organisation, ann = make_organisation(house)
    bob = make_person(house, organisation, Access.RECRUITER)
    desk, bobs = visitor(house, ann), visitor(house, bob)
    assert bobs.visit("/people").status_code == 403
    desk.visit(f"/people/{bob.id}")
    desk.send(f"/people/{bob.id}", {"accesses": ["recruiter", "owner"]})
    assert bobs.visit("/people").status_code == 200


def test_who_is_removed_is_out_at_once_and_can_be_taken_back(house: House) -> None:
    organisation, ann = make_organisation(house)
    bob = make_person(house, organisation, Access.RECRUITER, name="Bob Tanaka")
    token = sign_in_token(house, bob)
    desk = visitor(house, ann)
    desk.visit("/people")
    page = desk.follow(desk.send(f"/people/{bob.id}/remove")).text
    assert "Bob Tanaka was removed" in page
    assert access.signed_in(house.database, token) is None
    assert f'action="/people/{bob.id}/back"' in page
    assert "is back" in desk.follow(desk.send(f"/people/{bob.id}/back")).text


def test_the_last_owner_cannot_leave(house: House) -> None:
    _, ann = make_organisation(house)
    desk = visitor(house, ann)
    desk.visit("/people")
    for answer in (
        desk.send(f"/people/{ann.id}/remove"),
        desk.send(f"/people/{ann.id}", {"accesses": ["recruiter"]}),
    ):
        assert answer.status_code in {409, 422}
        assert "the only owner" in answer.text


def test_an_owner_who_leaves_is_signed_out(house: House) -> None:
    organisation, ann = make_organisation(house)
    make_person(house, organisation, Access.OWNER)
    desk = visitor(house, ann)
    desk.visit("/people")
    assert desk.send(f"/people/{ann.id}/remove").headers["location"] == "/sign-in"
    assert desk.visit("/people").status_code == 303


@pytest.mark.parametrize("verb", ["", "/remove", "/back", "/link"])
def test_people_of_another_organisation_are_not_there(house: House, verb: str) -> None:
    _, ann = make_organisation(house)
    _, stranger = make_organisation(house)
    desk = visitor(house, ann)
    desk.visit("/people")
    assert desk.visit(f"/people/{stranger.id}").status_code == 404
    assert desk.send(f"/people/{stranger.id}{verb}", {"accesses": ["recruiter"]}).status_code == 404
    assert desk.visit(f"/people/{uuid4()}").status_code == 404
    assert desk.visit("/people/x").status_code == 404
    with house.database.unit_of_work(stranger.organisation) as work:
        assert access.person(work, stranger.id) == stranger


def test_somebody_gets_another_link_but_no_flood(house: House) -> None:
    organisation, ann = make_organisation(house)
    bob = make_person(house, organisation, Access.RECRUITER)
    desk = visitor(house, ann)
    desk.visit(f"/people/{bob.id}")
    sent = [desk.send(f"/people/{bob.id}/link").status_code for _ in range(6)]
    assert sent == [303] * 5 + [429]
    with house.database.unit_of_work(organisation.id) as work:
        assert {letter.title for letter in outbox(work)} == {"Your access to Northwind in Shipworthy"}
