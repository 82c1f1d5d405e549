"""A request's body, decoded strictly: one meaning for every body, and none that could hurt what reads it."""

import json
import math

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.gateway.errors import CallRefusedError

MOST_DEPTH = 64
MOST_VALUES = 20_000
MOST_DIGITS = 20


def decoded(body: bytes) -> tuple[JSONValue, bytes, int]:
    """Return a body's value, its canonical spelling, and how many values it holds.

    Raises `CallRefusedError` for what is no JSON in UTF-8, NaN and infinities, numbers of more than 20 digits, keys
    that occur twice, half surrogate pairs, more than 64 levels, and more than 20,000 values.
    """
    try:
        value: JSONValue = _DECODER.decode(body.decode("utf-8"))
        values = count_values(value)
        spelled = canonical_bytes(value)
        spelled.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused("is not text in UTF-8") from None
    except RecursionError:
        raise _refused(f"is nested deeper than {MOST_DEPTH} levels") from None
    except ValueError as error:
        raise _refused(f"is no JSON: {error}") from None
    return value, spelled, values


def count_values(value: JSONValue, *, most_values: int = MOST_VALUES) -> int:
    """Return how many values a value holds. Raises `CallRefusedError` for too many, or too many levels."""
    level, depth, count = [value], 0, 1
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        below: list[JSONValue] = []
        for one in level:
            below += one.values() if isinstance(one, dict) else one
        count += len(below)
        if depth > MOST_DEPTH:
            raise _refused(f"is nested deeper than {MOST_DEPTH} levels")
        if count > most_values:
            raise _refused(f"holds more than {most_values} values")
        level = below
    return count


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has more than {MOST_DIGITS} digits")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a value")


def _unique(pairs: list[tuple[str, JSONValue]]) -> dict[str, JSONValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return found


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_number, parse_constant=_constant, object_pairs_hook=_unique)


def _refused(what: str) -> CallRefusedError:
    return CallRefusedError(f"The request's body {what}.", reason="invalid_json")
