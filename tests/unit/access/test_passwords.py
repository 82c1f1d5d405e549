import pytest
from argon2 import PasswordHasher, extract_parameters

from shipworthy.access import passwords
from shipworthy.access.passwords import hash_password, is_outdated, is_right

PRODUCTS_OWN = passwords._HASHER


def test_hashes_are_made_as_rfc_9106_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PRODUCTS_OWN)
    kept = hash_password("four unusual words")
    parameters = extract_parameters(kept)
    assert kept.startswith("$argon2id$")
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (64 * 1024, 3, 4)
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("x"))


def test_a_password_is_right_however_the_keyboard_spelled_it() -> None:
    kept = hash_password("caf\u00e9 on four streets")
    assert is_right("cafe\u0301 on four streets", kept)
    assert not is_right("cafe on four streets", kept)


@pytest.mark.parametrize("kept", [None, "", "x", "$argon2id$v=19$m=65536,t=3,p=4$x$x"])
def test_nothing_that_is_no_hash_lets_anybody_in(kept: str | None) -> None:
    assert not is_right("four unusual words", kept)
    assert not is_right("", kept)
