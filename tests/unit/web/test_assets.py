import pytest

from shipworthy.bootstrap import House
from shipworthy.web.assets import KINDS, address, assets, edition
from tests.support.houses import Visitor, visitor


@pytest.fixture
def guest(house: House) -> Visitor:
    return visitor(house, audiences=())


def test_the_present_edition_may_be_kept_for_a_year(guest: Visitor) -> None:
    answer = guest.visit(address("css/app.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


def test_a_page_of_an_older_edition_still_finds_its_files(guest: Visitor) -> None:
    answer = guest.visit(address("css/app.css").replace(edition(), "0" * 16))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


def test_packed_and_plain_are_the_same(guest: Visitor) -> None:
    path = address("js/app.js")
    packed = guest.visit(path, **{"Accept-Encoding": "gzip"})
    plain = guest.visit(path, **{"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == assets()["js/app.js"].content


@pytest.mark.parametrize("name", ["..%2Fapp.py", "css%2F..%2F..%2Fapp.py", "%2e%2e/app.py", "css", "css/"])
def test_nothing_else_is_served(guest: Visitor, name: str) -> None:
    assert guest.visit(f"/static/{edition()}/{name}").status_code == 404


def test_every_kind_of_file_has_its_media_type(guest: Visitor) -> None:
    for name, asset in assets().items():
        assert asset.kind in KINDS.values()
        assert not name.endswith((".py", ".map", ".html"))


def test_a_name_that_is_not_there_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        address("css/missing.css")
