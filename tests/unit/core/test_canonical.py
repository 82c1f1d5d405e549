import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import canonical_bytes, digest_of_files


def test_the_spelling_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical_bytes({"b": 1, "a": [True, None, "ä"]}) == canonical_bytes({"a": [True, None, "ä"], "b": 1})
    assert canonical_bytes({"b": 1, "a": "ä"}) == '{"a":"ä","b":1}'.encode()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_cannot_say_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_bytes({"a": value})


def test_values_that_json_cannot_say_are_refused() -> None:
    with pytest.raises(TypeError):
        canonical_bytes(Path())  # type: ignore[arg-type]


@given(st.text(), st.text())
def test_different_texts_have_different_spellings(first: str, second: str) -> None:
    assert (canonical_bytes(first) == canonical_bytes(second)) == (first == second)


def test_a_set_of_files_is_identified_by_paths_and_contents() -> None:
    one = digest_of_files({"a": b"1", "b": b"2"})
    assert one == digest_of_files({"b": b"2", "a": b"1"})
    assert one != digest_of_files({"a": b"2", "b": b"1"})
    assert one != digest_of_files({"a": b"1"})
