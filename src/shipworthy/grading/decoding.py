"""Strict readers for bytes that a submission wrote: exact types, bounded sizes, words for the candidate."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import NoReturn

from shipworthy.core.canonical import JSONValue
from shipworthy.grading.errors import BadAnswer

MAX_DEPTH = 64
MAX_INTEGER = 2**63
SHOWN_CHARACTERS = 60

Cell = str | int | float


def shown(value: object) -> str:
    """Return a short, printable excerpt of something that a submission produced."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[: SHOWN_CHARACTERS * 2])
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def decode_text(content: bytes, what: str) -> str:
    """Decode UTF-8, or raise `BadAnswer`."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadAnswer(f"{what} is not valid UTF-8 (byte {error.start}).") from None


def decode_json(content: bytes, what: str) -> JSONValue:
    """Decode one JSON value strictly.

    Refuses NaN and infinities, duplicate keys, integers beyond 64 bits, and nesting deeper than 64; each raises
    `BadAnswer` with words for the candidate.
    """
    text = decode_text(content, what)
    try:
        value = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_bounded, object_pairs_hook=_unique
        )
    except BadAnswer as error:
        raise BadAnswer(f"{what}: {error}") from None
    except RecursionError:
        raise BadAnswer(f"{what} is nested too deeply.") from None
    except ValueError as error:
        raise BadAnswer(f"{what} is not valid JSON: {shown(str(error))}") from None
    if _depth(value) > MAX_DEPTH:
        raise BadAnswer(f"{what} is nested deeper than {MAX_DEPTH} levels.")
    decoded: JSONValue = value
    return decoded


def _refuse_constant(name: str) -> NoReturn:
    raise BadAnswer(f"{name} is not a JSON number.")


def _finite(spelled: str) -> float:
    number = float(spelled)
    if not math.isfinite(number):
        raise BadAnswer(f"the number {shown(spelled)} is too large.")
    return number


def _bounded(spelled: str) -> int:
    if len(spelled) > 20 or abs(int(spelled)) >= MAX_INTEGER:
        raise BadAnswer(f"the number {shown(spelled)} is too large.")
    return int(spelled)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise BadAnswer("a key stands twice in one object.")
    return mapping


def _depth(value: object) -> int:
    depth, layer = 0, [value]
    while layer and depth <= MAX_DEPTH:
        inner: list[object] = []
        for item in layer:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        depth, layer = depth + 1, inner
    return depth


def decode_csv(content: bytes, columns: Mapping[str, type[Cell]], *, what: str, max_rows: int) -> list[dict[str, Cell]]:
    """Decode a CSV file with a header into typed rows.

    `columns` names the columns that must be there, with `str`, `int` or `float`; others are dropped. Raises
    `BadAnswer` with line and column for anything missing, not finite or of another type.
    """
    lines = csv.reader(io.StringIO(decode_text(content, what), newline=""), strict=True)
    try:
        places = _header_places(next(lines, []), columns, what)
        return list(_typed_rows(lines, places, columns, what=what, max_rows=max_rows))
    except csv.Error as error:
        raise BadAnswer(f"{what}, line {lines.line_num}: {shown(str(error))}") from None


def _header_places(header: list[str], columns: Mapping[str, type[Cell]], what: str) -> dict[str, int]:
    missing = [name for name in columns if name not in header]
    if missing:
        raise BadAnswer(f"{what} lacks the column(s) {', '.join(missing)}; its header is: {shown(','.join(header))}")
    repeated = [name for name in columns if header.count(name) > 1]
    if repeated:
        raise BadAnswer(f"{what} has the column(s) {', '.join(repeated)} more than once.")
    return {name: header.index(name) for name in columns}


def _typed_rows(
    lines: Iterator[list[str]],
    places: Mapping[str, int],
    columns: Mapping[str, type[Cell]],
    *,
    what: str,
    max_rows: int,
) -> Iterator[dict[str, Cell]]:
    width = max(places.values()) + 1
    for number, line in enumerate(lines, start=2):
        if number > max_rows + 1:
            raise BadAnswer(f"{what} has more than {max_rows} rows.")
        if not line:
            continue
        if len(line) < width:
            raise BadAnswer(f"{what}, line {number}: {len(line)} values where the header promises more.")
        yield {
            name: _typed_cell(line[place], columns[name], f"{what}, line {number}, column {name}")
            for name, place in places.items()
        }


def _typed_cell(spelled: str, kind: type[Cell], where: str) -> Cell:
    if kind is str:
        return spelled
    try:
        number = int(spelled) if kind is int else float(spelled)
    except ValueError:
        raise BadAnswer(f"{where}: {shown(spelled)!r} is not {_called(kind)}.") from None
    if not abs(number) < MAX_INTEGER:  # false for NaN too; math.isfinite overflows on huge integers
        raise BadAnswer(f"{where}: {shown(spelled)!r} is not a finite number of reasonable size.")
    return number


def _called(kind: type[Cell]) -> str:
    return "a whole number" if kind is int else "a number"


def expect_number(value: object, what: str = "the answer", *, low: float = -1e18, high: float = 1e18) -> float:
    """Return `value` as a float in [low, high]; booleans are not numbers. Raises `BadAnswer`."""
    if type(value) not in {int, float} or not isinstance(value, int | float):
        raise BadAnswer(f"{what} should be a number, not {shown(value)}.")
    if not math.isfinite(value) or not low <= value <= high:
        raise BadAnswer(f"{what} should be between {low:g} and {high:g}, not {shown(value)}.")
    return float(value)


def expect_text(value: object, what: str = "the answer", *, max_chars: int = 10_000) -> str:
    """Return `value` when it is text of at most `max_chars` characters. Raises `BadAnswer`."""
    if not isinstance(value, str):
        raise BadAnswer(f"{what} should be text, not {shown(value)}.")
    if len(value) > max_chars:
        raise BadAnswer(f"{what} is longer than {max_chars} characters.")
    return value


def expect_flag(value: object, what: str = "the answer") -> bool:
    """Return `value` when it is true or false. Raises `BadAnswer`."""
    if not isinstance(value, bool):
        raise BadAnswer(f"{what} should be true or false, not {shown(value)}.")
    return value


def expect_list(value: object, what: str = "the answer", *, max_items: int = 100_000) -> list[JSONValue]:
    """Return `value` when it is a list of at most `max_items`. Raises `BadAnswer`."""
    if not isinstance(value, list):
        raise BadAnswer(f"{what} should be a list, not {shown(value)}.")
    if len(value) > max_items:
        raise BadAnswer(f"{what} has {len(value)} items; at most {max_items} are allowed.")
    return value


def expect_mapping(value: object, what: str = "the answer") -> dict[str, JSONValue]:
    """Return `value` when it is a JSON object. Raises `BadAnswer`."""
    if not isinstance(value, dict):
        raise BadAnswer(f"{what} should be an object, not {shown(value)}.")
    return value
