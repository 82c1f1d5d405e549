"""Every route, asked by everybody who should not get in, and by those who should."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text

from shipworthy.access.entities import Access, Organisation, Person, Scope
from shipworthy.access.operations import make_api_token
from shipworthy.audit.operations import verify
from shipworthy.bootstrap import House
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.assessments.entities import Wish
from shipworthy.delivery.assessments.operations import make_assessment
from shipworthy.delivery.entities import Guest
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept.entities import Author
from shipworthy.roles.kept.operations import keep_role
from shipworthy.roles.shelf import Shelf
from shipworthy.web.app import BY_COOKIE, BY_TOKEN, make_app, routes_of
from shipworthy.web.security import DEVICE, cookie_name
from tests.support.candidates import invitees_in, quick_catalogue
from tests.support.houses import Visitor, fresh_house, make_organisation, make_person
from tests.support.postings import LLM
from tests.unit.web.route_table import ROWS

ACCESSES = {access.value for access in Access}
SCOPES = {scope.value for scope in Scope}
OF_PEOPLE = [row for row, gates in ROWS.items() if set(gates) <= ACCESSES]
OF_MEMBERS = [row for row, gates in ROWS.items() if gates == ("signed-in",)]
OF_CANDIDATES = [row for row, gates in ROWS.items() if gates == ("candidate",)]
OF_LINKS = [row for row, gates in ROWS.items() if gates == ("link",)]
OF_PROGRAMS = [row for row, gates in ROWS.items() if set(gates) <= SCOPES]


MADE = ("session", "task", "job", "webhook", "delivery")
MORE = """
INSERT INTO session (id, organisation_id, invitation_id, candidate_id, consented_at, notice,
    notice_digest, time_zone)
SELECT :session, :of, id, candidate_id, now(), 'What is recorded.', 'x', 'UTC' FROM invitation WHERE id = :invitation;
INSERT INTO session_task (id, organisation_id, session_id, position, task_id, task_version, package_digest, seed,
    minutes, practice, state)
VALUES (:task, :of, :session, 1, 'churn-model', '1', 'x', 1, 30, false, 'handed_in');
INSERT INTO grading_job (id, organisation_id, candidate_id, session_task_id, kind, task_id, package_digest, seed, blob,
    state, faults, fault, created_at, due_at)
SELECT :job, :of, candidate_id, :task, 'grading', 'churn-model', 'x', 1, 'x', 'stopped', 3, 'It broke.', now(), now()
FROM session WHERE id = :session;
INSERT INTO webhook (id, organisation_id, url, secret, events, told_to, created_by, created_at)
VALUES (:webhook, :of, 'https://hooks.example.org/x', 'x', '{}', 0, :by, now());
INSERT INTO webhook_delivery (id, organisation_id, webhook_id, event_number, event, payload, state, created_at)
VALUES (:delivery, :of, :webhook, 1, 'worker:grading:done', '{}', 'failed', now())
"""
"""What no operation makes without a candidate who works for an hour, or a server that does not answer."""


@dataclass
class World:
    """Two organisations: one with a role, an assessment and an invitation, and a stranger in the other."""

    house: House
    app: FastAPI
    own: Organisation
    ann: Person
    stranger: Person
    ids: dict[str, str]
    people: dict[tuple[Access, ...], Person] = field(default_factory=dict)

    def path(self, template: str) -> str:
        """Return an address of a thing that is there."""
        path = template
        for name, key in self.ids.items():
            path = path.replace(f"{{{name}}}", key)
        kind = template.partition("/{wanted}")[0].rpartition("/")[2]
        return path.replace("{wanted}", self.ids.get(f"one of {kind}", "")).replace("{slug}", self.own.slug)

    def head(self) -> str:
        """Return the hash of the organisation's last event: whoever changes anything there adds one."""
        with self.house.database.unit_of_work(self.own.id) as work:
            return verify(work, self.own.id).head

    def someone(self, *accesses: Access) -> Person:
        """Return somebody of the organisation with these accesses."""
        if accesses not in self.people:
            self.people[accesses] = make_person(self.house, self.own, *accesses)
        return self.people[accesses]

    def ask(self, row: tuple[str, str], person: Person | None) -> Response:
        """Ask as somebody would who pressed a button of a page of ours."""
        visitor = Visitor(self.app, person)
        return sent(visitor, row[0], self.path(row[1]))


def sent(visitor: Visitor, method: str, path: str) -> Response:
    """Ask for a page, or send an empty one with the token that our pages have."""
    if method == "GET":
        return visitor.visit(path)
    visitor.visit("/nowhere")
    return visitor.send(path)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with fresh_house(tmp_path_factory.mktemp("house")) as house:
        own, ann = make_organisation(house)
        stranger = make_person(house, make_organisation(house, "Westwind")[0], *Access)
        yield World(house, make_app(house), own, ann, stranger, filled(house, own, ann))


def filled(house: House, own: Organisation, ann: Person) -> dict[str, str]:
    """Fill an organisation with one of everything, and return the ids as addresses name them."""
    by = Author(ann.id, ann.name)
    with house.database.unit_of_work(own.id) as work:
        role = keep_role(work, own.id, read_text(LLM), by=by).id
        wish = Wish(role=role, version=1, decider=ann.id, minutes=90, contact="people@example.org")
        assessment = make_assessment(work, wish, Shelf(house.catalogue), by=by).id
        guests = [Guest(1, "Li Wei", f"{uuid4().hex}@example.org")]
        invited = delivery.invite(
            work, own.id, assessment=assessment, guests=guests, actor=ann.actor, web_url=house.settings.web_url
        )
        (invitation,) = invited.invitations
        letter = work.scalar(text("SELECT id FROM letter WHERE about LIKE 'invitation:%'"))
        token, _ = make_api_token(work, ann, name="Tracking", scopes=tuple(Scope))
        made = {"of": own.id, "invitation": invitation, "by": ann.id} | {name: uuid4() for name in MADE}
        for statement in MORE.split(";"):
            work.execute(text(statement), {name: key for name, key in made.items() if f":{name}" in statement})
    person = make_person(house, own, Access.REVIEWER)
    return {
        "role_id": str(role),
        "role": str(role),
        "assessment_id": str(assessment),
        "assessment": str(assessment),
        "invitation_id": str(invitation),
        "invitation": str(invitation),
        "job_id": str(made["job"]),
        "one of webhooks": str(made["webhook"]),
        "one of deliveries": str(made["delivery"]),
        "one of people": str(person.id),
        "one of letters": str(letter),
        "one of tokens": str(token.id),
    }


def test_the_table_names_every_route_and_no_other(world: World) -> None:
    routers = [route.original_router for route in world.app.routes if hasattr(route, "original_router")]
    served = {
        (method, route.path) for router in routers for route in routes_of(router) for method in route.methods or ()
    }
    assert served - set(ROWS) == set(), "these routes have no row in route_table.py"
    assert set(ROWS) - served == set(), "these rows have no route"


def test_every_gate_is_one_that_is_known() -> None:
    single = {"anyone", "link", "signed-in", "candidate", "machine"}
    for row, gates in ROWS.items():
        assert set(gates) <= ACCESSES or set(gates) <= SCOPES or (len(gates) == 1 and gates[0] in single), row


def was_let_in(answer: Response) -> bool:
    """Say whether a route did its work, or would have with fields that fit."""
    if answer.status_code == 303:
        return not answer.headers["location"].startswith("/sign-in")
    return answer.status_code in {200, 409, 422, 429} or (
        answer.status_code == 404 and "Nothing is graded yet" in answer.text
    )


def asks_to_sign_in(answer: Response) -> bool:
    return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("row", OF_PEOPLE, ids=" ".join)
def test_only_people_with_the_access_get_in(world: World, row: tuple[str, str]) -> None:
    assert asks_to_sign_in(world.ask(row, None))
    for access in Access:
        answer = world.ask(row, world.someone(access))
        if access.value in ROWS[row]:
            assert was_let_in(answer), f"{access.value}: {answer.status_code}"
        else:
            assert answer.status_code == 403, f"{access.value}: {answer.status_code}"


@pytest.mark.parametrize("row", [row for row in OF_PEOPLE if "{" in row[1]], ids=" ".join)
def test_what_is_another_organisation_s_is_not_there_whatever_the_accesses(world: World, row: tuple[str, str]) -> None:
    head = world.head()
    answer = world.ask(row, world.stranger)
    assert answer.status_code in ({404} if row[0] == "GET" else {303, 404, 422}), answer.status_code
    assert "Li Wei" not in answer.text
    assert world.head() == head


@pytest.mark.parametrize("row", OF_MEMBERS, ids=" ".join)
def test_only_who_is_signed_in_gets_in(world: World, row: tuple[str, str]) -> None:
    assert asks_to_sign_in(world.ask(row, None))
    for access in Access:
        assert was_let_in(world.ask(row, world.someone(access)))


@pytest.mark.parametrize("row", OF_LINKS, ids=" ".join)
def test_a_forged_link_opens_nothing(world: World, row: tuple[str, str]) -> None:
    for forged in ("x", "A" * 43, str(uuid4())):
        for person in (None, world.ann):
            visitor = Visitor(world.app, person)
            answer = sent(visitor, row[0], row[1].replace("{token}", forged))
            assert answer.status_code in {404, 410, 422}, answer.status_code


ODD = (
    "x",
    "%00",
    "..%2F..%2Fetc%2Fpasswd",
    "%F0%9F%92%A9%FF",
    "9" * 3000,
    "%27%3B--",
    "%3Cscript%3Ealert(1)%3C/script%3E",
)
NAMED = [row for row in ROWS if "{" in row[1] and not row[1].startswith("/static/")]


@pytest.mark.parametrize("row", NAMED, ids=" ".join)
def test_odd_names_in_addresses_are_refused_and_never_a_fault_of_ours(world: World, row: tuple[str, str]) -> None:
    visitor = Visitor(world.app, world.someone(*Access))
    visitor.visit("/nowhere")
    for odd in ODD:
        path = re.sub(r"\{[^}]+\}", lambda _: odd, row[1])  # noqa: B023 - used at once
        answer = visitor.visit(path) if row[0] == "GET" else visitor.send(path)
        assert answer.status_code < 500, (path, answer.status_code)
        assert "<script>alert" not in answer.text


CHANGES = [row for row in ROWS if row[0] == "POST" and not row[1].startswith("/api/")]


@pytest.mark.parametrize("row", CHANGES, ids=" ".join)
def test_nothing_is_changed_by_a_page_that_is_not_ours(world: World, row: tuple[str, str]) -> None:
    visitor = Visitor(world.app, world.someone(*Access))
    path = world.path(row[1]).replace("{token}", "x").replace("{task}", str(uuid4()))
    assert visitor.client.post(path, data={}).status_code == 403
    assert visitor.client.post(path, data={"csrf": "0" * 64}).status_code == 403
    visitor.visit("/nowhere")
    foreign = {"Origin": "https://evil.example"}
    assert visitor.client.post(path, data={"csrf": visitor.token}, headers=foreign).status_code == 403


@dataclass
class Room:
    """A candidate at work, another one, and people of the organisation."""

    app: FastAPI
    web_url: str
    device: str
    task: str
    other_device: str
    member: Person

    def ask(self, row: tuple[str, str], *, device: str = "", person: Person | None = None) -> Response:
        visitor = Visitor(self.app, person)
        if device:
            visitor.keep(cookie_name(self.web_url, DEVICE), device)
        return sent(visitor, row[0], row[1].replace("{task}", self.task))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    catalogue = quick_catalogue(tmp_path_factory.mktemp("catalogue"))
    with fresh_house(tmp_path_factory.mktemp("house"), catalogue=catalogue.folder) as house:
        invitees = invitees_in(house.database, house.blobs, house.catalogue)
        visit, device = invitees.arrive()
        invitees.agree(visit)
        task = invitees.start(delivery.known_device(house.database, device))
        _, other = invitees.arrive()
        member = make_person(house, invitees.organisation, *Access)
        yield Room(make_app(house), house.settings.web_url, device, str(task.id), other, member)


@pytest.mark.parametrize("row", OF_CANDIDATES, ids=" ".join)
def test_only_the_candidate_s_own_device_gets_in(room: Room, row: tuple[str, str]) -> None:
    assert room.ask(row).status_code in {401, 403, 404}
    assert room.ask(row, person=room.member).status_code in {401, 403, 404}
    assert room.ask(row, device="A" * 43).status_code in {401, 403, 404}


@pytest.mark.parametrize("row", [row for row in OF_CANDIDATES if "{task}" in row[1]], ids=" ".join)
def test_the_task_of_another_candidate_is_not_there(room: Room, row: tuple[str, str]) -> None:
    answer = room.ask(row, device=room.other_device)
    assert answer.status_code in {403, 404, 409}, answer.status_code


@pytest.mark.parametrize("row", [row for row in OF_CANDIDATES if row[0] == "GET"], ids=" ".join)
def test_the_candidate_s_own_device_gets_in(room: Room, row: tuple[str, str]) -> None:
    if row[1].endswith("/live"):
        pytest.skip("it answers for as long as checks run; the candidate's journey sees it")
    assert room.ask(row, device=room.device).status_code in {200, 303}


@pytest.mark.parametrize("row", OF_PROGRAMS, ids=" ".join)
def test_programs_need_a_token_with_the_scope(world: World, row: tuple[str, str]) -> None:
    (scope,) = ROWS[row]
    others = [each for each in Scope if each.value != scope]
    assert asked_by(world, row, "").status_code == 401
    assert asked_by(world, row, "A" * 43).status_code == 401
    assert world.ask(row, world.ann).status_code == 401, "a sign-in is no token"
    assert asked_by(world, row, token_for(world, world.ann, others)).status_code == 403
    assert asked_by(world, row, token_for(world, world.ann, [Scope(scope)])).status_code not in {401, 403, 404, 500}
    if "{" in row[1]:
        foreign = asked_by(world, row, token_for(world, world.stranger, list(Scope)))
        assert foreign.status_code in {404, 422}, foreign.status_code


def token_for(world: World, person: Person, scopes: list[Scope]) -> str:
    with world.house.database.unit_of_work(person.organisation) as work:
        return make_api_token(work, person, name=f"Test {uuid4().hex[:8]}", scopes=scopes)[1]


def asked_by(world: World, row: tuple[str, str], secret: str) -> Response:
    visitor = Visitor(world.app)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    if row[0] == "GET":
        return visitor.client.get(world.path(row[1]), headers=headers)
    return visitor.client.post(world.path(row[1]), headers=headers, json={})


def test_metrics_are_not_for_the_network(world: World) -> None:
    assert world.ask(("GET", "/metrics"), world.someone(*Access)).status_code == 403


def test_every_audience_stands_behind_one_of_the_two_kinds_of_gate() -> None:
    assert not set(BY_COOKIE) & set(BY_TOKEN)
