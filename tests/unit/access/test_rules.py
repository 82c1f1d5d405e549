from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.access.errors import BadPasswordError
from shipworthy.access.rules import (
    LOCKED_FOR,
    WRONG_PASSWORDS,
    Lock,
    after_wrong,
    begin_try,
    expect_good_password,
    may_look,
    slug_of,
    tidy_address,
    tidy_name,
)

START = datetime(2026, 5, 3, tzinfo=UTC)
ABOUT = ("Ann Lee", "ann@northwind.example", "Northwind")


@given(st.lists(st.integers(min_value=0, max_value=3600), max_size=60))
def test_nobody_has_more_than_five_wrong_passwords_looked_at_in_a_quarter_of_an_hour(waits: list[int]) -> None:
    lock, now = Lock(), START
    looked: list[datetime] = []
    for wait in waits:
        now += timedelta(seconds=wait)
        lock = begin_try(lock, now)
        if may_look(lock, now):
            looked.append(now)
            lock = after_wrong(lock, now)
    assert all(sixth - first >= LOCKED_FOR for first, sixth in zip(looked, looked[WRONG_PASSWORDS:], strict=False))


@given(st.text())
def test_slugs_can_stand_in_addresses(name: str) -> None:
    slug = slug_of(name)
    assert slug
    assert slug.isascii()
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug == slug.strip("-")


@given(st.from_regex(r"[a-z]{1,20}@[a-z]{1,20}\.example", fullmatch=True))
def test_an_address_is_the_same_however_it_is_written(address: str) -> None:
    assert tidy_address(f"  {address.upper()} ") == tidy_address(address) == address


def test_names_keep_what_people_are_called() -> None:
    for name in ("Zoë", "李明", "O'Neil-Smith", "محمد"):
        assert tidy_name(f" {name}  ") == name


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "Ünïcödé is fine too",
        "x7!kQ9#mZ2$w",
        "several small words",
        "pass the salt to aunt may",
    ],
)
def test_passwords_that_people_make_are_taken(password: str) -> None:
    expect_good_password(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    ["password1234", "PasswordPassword", "northwind2026", "ann@northwind.example", "abcdefghijklmnop", "abababababab"],
)
def test_passwords_that_others_guess_are_refused(password: str) -> None:
    with pytest.raises(BadPasswordError):
        expect_good_password(password, about=ABOUT)
