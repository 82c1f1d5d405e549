import json
import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.grading.decoding import (
    decode_csv,
    decode_json,
    expect_flag,
    expect_list,
    expect_mapping,
    expect_number,
    expect_text,
    shown,
)
from shipworthy.grading.errors import BadAnswer

plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(plain_values)
def test_what_json_can_say_comes_back_as_it_was(value: object) -> None:
    assert decode_json(json.dumps(value).encode(), "The answer") == value


@given(st.binary(max_size=200))
def test_any_bytes_are_either_a_value_or_a_bad_answer(junk: bytes) -> None:
    with suppress(BadAnswer):
        decode_json(junk, "The answer")


@pytest.mark.parametrize(
    ("spelled", "words"),
    [
        (b"NaN", "NaN is not a JSON number"),
        (b"[-Infinity]", "-Infinity is not a JSON number"),
        (b"1e400", "too large"),
        (b"1" + b"0" * 400, "too large"),
        (b"9" * 5000, "too large"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 70 + b"]" * 70, "nested deeper than 64"),
        (b"\xff", "not valid UTF-8"),
        (b'{"half', "not valid JSON"),
        (b"", "not valid JSON"),
    ],
)
def test_junk_is_refused_in_words(spelled: bytes, words: str) -> None:
    with pytest.raises(BadAnswer, match=words):
        decode_json(spelled, "The answer")


def test_csv_rows_come_back_typed_and_other_columns_are_dropped() -> None:
    content = b"id,p,n,extra\r\na,0.5,3,x\r\n\r\nb,1e-3,4,y\r\n"
    rows = decode_csv(content, {"id": str, "n": int, "p": float}, what="`out.csv`", max_rows=10)
    assert rows == [{"id": "a", "n": 3, "p": 0.5}, {"id": "b", "n": 4, "p": 0.001}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "lacks the column"),
        (b"id\na\n", "lacks the column"),
        (b"id,p\na,NaN\n", "line 2, column p"),
        (b"id,p\na,inf\n", "not a finite number"),
        (b"id,p\na,always-equal\n", "is not a number"),
        (b"id,p\na\n", "line 2: 1 values"),
        (b"id,p,p\na,1,2\n", "more than once"),
        (b"id,p\na,1\nb,2\nc,3\nd,4\n", "more than 3 rows"),
        (b'id,p\n"a,1\n', "line"),
        (b"id,p\na," + b"9" * 400 + b"\n", "not a finite number"),
        (b"\xff\xfe", "not valid UTF-8"),
    ],
)
def test_bad_csv_is_refused_with_the_place(content: bytes, words: str) -> None:
    with pytest.raises(BadAnswer, match=words):
        decode_csv(content, {"id": str, "p": float}, what="`out.csv`", max_rows=3)


@given(st.binary(max_size=300))
def test_any_bytes_are_either_rows_or_a_bad_answer(junk: bytes) -> None:
    try:
        rows = decode_csv(b"id,p\n" + junk, {"id": str, "p": float}, what="`out.csv`", max_rows=1000)
    except BadAnswer:
        return
    assert all(isinstance(row["p"], float) and math.isfinite(row["p"]) for row in rows)


class AlwaysEqual(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize("value", [True, "1", None, math.nan, math.inf, [], AlwaysEqual("1")])
def test_only_real_finite_numbers_are_numbers(value: object) -> None:
    with pytest.raises(BadAnswer):
        expect_number(value)


def test_expectations_return_what_they_were_given() -> None:
    assert expect_number(1, low=0, high=2) == 1.0
    assert expect_text("a") == "a"
    assert expect_flag(True) is True
    assert expect_list([1]) == [1]
    assert expect_mapping({"a": 1}) == {"a": 1}


def test_expectations_name_what_was_wrong() -> None:
    for refuse in (
        lambda: expect_number(3, low=0, high=2),
        lambda: expect_text(3),
        lambda: expect_text("abc", max_chars=2),
        lambda: expect_flag(1),
        lambda: expect_list({}),
        lambda: expect_list([1, 2], max_items=1),
        lambda: expect_mapping([]),
    ):
        with pytest.raises(BadAnswer, match="the answer"):
            refuse()


def test_excerpts_are_short_and_printable() -> None:
    assert shown("a\x1b[31mb") == "a\\x1b[31mb"
    assert len(shown("x" * 1000)) <= 60
