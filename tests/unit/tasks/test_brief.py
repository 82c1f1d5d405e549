import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue
from shipworthy.tasks.brief import fill_brief, places, unfilled_places


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ("text", "text"),
        (3, "3"),
        (0.5, "0.5"),
        (True, "true"),
        (["a", 1], "a, 1"),
        (None, "null"),
        ({"a": 1}, '{"a":1}'),
    ],
)
def test_values_are_spelled_for_readers(value: JSONValue, spelled: str) -> None:
    assert fill_brief("Use {{ name }} and {{name}}.", {"name": value}) == f"Use {spelled} and {spelled}."


@given(st.text(alphabet="{} ab_1\n", max_size=40), st.text(alphabet="{} ab", max_size=10))
def test_every_named_place_is_filled_once_and_nothing_else_changes(brief: str, value: str) -> None:
    filled = fill_brief(brief, dict.fromkeys(places(brief), value))
    assert unfilled_places(brief, dict.fromkeys(places(brief), value)) == ()
    if not places(brief):
        assert filled == brief


def test_unfilled_places_are_named_once_in_order() -> None:
    assert unfilled_places("{{ b }} {{a}} {{ b }} {{ c }}", {"c": 1}) == ("a", "b")
