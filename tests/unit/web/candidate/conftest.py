from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from shipworthy.bootstrap import House
from shipworthy.delivery.entities import SessionTask, Visit
from shipworthy.delivery.operations import known_device
from shipworthy.web.app import make_app
from shipworthy.web.security import DEVICE, cookie_name
from tests.support.candidates import Invitees, invitees_in, quick_catalogue
from tests.support.houses import Visitor, fresh_house


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    quick_catalogue(folder / "catalogue")
    with fresh_house(folder, catalogue=folder / "catalogue") as made:
        yield made


@pytest.fixture
def invitees(house: House) -> Invitees:
    return invitees_in(house.database, house.blobs, house.catalogue)


@dataclass
class Candidate:
    """Somebody with a browser, as far as the overview of tasks."""

    browser: Visitor
    invitees: Invitees
    device: str

    @property
    def visit(self) -> Visit:
        return known_device(self.invitees.database, self.device)

    def begin(self) -> "Candidate":
        """Agree."""
        self.invitees.agree(self.visit)
        self.browser.visit("/session")
        return self

    def start(self, position: int = 1) -> str:
        """Start a task and open it; return its address."""
        task = self.invitees.start(self.visit, position)
        place = f"/session/tasks/{task.id}"
        assert self.browser.visit(place).status_code == 200
        return place

    @property
    def tasks(self) -> list[SessionTask]:
        return self.invitees.tasks(self.visit)


def somebody(house: House, invitees: Invitees) -> Candidate:
    """Invite somebody who confirms a device."""
    _, device = invitees.arrive()
    browser = Visitor(make_app(house, audiences=("candidate",)))
    browser.keep(cookie_name(house.settings.web_url, DEVICE), device)
    browser.visit("/session")
    return Candidate(browser, invitees, device)


@pytest.fixture
def candidate(house: House, invitees: Invitees) -> Candidate:
    return somebody(house, invitees).begin()
