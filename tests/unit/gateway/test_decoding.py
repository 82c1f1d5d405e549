"""A body has one meaning or none."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import canonical_bytes
from shipworthy.gateway.decoding import MOST_DEPTH, MOST_VALUES, decoded
from shipworthy.gateway.errors import CallRefusedError

PLAIN = st.text(alphabet=st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_json_spells_is_read_back(value: object) -> None:
    read, canonical, _ = decoded(json.dumps(value).encode())
    assert read == value
    assert canonical == canonical_bytes(read)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_in_one_way_or_refused(body: bytes) -> None:
    with suppress(CallRefusedError):  # any other error fails the test
        _, canonical, _ = decoded(body)
        assert decoded(canonical)[1] == canonical


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "no JSON"),
        (b'{"a": 1', "no JSON"),
        (b'{"a": 1} x', "no JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1e400}', "too large"),
        (b'{"a": 1' + b"0" * 400 + b"}", "digits"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": "\\ud800"}', "UTF-8"),
        (b"[" * 100_000, "deeper"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "deeper"),
        (b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1), "deeper"),
        (b"[" + b"1," * MOST_VALUES + b"1]", "values"),
    ],
)
def test_what_could_mean_two_things_or_hurt_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(CallRefusedError, match=told) as raised:
        decoded(body)
    assert (raised.value.status, raised.value.reason) == (400, "invalid_json")


def test_the_deepest_allowed_body_is_read() -> None:
    decoded(b"[" * MOST_DEPTH + b"1" + b"]" * MOST_DEPTH)


def test_values_are_counted() -> None:
    assert decoded(b'{"a": [1, 2, {"b": null}], "c": "x"}')[2] == 7
