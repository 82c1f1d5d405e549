import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from shipworthy.reports.wording import (
    anchor,
    clip,
    figure,
    finalize,
    is_brief,
    moment,
    points,
    shown_values,
    squeeze,
    visible,
)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("plain words, ünïcödé 漢字 🙂", "plain words, ünïcödé 漢字 🙂"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x00\x1b[31mred\x7f", "[U+0000][U+001B][31mred[U+007F]"),
        ("invoice\u202efdp.exe", "invoice[U+202E]fdp.exe"),
        ("pass\u200bword\ufeff", "pass[U+200B]word[U+FEFF]"),
        ("half a pair \ud83d", "half a pair [U+D83D]"),
        ("line\u2028separator", "line[U+2028]separator"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
        (
            "\U0001f469\u200d\U0001f4bb \U0001f469\U0001f3fd\u200d\U0001f4bb",
            "\U0001f469\u200d\U0001f4bb \U0001f469\U0001f3fd\u200d\U0001f4bb",
        ),
        ("a\u200db \U0001f469\u200d", "a[U+200D]b \U0001f469[U+200D]"),
    ],
)
def test_hidden_characters_are_shown(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@given(st.text(st.characters()))
def test_whatever_comes_in_can_be_written_and_read(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert visible(shown) == shown
    joined = shown.replace("\u200d", "")
    assert all(character.isprintable() or character in "\n\t" or character.isspace() for character in joined)


def test_markup_of_our_own_is_left_alone() -> None:
    assert finalize(Markup("<b>\u202e</b>")) == Markup("<b>\u202e</b>")
    assert finalize("\u202e") == "[U+202E]"
    assert finalize(3) == 3


def test_long_texts_say_how_long_they_are() -> None:
    assert clip("short", 10) == "short"
    assert clip("x" * 5000, 10) == "xxxxxxxxxx… (5,000 characters in all)"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (1234567, "1,234,567"),
        (10**40, "1" + "0" * 40),
        (0.123456, "0.1235"),
        (41.0, "41"),
        (123456.78, "123,456.8"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ("words", "words"),
        ([1, "two"], '[1, "two"]'),
        ({"a": None}, '{"a": null}'),
    ],
)
def test_values_are_spelled_for_people(value: Any, shown: str) -> None:
    assert figure(value) == shown


def test_values_that_nobody_can_spell_do_not_stop_the_page() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert figure(deep) == "(cannot be shown)"
    assert figure(10**6000) == "(cannot be shown)"
    assert figure("x" * 100_000).endswith("(100,000 characters in all)")


def test_many_values_are_counted() -> None:
    shown, more = shown_values({f"value_{number}": number for number in range(1000)})
    assert shown[1] == ("value 1", "1")
    assert len(shown) + more == 1000
    assert more > 0


@pytest.mark.parametrize(
    ("values", "brief"),
    [
        ({"area": 0.75, "rows": 12, "same": True}, True),
        ({"excerpt": "GET /"}, False),
        ({"rows": [1, 2]}, False),
        ({f"k{number}": number for number in range(5)}, False),
    ],
)
def test_a_few_numbers_are_shown_at_once(values: dict[str, Any], brief: bool) -> None:
    assert is_brief(values) is brief


def test_scores_are_points_and_missing_ones_a_dash() -> None:
    assert points(0.825) == "82"
    assert points(1.0) == "100"
    assert points(None) == "—"


def test_endless_words_are_cut_and_the_others_stay() -> None:
    assert squeeze("before " + "A" * 5000 + " after", 10) == "before AAAAA… (5,000 characters) after"
    assert squeeze("short words stay", 10) == "short words stay"


@given(st.text(), st.text())
def test_different_parts_have_different_anchors(one: str, other: str) -> None:
    assert (anchor(one) == anchor(other)) == (one == other)
    assert json.dumps(anchor(one)).strip('"') == anchor(one)


def test_times_are_spelled_to_the_minute_and_anything_else_is_left() -> None:
    assert moment("2026-05-01T10:02:30Z") == "2026-05-01 10:02 UTC"
    assert moment("Tuesday") == "Tuesday"
