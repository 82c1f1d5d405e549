from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from shipworthy.access.entities import Access, Organisation, Person
from shipworthy.bootstrap import House
from tests.support.houses import Visitor, fresh_house, make_organisation, make_person, visitor


@dataclass
class Team:
    """An organisation and the browsers of its people."""

    house: House
    organisation: Organisation
    ann: Person

    def browser(self, *accesses: Access) -> Visitor:
        """Return the browser of somebody with these accesses, or of Ann, who has all."""
        person = make_person(self.house, self.organisation, *accesses) if accesses else self.ann
        return visitor(self.house, person)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with fresh_house(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture
def team(house: House) -> Team:
    organisation, ann = make_organisation(house)
    return Team(house, organisation, ann)
