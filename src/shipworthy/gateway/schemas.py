"""Checks that a JSON schema of a request is one: that the keywords a model relies on have the types they must have."""

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.errors import wrong_type, wrong_value
from shipworthy.gateway.fields import Fields

TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_ONE = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_MANY = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("properties", "$defs", "definitions", "patternProperties")


def check_object_schema(schema: Fields) -> None:
    """Check a schema whose value has to be an object. Raises `CallRefusedError`."""
    kind = schema.values.get("type")
    if schema.values and kind != "object":
        raise wrong_value(schema.at("type"), "has to be 'object'")
    check_schema(schema)


def check_schema(schema: Fields) -> None:
    """Check a schema and all that are in it. Raises `CallRefusedError`."""
    _check_type(schema)
    _check_names(schema)
    for name in _ONE:
        if name in schema.values:
            _check_inner(schema.values[name], schema.at(name))
    for name in _MANY:
        for at, inner in enumerate(schema.optional_rows(name) or []):
            _check_inner(inner, f"{schema.at(name)}[{at}]")
    for name in _NAMED:
        named = schema.optional_within(name)
        for key, inner in (named.values if named else {}).items():
            _check_inner(inner, f"{schema.at(name)}.{key[:100]}")


def _check_inner(value: JSONValue, place: str) -> None:
    if not isinstance(value, bool):
        check_schema(Fields.of(value, place))


def _check_type(schema: Fields) -> None:
    if "type" not in schema.values:
        return
    given = schema.values["type"]
    kinds = given if isinstance(given, list) else [given]
    if not kinds or not all(isinstance(kind, str) and kind in TYPES for kind in kinds):
        raise wrong_value(schema.at("type"), f"has to be one of: {', '.join(sorted(TYPES))}")


def _check_names(schema: Fields) -> None:
    for name in schema.optional_rows("required") or []:
        if not isinstance(name, str):
            raise wrong_type(schema.at("required"), "a list of texts", name)
    choices = schema.optional_rows("enum")
    if choices is not None and not choices:
        raise wrong_value(schema.at("enum"), "must not be empty")
