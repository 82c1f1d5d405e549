import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from shipworthy.access.api_tokens import make_api_token, revoke_api_token
from shipworthy.access.entities import Organisation, Person, Scope
from shipworthy.audit.operations import search, verify
from shipworthy.audit.repository import Search
from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.delivery.assessments.entities import Wish
from shipworthy.delivery.assessments.operations import make_assessment
from shipworthy.integrations.idempotency.operations import forget_answers
from shipworthy.letters.operations import outbox
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept.entities import Author
from shipworthy.roles.kept.operations import keep_role
from shipworthy.roles.shelf import Shelf
from shipworthy.web.api import callers
from shipworthy.web.app import make_app
from tests.support.houses import make_organisation
from tests.support.postings import LLM

PROBLEM = "application/problem+json"


@dataclass
class Program:
    """A program of an organisation, with a token."""

    house: House
    organisation: Organisation
    owner: Person
    token: UUID
    client: TestClient

    def get(self, path: str, **asked: Any) -> Response:
        return self.client.get(f"/api/v1{path}", params=asked)

    def post(self, path: str, sent: object = None, key: str = "") -> Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"/api/v1{path}", json=sent, headers=headers)


def program(house: House, scopes: Sequence[Scope] = tuple(Scope), of: Program | None = None) -> Program:
    organisation, owner = (of.organisation, of.owner) if of else make_organisation(house)
    with house.database.unit_of_work(organisation.id) as work:
        token, secret = make_api_token(work, owner, name="Applicant tracking", scopes=scopes)
    client = TestClient(make_app(house), base_url=house.settings.web_url, raise_server_exceptions=False)
    client.headers["Authorization"] = f"Bearer {secret}"
    return Program(house, organisation, owner, token.id, client)


@pytest.fixture
def ats(house: House) -> Program:
    return program(house)


@pytest.fixture(scope="module")
def shelf(house: House) -> Shelf:
    return Shelf(house.catalogue)


@pytest.fixture
def assessment(ats: Program, shelf: Shelf) -> str:
    by = Author(ats.owner.id, ats.owner.name)
    with ats.house.database.unit_of_work(ats.organisation.id) as work:
        role = keep_role(work, ats.organisation.id, read_text(LLM), by=by)
        wish = Wish(role=role.id, version=1, decider=ats.owner.id, minutes=90, contact="people@example.org")
        return str(make_assessment(work, wish, shelf, by=by).id)


def pages(program: Program, path: str, **asked: Any) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        page = program.get(path, **asked, **cursor).json()
        yield from page["items"]
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def test_a_program_scopes_a_role_and_finds_it_in_pages(ats: Program) -> None:
    made = [ats.post("/roles", {"description": LLM, "minutes": 60 + number}) for number in range(5)]
    assert {answer.status_code for answer in made} == {201}
    assert made[0].json()["minutes"] == 60
    assert {"competency": "rag_vector_db", "level": "required"} in made[0].json()["needs"]
    assert ats.get(f"/roles/{made[0].json()['id']}").json() == made[0].json()
    listed = [role["id"] for role in pages(ats, "/roles", limit=2)]
    assert listed == [answer.json()["id"] for answer in reversed(made)]
    assert list(pages(ats, "/roles", limit=100, archived=True)) == []


def test_a_program_invites_and_follows_states(ats: Program, assessment: str) -> None:
    guests = [
        {"name": "Ada Lovelace", "email": "ada@example.org"},
        {"email": "Grace@Example.org"},
        {"email": "nobody"},
        {"email": "ADA@example.org"},
    ]
    answer = ats.post(f"/assessments/{assessment}/invitations", {"candidates": guests})
    assert answer.status_code == 201
    assert len(answer.json()["invited"]) == 2
    assert [(one["place"], one["reason"]) for one in answer.json()["refused"]] == [
        (3, "Is no address that a letter can go to."),
        (4, "Is the address of candidate 1 too."),
    ]
    listed = list(pages(ats, f"/assessments/{assessment}/invitations", limit=1))
    assert {one["candidate"]["email"] for one in listed} == {"ada@example.org", "grace@example.org"}
    assert {one["state"] for one in listed} == {"invited"}
    again = ats.post(f"/assessments/{assessment}/invitations", {"candidates": guests[:1]})
    assert again.json()["refused"][0]["reason"] == "Was invited to this assessment before."


def test_an_invitation_is_extended_cancelled_restored_and_logged_as_the_programs(ats: Program, assessment: str) -> None:
    made = ats.post(f"/assessments/{assessment}/invitations", {"candidates": [{"email": "ada@example.org"}]})
    invitation = made.json()["invited"][0]
    later = (clock.now() + timedelta(days=60)).isoformat()
    assert ats.post(f"/invitations/{invitation}/extend", {"expires_at": later}).json()["expires_at"][:10] == later[:10]
    assert ats.post(f"/invitations/{invitation}/remind").json()["reminders"] == 1
    assert ats.post(f"/invitations/{invitation}/cancel").json()["state"] == "cancelled"
    assert ats.post(f"/invitations/{invitation}/cancel").status_code == 409
    assert list(pages(ats, f"/assessments/{assessment}/invitations", state="invited")) == []
    assert ats.post(f"/invitations/{invitation}/restore").json()["state"] == "invited"
    assert ats.get(f"/invitations/{invitation}").json()["state"] == "invited"
    with ats.house.database.unit_of_work(ats.organisation.id) as work:
        tags = [event.tag for event in search(work, Search(actor=f"token:{ats.token}"))]
        assert verify(work, ats.organisation.id).holds
    assert tags[0] == "recruiter:invitation:restored"
    assert len(tags) == 5


def test_a_scorecard_is_empty_until_something_is_graded(ats: Program, assessment: str) -> None:
    made = ats.post(f"/assessments/{assessment}/invitations", {"candidates": [{"email": "ada@example.org"}]})
    card = ats.get(f"/invitations/{made.json()['invited'][0]}/scorecard").json()
    assert (card["final"], card["scorecard"], card["role_version"]) == (False, None, 1)


def test_the_same_request_with_the_same_key_is_done_once(ats: Program, assessment: str) -> None:
    guests = {"candidates": [{"email": "ada@example.org"}]}
    path = f"/assessments/{assessment}/invitations"
    first, second = ats.post(path, guests, key="a-1"), ats.post(path, guests, key="a-1")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert ("idempotent-replayed" in first.headers, second.headers["idempotent-replayed"]) == (False, "true")
    with ats.house.database.unit_of_work(ats.organisation.id) as work:
        assert len(outbox(work)) == 1
    other = ats.post(path, {"candidates": [{"email": "grace@example.org"}]}, key="a-1")
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert "idempotent-replayed" not in program(ats.house, of=ats).post(path, guests, key="a-1").headers


def test_answers_are_forgotten_after_a_day(ats: Program, assessment: str) -> None:
    path, guests = f"/assessments/{assessment}/invitations", {"candidates": [{"email": "ada@example.org"}]}
    ats.post(path, guests, key="k")
    with ats.house.database.unit_of_work(ats.organisation.id) as work:
        work.execute(text("UPDATE idempotent_request SET at = now() - interval '25 hours'"))
    forget_answers(ats.house.database)
    with ats.house.database.unit_of_work(ats.organisation.id) as work:
        assert work.scalar(text("SELECT count(*) FROM idempotent_request")) == 0


def test_what_failed_may_be_sent_again_with_its_key(ats: Program, assessment: str) -> None:
    path = f"/assessments/{assessment}/invitations"
    past = {"candidates": [{"email": "ada@example.org"}], "expires_at": "2020-01-01T00:00:00Z"}
    assert ats.post(path, past, key="k").status_code == 422
    assert ats.post(path, {**past, "expires_at": None}, key="k").status_code == 201


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer x", "Bearer shipworthy_x", "Basic shipworthy_x"])
def test_without_a_token_that_holds_nothing_is_told(house: House, sent: str) -> None:
    client = TestClient(make_app(house), base_url=house.settings.web_url)
    answer = client.get("/api/v1/roles", headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_token_is_none(ats: Program) -> None:
    with ats.house.database.unit_of_work(ats.organisation.id) as work:
        revoke_api_token(work, ats.token, by=ats.owner)
    assert ats.get("/roles").status_code == 401


def routes_of(program: Program) -> list[tuple[str, str, str]]:
    """Return method, path and scope of every route, as the description tells them."""
    described = program.get("/openapi.json").json()["paths"]
    found = []
    for path, methods in described.items():
        for method, words in methods.items():
            scope = re.search(r"Scope: `([^`]+)`", words["description"])
            assert scope
            found.append((method, path, scope[1]))
    return found


def test_every_route_needs_its_scope_and_no_other_opens_it(ats: Program) -> None:
    others = {scope.value: program(ats.house, [each for each in Scope if each != scope], of=ats) for scope in Scope}
    for method, path, scope in routes_of(ats):
        address = re.sub(r"\{\w+\}", str(uuid4()), path)
        answer = others[scope].client.request(method, address)
        assert (answer.status_code, answer.json()["code"]) == (403, "api_scope_needed"), (method, path)


def test_another_organisation_finds_nothing(ats: Program, assessment: str, house: House) -> None:
    made = ats.post(f"/assessments/{assessment}/invitations", {"candidates": [{"email": "ada@example.org"}]})
    role = ats.get(f"/assessments/{assessment}").json()["role"]
    ids = {"role": role, "assessment": assessment, "invitation": made.json()["invited"][0]}
    other = program(house)
    bodies = {
        "invitations": {"candidates": [{"email": "x@example.org"}]},
        "extend": {"expires_at": "2030-01-01T00:00Z"},
    }
    for method, path, _ in routes_of(ats):
        if "{" not in path:
            continue
        address = re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path)
        sent = bodies.get(path.rpartition("/")[2]) if method == "post" else None
        answer = other.client.request(method, address, json=sent)
        assert answer.status_code == 404, (method, path, answer.text)
        assert answer.headers["content-type"] == PROBLEM
    assert ats.get(f"/invitations/{ids['invitation']}").json()["state"] == "invited"


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "é", "a" * 300, "WyIyMDI2LTAxLTAxIiwgImEiXQ"])
def test_a_cursor_that_is_none_of_ours_is_refused(ats: Program, cursor: str) -> None:
    answer = ats.get("/roles", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (422, "api_cursor")


def test_bodies_that_are_none_are_refused_with_what_to_do(ats: Program) -> None:
    faulty: list[object] = [{}, {"description": ""}, {"description": LLM, "minuts": 3}, {"minutes": 0}, [], 3]
    for sent in faulty:
        answer = ats.post("/roles", sent)
        assert answer.status_code == 422, sent
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["remedy"]
    assert ats.client.post("/api/v1/roles", content=b"{").status_code == 422
    assert ats.post("/roles", {"description": "x" * 3_000_000}).status_code == 413


def test_a_token_may_be_used_so_often(ats: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "REQUESTS_A_MINUTE", 3)
    monkeypatch.setattr(callers, "MINUTE", 3600)
    answers = [ats.get("/roles") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 3
    assert answers[-1].headers["retry-after"] == "60"


def test_no_cookie_counts_and_no_page_of_another_site_can_use_it(ats: Program) -> None:
    answer = ats.get("/roles")
    assert "set-cookie" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


def test_the_description_has_words_and_examples_for_everything(ats: Program) -> None:
    described = ats.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for path, methods in described["paths"].items():
        for method, words in methods.items():
            assert len(words["description"]) > 20, (method, path)
            assert words["tags"], (method, path)
            assert {"401", "403", "404", "429"} <= set(words["responses"])
    for name, shape in described["components"]["schemas"].items():
        assert shape.get("description") or "enum" in shape, name
    assert "HTTPValidationError" not in json.dumps(described)
