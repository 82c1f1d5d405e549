"""Reads YAML as text with line numbers: mappings, lists and scalars, and nothing that YAML can do beyond them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

import yaml
from yaml import events

from shipworthy.simulator.rollout.errors import RolloutFault, UnsoundRolloutError

LARGEST = 32 * 1024
DEEPEST = 8
MOST_NODES = 4000


@dataclass(frozen=True)
class Scalar:
    """A single value as it was written, without quotes; a value that was left out is an empty text."""

    text: str
    line: int


@dataclass(frozen=True)
class Listing:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True)
class Fields:
    """A mapping; no key stands in it twice."""

    values: dict[str, "Node"]
    lines: dict[str, int]
    line: int


Node: TypeAlias = Scalar | Listing | Fields


def read_document(content: bytes) -> Fields:
    """Return the one mapping that a file holds. Raises `UnsoundRolloutError`.

    Refused are files above 32 KB, anything nested deeper than 8, more than 4,000 values, keys that stand twice,
    anchors, aliases, tags, keys that are no plain text, and more than one document. All values are read as texts:
    nothing is converted, and no object is ever constructed.
    """
    if len(content) > LARGEST:
        _refuse(1, f"The file has {len(content)} bytes; at most {LARGEST} are read.", "A rollout needs a page or two.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(1 + content[: error.start].count(b"\n"), "This is no UTF-8 text.", "Save the file as UTF-8.")
    try:
        root = _Reader(yaml.parse(text, Loader=yaml.BaseLoader)).document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        _refuse(line, f"This is no YAML: {error.problem or 'it cannot be read'}.", "Look at indentation and quotes.")
    except yaml.YAMLError:
        _refuse(1, "This is no YAML: it holds characters that no text file has.", "Write the file anew.")
    if not isinstance(root, Fields):
        _refuse(1, "The file is no mapping.", "Begin with `format: 1` and `steps:`.")
    return root


def _refuse(line: int, fault: str, remedy: str) -> NoReturn:
    raise UnsoundRolloutError([RolloutFault(line, "", fault, remedy)])


class _Reader:
    """Builds nodes from a parser's events, and stops at the first that is not wanted."""

    def __init__(self, stream: Iterator[events.Event]) -> None:
        self._stream = stream
        self._nodes = 0

    def document(self) -> Node:
        """Read the only document."""
        self._next()
        first = self._next()
        if isinstance(first, events.StreamEndEvent):
            _refuse(1, "The file is empty.", "Begin with `format: 1` and `steps:`.")
        node = self._node(self._next(), 1)
        self._next()
        last = self._next()
        if not isinstance(last, events.StreamEndEvent):
            _refuse(_line(last), "A second document begins here.", "Keep one, and take the line `---` out.")
        return node

    def _next(self) -> events.Event:
        event = next(self._stream)
        if isinstance(event, events.AliasEvent):
            _refuse(_line(event), f"`*{event.anchor}` is an alias.", "Write the value out.")
        if isinstance(event, events.NodeEvent) and event.anchor is not None:
            _refuse(_line(event), f"`&{event.anchor}` is an anchor.", "Take it out, and write values out.")
        tag = getattr(event, "tag", None)
        if tag not in {None, "!"}:
            _refuse(_line(event), f"`{str(tag)[:40]}` is a tag.", "Take it out: every value is plain.")
        return event

    def _node(self, event: events.Event, depth: int) -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            _refuse(_line(event), f"The file holds more than {MOST_NODES} values.", "A rollout needs a page or two.")
        if depth > DEEPEST:
            _refuse(_line(event), f"This is nested deeper than {DEEPEST} levels.", "No key is nested so deeply.")
        if isinstance(event, events.ScalarEvent):
            return Scalar(event.value, _line(event))
        if isinstance(event, events.SequenceStartEvent):
            return Listing(tuple(self._items(depth)), _line(event))
        return self._fields(_line(event), depth)

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := self._next(), events.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _fields(self, line: int, depth: int) -> Fields:
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := self._next(), events.MappingEndEvent):
            if not isinstance(event, events.ScalarEvent):
                _refuse(_line(event), "A key is a list or a mapping.", "Write a plain word before the colon.")
            name = event.value[:80]
            if name in values:
                _refuse(_line(event), f"The key `{name}` is in line {lines[name]} already.", "Keep one of the two.")
            lines[name] = _line(event)
            values[name] = self._node(self._next(), depth + 1)
        return Fields(values, lines, line)


def _line(event: events.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1
