from sqlalchemy import text

from shipworthy.access import operations as access
from shipworthy.access.entities import LinkPurpose, Person, SignedIn
from shipworthy.bootstrap import House
from tests.support.houses import make_organisation, sign_in_token, visitor

PASSWORD = "four unusual words here"
NEW = "another four words here"


def with_password(house: House) -> Person:
    organisation, owner = make_organisation(house)
    with house.database.unit_of_work(organisation.id) as work:
        link = access.make_link(work, owner, LinkPurpose.WELCOME)
    access.set_password(house.database, link, PASSWORD)
    return owner


def test_name_and_time_zone_are_changed(house: House) -> None:
    _, owner = make_organisation(house)
    desk = visitor(house, owner)
    desk.visit("/account")
    done = desk.send("/account", {"name": "Ann <b>", "time_zone": "America/New_York"})
    page = desk.follow(done).text
    assert "Your account is changed." in page
    assert "Ann &lt;b&gt;" in page
    assert '<option value="America/New_York" selected>' in page
    assert "EST" in page or "EDT" in page


def test_a_zone_that_is_none_is_refused(house: House) -> None:
    _, owner = make_organisation(house)
    desk = visitor(house, owner)
    desk.visit("/account")
    answer = desk.send("/account", {"name": "Ann", "time_zone": "../../etc/passwd"})
    assert answer.status_code == 422
    assert "is no time zone" in answer.text


def test_the_password_is_changed_by_who_knows_the_present_one(house: House) -> None:
    owner = with_password(house)
    elsewhere = sign_in_token(house, owner)
    desk = visitor(house, owner)
    desk.visit("/account")
    wrong = desk.send("/account/password", {"present": "wrong", "password": NEW, "again": NEW})
    assert wrong.status_code == 422
    assert "The present password is wrong." in wrong.text
    done = desk.send("/account/password", {"present": PASSWORD, "password": NEW, "again": NEW})
    assert "Your password is changed." in desk.follow(done).text
    assert access.signed_in(house.database, elsewhere) is None
    assert isinstance(access.sign_in(house.database, email=owner.email, password=NEW), SignedIn)


def test_the_present_password_is_not_guessed_from_an_open_desk(house: House) -> None:
    owner = with_password(house)
    desk = visitor(house, owner)
    desk.visit("/account")
    sent = [
        desk.send("/account/password", {"present": f"guess {number}", "password": NEW, "again": NEW}).status_code
        for number in range(7)
    ]
    assert sent == [422] * 5 + [429] * 2


def test_other_sign_ins_are_shown_and_ended(house: House) -> None:
    _, owner = make_organisation(house)
    elsewhere = sign_in_token(house, owner)
    desk = visitor(house, owner)
    page = desk.visit("/account").text
    assert "This browser" in page
    assert "Another browser" in page
    page = desk.follow(desk.send("/account/sign-ins/end")).text
    assert "One other sign-in was ended." in page
    assert "You are signed in nowhere else." in page
    assert access.signed_in(house.database, elsewhere) is None
    with house.database.house_work() as work:
        kept = work.scalar(
            text("SELECT count(*) FROM sign_in WHERE person_id = :id AND ended_at IS NULL"), {"id": owner.id}
        )
    assert kept == 1
