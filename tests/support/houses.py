"""Houses to test with: a real database, organisations, people who are signed in, and browsers without scripts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from shipworthy.access.entities import Access, Organisation, Person
from shipworthy.access.operations import add_person, begin_sign_in, found_organisation
from shipworthy.bootstrap import House, open_house
from shipworthy.core.settings import Settings
from shipworthy.web.app import make_app
from shipworthy.web.security import SIGN_IN, cookie_name
from tests.support.databases import fresh_url

ROOT = Path(__file__).resolve().parents[2]
TOKEN = re.compile(r'<meta name="csrf-token" content="([0-9a-f]+)">')


@contextmanager
def fresh_house(
    folder: Path, *, web_url: str = "http://127.0.0.1:8000", catalogue: Path | None = None
) -> Iterator[House]:
    """Open a house with a database of its own, whose files are in `folder`."""
    with fresh_url() as url:
        settings = Settings(folder, catalogue or ROOT / "catalogue", database_url=url, web_url=web_url)
        house = open_house(settings)
        try:
            yield house
        finally:
            house.database.close()


def make_organisation(house: House, name: str = "Northwind") -> tuple[Organisation, Person]:
    """Set up an organisation and its first person, who is owner, hiring manager, recruiter and compliance officer."""
    with house.database.house_work() as work:
        return found_organisation(
            work, name=name, owner_email=f"ann-{uuid4().hex[:8]}@example.org", owner_name="Ann Okoro"
        )


def make_person(house: House, of: Organisation | UUID, *accesses: Access, name: str = "Sam Lindqvist") -> Person:
    """Add a person with these accesses."""
    organisation = of if isinstance(of, UUID) else of.id
    with house.database.unit_of_work(organisation) as work:
        email = f"{name.split(maxsplit=1)[0].lower()}-{uuid4().hex[:8]}@example.org"
        return add_person(work, organisation, name=name, email=email, accesses=frozenset(accesses))


def sign_in_token(house: House, person: Person) -> str:
    """Sign a person in and return what the browser would keep."""
    with house.database.unit_of_work(person.organisation) as work:
        return begin_sign_in(work, person)


class Visitor:
    """A browser without scripts: it keeps cookies, and sends with every page what that page came with."""

    def __init__(self, app: FastAPI, person: Person | None = None) -> None:
        house: House = app.state.house
        self.client = TestClient(app, base_url=house.settings.web_url, follow_redirects=False)
        self.token = ""
        if person:
            self.keep(cookie_name(house.settings.web_url, SIGN_IN), sign_in_token(house, person))

    def keep(self, name: str, value: str) -> None:
        """Keep a cookie."""
        self.client.cookies.set(name, value)

    def visit(self, path: str, **headers: str) -> Response:
        """Load a page."""
        return self._remembered(self.client.get(path, headers=headers))

    def send(self, path: str, fields: Mapping[str, object] | None = None, **files: tuple[str, bytes]) -> Response:
        """Send the fields of a page, with the token of the page that was seen last."""
        sent = {"csrf": self.token, **(fields or {})}
        return self._remembered(self.client.post(path, data=sent, files=files or None))

    def follow(self, answer: Response) -> Response:
        """Load the page that an answer leads to."""
        return self.visit(answer.headers["location"])

    def _remembered(self, answer: Response) -> Response:
        found = TOKEN.search(answer.text) if answer.headers.get("content-type", "").startswith("text/html") else None
        self.token = found[1] if found else self.token
        return answer


def visitor(
    house: House, person: Person | None = None, *, audiences: Sequence[str] | None = None, shows_style: bool = False
) -> Visitor:
    """Return a browser, of somebody who is signed in or not, on an app with the pages of these audiences or of all."""
    chosen = {} if audiences is None else {"audiences": audiences}
    return Visitor(make_app(house, shows_style=shows_style, **chosen), person)
