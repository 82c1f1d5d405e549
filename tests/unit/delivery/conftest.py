from collections.abc import Iterator

import pytest

from shipworthy.store.blobs import Blobs, open_blobs
from shipworthy.store.database import Database, open_database
from shipworthy.tasks.catalogue import Catalogue
from tests.support.candidates import Invitees, invitees_in, quick_catalogue
from tests.support.databases import fresh_url


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        opened = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return quick_catalogue(tmp_path_factory.mktemp("catalogue"))


@pytest.fixture(scope="package")
def blobs(tmp_path_factory: pytest.TempPathFactory) -> Blobs:
    return open_blobs(None, tmp_path_factory.mktemp("blobs"))


@pytest.fixture
def invitees(database: Database, blobs: Blobs, catalogue: Catalogue) -> Invitees:
    return invitees_in(database, blobs, catalogue)
