import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.bootstrap import House
from shipworthy.web.notices import is_own_path
from shipworthy.web.security import cookie_name, is_own_host
from tests.support.houses import Visitor, make_organisation, visitor


@pytest.fixture
def guest(house: House) -> Visitor:
    return visitor(house, audiences=(), shows_style=True)


def test_a_page_of_ours_may_change_something(guest: Visitor) -> None:
    guest.visit("/style")
    assert guest.send("/style/done").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "é" * 64])
def test_a_page_without_the_right_token_may_not(guest: Visitor, token: str) -> None:
    guest.visit("/style")
    guest.token = token
    answer = guest.send("/style/done")
    assert answer.status_code == 403
    assert "load the page again" in answer.text


def test_a_token_without_the_cookie_that_it_is_bound_to_is_worth_nothing(guest: Visitor, house: House) -> None:
    guest.visit("/style")
    other = visitor(house, audiences=(), shows_style=True)
    other.token = guest.token
    assert other.send("/style/done").status_code == 403
    other.visit("/style")
    other.token = guest.token
    assert other.send("/style/done").status_code == 403


def test_a_token_of_before_signing_in_is_worth_nothing_afterwards(house: House) -> None:
    guest = visitor(house, audiences=(), shows_style=True)
    guest.visit("/style")
    _, ann = make_organisation(house)
    member = visitor(house, ann, audiences=(), shows_style=True)
    member.token = guest.token
    assert member.send("/style/done").status_code == 403


def test_a_script_of_ours_may_send_the_token_in_a_header(guest: Visitor) -> None:
    guest.visit("/style")
    answer = guest.client.post("/style/done", json={}, headers={"X-CSRF-Token": guest.token})
    assert answer.status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://[", "//"])
def test_another_site_may_not_even_with_the_token(guest: Visitor, origin: str) -> None:
    guest.visit("/style")
    headers = {"X-CSRF-Token": guest.token, "Origin": origin}
    assert guest.client.post("/style/done", headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "", "[", "a:b"])
def test_a_request_for_another_host_is_refused(guest: Visitor, host: str) -> None:
    answer = guest.client.get("/style", headers={"Host": host})
    assert answer.status_code == 421
    assert "http://127.0.0.1:8000" in answer.text


def test_the_public_address_is_the_only_host_and_its_port_counts() -> None:
    public = "https://hiring.example.org"
    assert is_own_host("hiring.example.org", public)
    assert is_own_host("hiring.example.org:443", public)
    assert is_own_host("HIRING.example.org", public)
    assert not is_own_host("hiring.example.org:8443", public)
    assert not is_own_host("localhost", public)


def test_cookies_are_tied_to_host_and_https_where_the_address_is_https() -> None:
    assert cookie_name("https://hiring.example.org", "sign-in") == "__Host-shipworthy-sign-in"
    assert cookie_name("http://127.0.0.1:8000", "sign-in") == "shipworthy-sign-in"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(guest: Visitor) -> None:
    cookie = guest.visit("/style").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


@pytest.mark.parametrize(
    "kept",
    ["x", "bnVsbA==", "W10=", base64.b64encode(b"[" * 2000).decode(), base64.b64encode(b'{"words": 1}').decode()],
)
def test_a_notice_that_makes_no_sense_is_left_out(guest: Visitor, kept: str) -> None:
    guest.keep(cookie_name("http://127.0.0.1:8000", "notice"), kept)
    assert guest.visit("/style").status_code == 200


def test_a_notice_with_a_way_to_another_site_is_left_out(guest: Visitor) -> None:
    kept = base64.b64encode(b'{"words": "Look here", "undo": "//evil.example"}').decode()
    guest.keep(cookie_name("http://127.0.0.1:8000", "notice"), kept)
    assert "evil.example" not in guest.visit("/style").text


@pytest.mark.parametrize("path", ["/", "/roles", "/sign-in?next=%2F", "/a#b"])
def test_paths_of_ours_are_known(path: str) -> None:
    assert is_own_path(path)


@pytest.mark.parametrize(
    "path",
    ["", "roles", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil", "/\n/evil", "\\\\evil"],
)
def test_addresses_of_other_sites_are_no_paths_of_ours(path: str) -> None:
    assert not is_own_path(path)


@given(st.text())
def test_hosts_of_any_spelling_are_answered(host: str) -> None:
    assert is_own_host(host, "https://hiring.example.org") in {True, False}
