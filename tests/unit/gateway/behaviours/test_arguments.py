import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.behaviours.arguments import fitted, grade_in, least, pick_in, shaped, spoken_in, written_in

TEXT: dict[str, JSONValue] = {"type": "string"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYWORDS = st.sampled_from(
    ["type", "properties", "required", "items", "enum", "const", "minimum", "maximum", "maxLength"]
)
SCHEMAS = st.dictionaries(KEYWORDS, JSON | st.sampled_from(["string", "object", "array", "integer"]), max_size=5)


def test_arguments_go_where_they_mean_the_same() -> None:
    schema: dict[str, JSONValue] = {"properties": {"recipient": TEXT, "content": TEXT, "cc": TEXT}, "required": ["cc"]}
    arguments: dict[str, JSONValue] = {"to": "a@x.example", "body": "Hi", "colour": "red"}
    assert fitted(arguments, schema) == {"recipient": "a@x.example", "content": "Hi", "cc": ""}
    assert fitted(arguments, {}) == arguments


def test_an_argument_does_not_push_another_out() -> None:
    schema: dict[str, JSONValue] = {"properties": {"to": TEXT, "recipient": TEXT}}
    assert fitted({"email": "a", "to": "b"}, schema) == {"recipient": "a", "to": "b"}


@pytest.mark.parametrize(
    ("value", "schema", "said"),
    [("5", {"type": "integer"}, 5), ("x", {"type": "number"}, 0.0), (7, TEXT, "7"), ("a", {"type": "array"}, ["a"]),
     (9, {"type": "integer", "maximum": 3}, 3), ("abc", {"type": "string", "maxLength": 2}, "ab"),
     ("B", {"enum": ["a", "b"]}, "b"), ("z", {"enum": ["a", "b"]}, "a"), ("no", {"type": "boolean"}, True),
     ("a", {"type": ["null", "array"], "items": TEXT}, ["a"]), ("a", {"anyOf": [{"type": "null"}, TEXT]}, "a")],
)  # fmt: skip
def test_a_value_takes_the_type_of_its_schema(value: JSONValue, schema: dict[str, JSONValue], said: JSONValue) -> None:
    assert shaped(value, schema) == said


def test_verdicts_and_grades_fit_the_schema_of_the_one_who_asks() -> None:
    schema: dict[str, JSONValue] = {"properties": {"winner": {"enum": ["answer_1", "answer_2"]}, "reason": TEXT}}
    assert pick_in(schema, "B", first=False) == {"winner": "answer_2", "reason": "B"}
    assert pick_in({"properties": {"winner": {"type": "integer"}}}, "B", first=False) == {"winner": 2}
    assert grade_in({"properties": {"score": {"type": "integer"}}}, 7) == {"score": 7}
    assert grade_in({}, 7) == "7"


def test_an_answer_names_its_source_where_it_is_asked_for() -> None:
    schema: dict[str, JSONValue] = {
        "type": "object",
        "properties": {"answer": TEXT, "sources": {"type": "array", "items": TEXT}},
    }
    assert json.loads(written_in("Ten days.", schema, "d4")) == {"answer": "Ten days.", "sources": ["d4"]}
    assert json.loads(written_in("Ten days.", {"type": "object"})) == {"answer": "Ten days."}


def deep(levels: int) -> dict[str, JSONValue]:
    schema: dict[str, JSONValue] = TEXT
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    return schema


def test_a_deep_schema_is_followed_to_a_bound() -> None:
    assert spoken_in("x", deep(200)) is not None
    assert least(deep(200)) is not None


@given(JSON, SCHEMAS)
def test_no_schema_brings_it_down(value: JSONValue, schema: dict[str, JSONValue]) -> None:
    said = [shaped(value, schema), least(schema), spoken_in("text", schema), fitted({"to": value}, schema),
            pick_in(schema, "A", first=True), grade_in(schema, 3)]  # fmt: skip
    assert json.dumps(said)
