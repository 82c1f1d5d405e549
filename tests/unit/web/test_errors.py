import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from shipworthy.access.entities import Access
from shipworthy.bootstrap import House
from shipworthy.core.errors import BadInputError, ShipworthyError
from shipworthy.web.app import make_app
from shipworthy.web.errors import status_of
from shipworthy.web.who import needs


class NoSuchThingError(ShipworthyError):
    """There is no such thing."""

    code = "thing_unknown"


class HiddenFaultError(BadInputError):
    """The field holds <b>markup</b>."""

    code = "thing_bad"


FAULTS: dict[str, Exception] = {
    "unknown": NoSuchThingError(remedy="Look for it in the list."),
    "bad": HiddenFaultError(),
    "lost": OperationalError("SELECT 1", {}, Exception("the secret of the database")),
    "own": RuntimeError("the secret of the program"),
}


@pytest.fixture
def app(house: House) -> FastAPI:
    made = make_app(house, audiences=())

    @made.get("/broken/{name}")
    @made.get("/api/v1/broken/{name}")
    def broken(name: str) -> None:
        raise FAULTS[name]

    @made.get("/numbered/{number}")
    def numbered(number: int, at_most: int = 1) -> str:
        return str(number + at_most)

    @made.get("/for-owners", dependencies=[needs(Access.OWNER)])
    def for_owners() -> str:
        return "yes"

    return made


@pytest.fixture
def client(house: House, app: FastAPI) -> TestClient:
    return TestClient(app, base_url=house.settings.web_url, follow_redirects=False)


def test_what_went_wrong_and_what_to_do_stand_on_the_page(client: TestClient) -> None:
    answer = client.get("/broken/unknown")
    assert answer.status_code == 404
    assert "There is no such thing." in answer.text
    assert "Look for it in the list." in answer.text


def test_texts_of_errors_are_no_markup(client: TestClient) -> None:
    answer = client.get("/broken/bad")
    assert answer.status_code == 422
    assert "&lt;b&gt;markup&lt;/b&gt;" in answer.text


@pytest.mark.parametrize(("name", "status"), [("lost", 503), ("own", 500)])
def test_a_fault_of_ours_tells_no_secret_and_keeps_the_guarding_headers(
    client: TestClient, name: str, status: int
) -> None:
    answer = client.get(f"/broken/{name}")
    assert answer.status_code == status
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_fault_of_ours_has_a_reference_to_look_up(client: TestClient) -> None:
    first, second = client.get("/broken/own").text, client.get("/broken/own").text
    assert "Reference:" in first
    assert first.split("Reference:")[1] != second.split("Reference:")[1]


def test_a_part_of_a_page_gets_a_part_of_a_page(client: TestClient) -> None:
    answer = client.get("/broken/unknown", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "There is no such thing." in answer.text


def test_a_program_gets_problem_details(client: TestClient) -> None:
    answer = client.get("/api/v1/broken/unknown")
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == 404
    assert told["detail"] == "There is no such thing."
    assert told["code"] == "thing_unknown"


def test_an_address_that_cannot_be_is_a_page_that_is_not_there(client: TestClient) -> None:
    assert client.get("/numbered/x").status_code == 404


def test_a_field_that_does_not_fit_is_named(client: TestClient) -> None:
    answer = client.get("/numbered/1?at_most=x")
    assert answer.status_code == 422
    assert "at most" in answer.text


def test_who_is_not_signed_in_comes_back_after_signing_in(client: TestClient) -> None:
    answer = client.get("/for-owners?a=b")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Ffor-owners%3Fa%3Db"
    part = client.get("/for-owners", headers={"HX-Request": "true"})
    assert part.headers["hx-redirect"] == "/sign-in"


def test_the_end_of_a_code_says_what_kind_of_error_it_is() -> None:
    assert status_of(NoSuchThingError()) == 404
    assert status_of(HiddenFaultError()) == 422
    assert status_of(ShipworthyError()) == 400
