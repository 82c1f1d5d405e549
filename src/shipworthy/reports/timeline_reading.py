"""Reads the record of a simulated run from a grading's evidence.

It comes from a bundle that anybody could have written, so it is read strictly: exact types, finite numbers, bounded
sizes.
"""

from collections.abc import Mapping
from math import isfinite

from shipworthy.core.canonical import JSONValue
from shipworthy.core.errors import BadInputError
from shipworthy.simulator.timeline import Band, Mark, Series, Timeline

MOST_POINTS = 400
MOST_SERIES = 30
MOST_ENTRIES = 200
LONGEST = 160
LARGEST = 1e12


class UnreadableTimelineError(BadInputError):
    """This is no timeline."""

    code = "unreadable_timeline"


def read_timeline(value: JSONValue) -> Timeline:
    """Return a timeline from its JSON form. Raises `UnreadableTimelineError`."""
    record = _mapping(value)
    at = tuple(_number(one) for one in _items(record.get("at"), MOST_POINTS))
    if not at or at[0] < 0 or list(at) != sorted(set(at)):
        raise UnreadableTimelineError
    return Timeline(
        scenario=_text(record.get("scenario")),
        kind=_text(record.get("kind")),
        at=at,
        traffic=tuple(_series(one, len(at)) for one in _items(record.get("traffic"), MOST_SERIES)),
        figures=tuple(_series(one, len(at)) for one in _items(record.get("figures"), MOST_SERIES)),
        bands=tuple(_band(one) for one in _items(record.get("bands"), MOST_ENTRIES)),
        marks=tuple(_mark(one) for one in _items(record.get("marks"), MOST_ENTRIES)),
    )


def _series(value: JSONValue, length: int) -> Series:
    record = _mapping(value)
    values = tuple(None if one is None else _number(one) for one in _items(record.get("values"), MOST_POINTS))
    if len(values) != length or any(one is not None and one < 0 for one in values):
        raise UnreadableTimelineError
    return Series(_text(record.get("name")), _text(record.get("slot")), _text(record.get("unit")), values)


def _band(value: JSONValue) -> Band:
    record = _mapping(value)
    start, stop, harmful = _number(record.get("start")), _number(record.get("stop")), record.get("harmful")
    if not 0 <= start <= stop or not isinstance(harmful, bool):
        raise UnreadableTimelineError
    return Band(_text(record.get("kind")), start, stop, harmful)


def _mark(value: JSONValue) -> Mark:
    record = _mapping(value)
    hour = _number(record.get("hour"))
    if hour < 0:
        raise UnreadableTimelineError
    return Mark(hour, _text(record.get("kind")), _text(record.get("words")))


def _mapping(value: JSONValue) -> Mapping[str, JSONValue]:
    if not isinstance(value, Mapping):
        raise UnreadableTimelineError
    return value


def _items(value: JSONValue, most: int) -> list[JSONValue]:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise UnreadableTimelineError
    return list(value)


def _number(value: JSONValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or abs(value) > LARGEST:
        raise UnreadableTimelineError
    return float(value)


def _text(value: JSONValue) -> str:
    if not isinstance(value, str):
        raise UnreadableTimelineError
    return value[:LONGEST]
