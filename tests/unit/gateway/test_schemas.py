"""A schema that no model could follow is refused where it is bad."""

import pytest

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.errors import CallRefusedError
from shipworthy.gateway.fields import Fields
from shipworthy.gateway.schemas import check_object_schema

SCHEMAS: list[tuple[JSONValue, str]] = [
    ([], "parameters"),
    ({"type": "string"}, "parameters.type"),
    ({"properties": {}}, "parameters.type"),
    ({"type": "object", "properties": []}, "parameters.properties"),
    ({"type": "object", "properties": {"a": 3}}, "parameters.properties.a"),
    ({"type": "object", "properties": {"a": {"type": "text"}}}, "parameters.properties.a.type"),
    ({"type": "object", "properties": {"a": {"type": []}}}, "parameters.properties.a.type"),
    ({"type": "object", "properties": {"a": {"enum": []}}}, "parameters.properties.a.enum"),
    ({"type": "object", "required": "a"}, "parameters.required"),
    ({"type": "object", "required": [1]}, "parameters.required"),
    ({"type": "object", "properties": {"a": {"anyOf": [{"type": "x"}]}}}, "parameters.properties.a.anyOf[0].type"),
    ({"type": "object", "additionalProperties": "no"}, "parameters.additionalProperties"),
]


@pytest.mark.parametrize(("schema", "place"), SCHEMAS)
def test_a_bad_schema_is_refused_where_it_is_bad(schema: JSONValue, place: str) -> None:
    with pytest.raises(CallRefusedError) as raised:
        check_object_schema(Fields.of(schema, "parameters"))
    assert raised.value.param == place


GOOD: list[dict[str, JSONValue]] = [
    {},
    {"type": "object"},
    {"type": "object", "properties": {"a": {"type": ["string", "null"], "enum": ["x", None]}}, "required": ["a"]},
    {"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"type": "array", "items": {}}}},
    {"type": "object", "properties": {"a": True}, "additionalProperties": False},
    {"type": "object", "properties": {"a": {"anyOf": [{"type": "integer"}, {"const": 3}]}}, "description": "Any."},
]


@pytest.mark.parametrize("schema", GOOD)
def test_a_good_schema_is_accepted(schema: dict[str, JSONValue]) -> None:
    check_object_schema(Fields(schema))
