from collections.abc import Iterator

import pytest

from shipworthy.bootstrap import House
from tests.support.houses import fresh_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with fresh_house(tmp_path_factory.mktemp("house")) as made:
        yield made
