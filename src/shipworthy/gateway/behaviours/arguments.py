"""Fits what a model wants to say to what a JSON schema lets it say, without ever running a pattern of the schema."""

from collections.abc import Mapping, Sequence

from shipworthy.core.canonical import JSONValue, canonical_bytes

Schema = Mapping[str, JSONValue]
_SAME_MEANING = (
    ("to", "recipient", "recipients", "address", "email", "email_address", "to_address", "destination", "attendees"),
    ("body", "text", "content", "message", "note", "description", "answer", "summary", "comment"),
    ("subject", "title", "name", "headline"),
    ("url", "link", "uri", "href"),
    ("path", "file", "filename", "file_name", "file_path", "document"),
    ("query", "q", "search", "keywords", "question", "term"),
    ("id", "message_id", "mail_id", "email_id", "document_id", "event_id", "item_id"),
    ("amount", "sum", "value", "total"),
    ("account", "iban", "payee", "beneficiary", "account_number"),
)
_DEEPEST = 12
_ASKING_FOR_SOURCES = ("citation", "cited", "source", "passage", "doc", "chunk", "reference")


def fitted(arguments: Schema, schema: Schema) -> dict[str, JSONValue]:
    """Return arguments in the shape that a tool's schema offers.

    An argument that the schema does not have goes to a property of the same meaning; a value takes the property's type;
    a value outside an `enum` cannot be said, so the first allowed one is; what is required and not wanted is made up. A
    tool without properties takes the arguments as they are.
    """
    properties = _properties(schema)
    if not properties:
        return dict(arguments)
    placed: dict[str, JSONValue] = {}
    for name, value in arguments.items():
        place = name if name in properties else _place_for(name, properties, {*placed, *arguments})
        if place:
            placed[place] = shaped(value, properties[place])
    for name in _required(schema):
        if name in properties and name not in placed:
            placed[name] = least(properties[name])
    return placed


def shaped(value: JSONValue, schema: Schema, depth: int = 0) -> JSONValue:
    """Return a value in the type of a schema, as near to what was meant as the schema allows."""
    allowed = _sequence(schema.get("enum"))
    if "const" in schema or allowed:
        return _allowed(value, [schema["const"]] if "const" in schema else allowed)
    kind = _kind(schema)
    if kind == "string":
        return _cut(value if isinstance(value, str) else _spelled(value), schema)
    if kind == "array":
        items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        return [shaped(item, _mapping(schema.get("items")), depth + 1) for item in items] if depth < _DEEPEST else []
    if kind in {"integer", "number"}:
        return _number(value, schema, whole=kind == "integer")
    if kind == "boolean":
        return value if isinstance(value, bool) else True
    return fitted(value, schema) if kind == "object" and isinstance(value, Mapping) else value


def least(schema: Schema, depth: int = 0) -> JSONValue:
    """Return the plainest value that a schema allows."""
    allowed = _sequence(schema.get("enum"))
    if "const" in schema or allowed:
        return schema["const"] if "const" in schema else allowed[0]
    kind = _kind(schema)
    if kind == "object" and depth < _DEEPEST:
        properties = _properties(schema)
        return {name: least(properties[name], depth + 1) for name in _required(schema) if name in properties}
    plain: dict[str, JSONValue] = {"string": "", "array": [], "integer": 0, "number": 0, "boolean": False, "object": {}}
    return _number(0, schema, whole=kind == "integer") if kind in {"integer", "number"} else plain.get(kind)


def spoken_in(text: str, schema: Schema, prefers: Sequence[str] = (), depth: int = 0) -> JSONValue:
    """Return a value of a schema that says as much of a text as the schema lets through.

    Every free string holds the text, an `enum` its preferred value where it has one, a number the most it may be, and a
    truth value is true.
    """
    allowed = _sequence(schema.get("enum"))
    if "const" in schema or allowed:
        return _preferred([schema["const"]] if "const" in schema else allowed, prefers)
    kind = _kind(schema)
    if kind == "array":
        return [spoken_in(text, _mapping(schema.get("items")), prefers, depth + 1)] if depth < _DEEPEST else []
    if kind == "object":
        inner = _properties(schema) if depth < _DEEPEST else {}
        said = {name: spoken_in(text, part, prefers, depth + 1) for name, part in inner.items()}
        return said or ({"answer": text} if depth == 0 else {})
    if kind in {"integer", "number"}:
        return _number(schema.get("maximum", 1), schema, whole=kind == "integer")
    return {"boolean": True, "null": None}.get(kind, _cut(text, schema))


def _properties(schema: Schema) -> dict[str, Schema]:
    return {name: _mapping(part) for name, part in _mapping(schema.get("properties")).items()}


def _required(schema: Schema) -> list[str]:
    return [name for name in _sequence(schema.get("required")) if isinstance(name, str)]


def _place_for(name: str, properties: Mapping[str, Schema], taken: set[str]) -> str:
    for group in _SAME_MEANING:
        if name.lower() in group:
            return next((other for other in properties if other.lower() in group and other not in taken), "")
    return ""


def _kind(schema: Schema) -> str:
    """Return the type that a schema asks for; the first that is not null where it allows several."""
    kinds = schema.get("type")
    if isinstance(kinds, str):
        return kinds
    named = [kind for kind in _sequence(kinds) if isinstance(kind, str) and kind != "null"]
    for union in ("anyOf", "oneOf"):
        inner = [_mapping(part).get("type") for part in _sequence(schema.get(union))]
        named += [kind for kind in inner if isinstance(kind, str) and kind != "null"]
    return named[0] if named else ("object" if "properties" in schema else "string")


def _allowed(value: JSONValue, allowed: Sequence[JSONValue]) -> JSONValue:
    same = [option for option in allowed if _spelled(option).casefold() == _spelled(value).casefold()]
    return [*same, *allowed][0]


def _preferred(allowed: Sequence[JSONValue], prefers: Sequence[str]) -> JSONValue:
    wanted = (option for word in prefers for option in allowed if _spelled(option).casefold() == word.casefold())
    return next(wanted, allowed[0])


def _number(value: JSONValue, schema: Schema, *, whole: bool) -> JSONValue:
    number = _as_number(value)
    low, high = schema.get("minimum"), schema.get("maximum")
    number = max(number, low) if isinstance(low, int | float) else number
    number = min(number, high) if isinstance(high, int | float) else number
    return round(number) if whole else number


def _as_number(value: JSONValue) -> float:
    if isinstance(value, int | float):
        return value
    try:
        number = float(value) if isinstance(value, str) else 0.0
    except ValueError:
        return 0.0
    return number if abs(number) < 1e15 else 0.0


def _cut(text: str, schema: Schema) -> str:
    most = schema.get("maxLength")
    return text[:most] if isinstance(most, int) and most >= 0 else text


def _spelled(value: JSONValue) -> str:
    return value if isinstance(value, str) else canonical_bytes(value).decode("utf-8", "surrogatepass")


def _mapping(value: JSONValue) -> Schema:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: JSONValue) -> Sequence[JSONValue]:
    return value if isinstance(value, list | tuple) else ()


def written_in(text: str, schema: Schema, cited: str = "") -> str:
    """Return an answer as JSON of a schema: the text in its strings, the cited id where a property asks for sources."""
    said = spoken_in(text, schema)
    if isinstance(said, dict):
        for name, part in _properties(schema).items():
            if any(word in name.lower() for word in _ASKING_FOR_SOURCES):
                said[name] = shaped(cited, part)
    return canonical_bytes(said).decode("utf-8", "surrogatepass")


def pick_in(schema: Schema, word: str, *, first: bool) -> JSONValue:
    """Return a verdict in a schema: the word where it is allowed, else the first or second value of an `enum`."""
    return _verdict(schema, word, 0 if first else 1)


def grade_in(schema: Schema, grade: int) -> JSONValue:
    """Return a grade in a schema: every number is the grade, every string its digits."""
    return _verdict(schema, grade, 0)


def _verdict(schema: Schema, verdict: str | int, place: int, depth: int = 0) -> JSONValue:
    kind = _kind(schema)
    if kind == "object" and depth < _DEEPEST:
        inner = _properties(schema)
        said = {name: _verdict(part, verdict, place, depth + 1) for name, part in inner.items()}
        return said or {"verdict": verdict}
    allowed = _sequence(schema.get("enum"))
    if len(allowed) > 1 and verdict not in allowed:
        return allowed[place]
    if kind in {"integer", "number"} and isinstance(verdict, str):
        return place + 1
    return shaped(verdict, schema)
