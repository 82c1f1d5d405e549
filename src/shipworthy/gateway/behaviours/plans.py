"""A small language for what a model does on a request: steps, values taken from the conversation, a final text.

A plan is data. Its values may hold places such as `{mails[0].id}`: the name of a take, of a group of the plan's
pattern, or `item` within a step that is done for each item of a list. A value that is one place and nothing else keeps
its type.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.core.errors import BadInputError
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import Message, Role

MOST_ITEMS = 100
_PLACE = re.compile(r"\{([A-Za-z_]\w*)((?:\.\w+|\[-?\d+\])*)\}")
_STEP_OF_PATH = re.compile(r"\.?(\w+)|\[(-?\d+)\]")


class PlanError(BadInputError):
    """A plan cannot be followed as it is written."""

    code = "bad_plan"


class NotFound(Exception):  # noqa: N818  an answer of the search, not an error that a person meets
    """A value is not in the conversation."""


@dataclass(frozen=True)
class Take:
    """A value from the conversation.

    `of` names a step of the same plan (its results), a tool (all its results), a role (`system`, `user`, `assistant`,
    `tool`) or `any`; `which` is the place among those texts, the last by default. Then `path` goes into the text as
    JSON (`items[0].id`), and `pattern` takes its first group, or all that it matches. `otherwise` is for none.
    """

    of: str = "any"
    path: str = ""
    pattern: str = ""
    which: int = -1
    otherwise: JSONValue = None


@dataclass(frozen=True)
class Step:
    """One call of a tool, or with `each` (the name of a take) one call for every item of a list, 100 at most.

    `name` is how takes refer to its results; `alternatives` are tools that do as well where `tool` is not offered.
    """

    tool: str
    arguments: Mapping[str, JSONValue] = field(default_factory=dict)
    name: str = ""
    each: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a well-meaning model does when the user's request matches `when` (a regular expression, in any case).

    `answer` is said when all steps are done, `stuck` when a value is missing or a tool is not offered.
    """

    id: str
    when: str
    steps: tuple[Step, ...] = ()
    answer: str = "Done."
    takes: Mapping[str, Take] = field(default_factory=dict)
    stuck: str = "I could not find what I need for this."


@dataclass(frozen=True)
class WantedCall:
    """A call that a step asks for, before it is fitted to the tools on offer."""

    id: str
    step: Step
    arguments: Mapping[str, JSONValue]


@dataclass(frozen=True)
class Conversation:
    """The messages so far, and which calls they hold."""

    messages: tuple[Message, ...]

    def called(self, wanted: WantedCall) -> bool:
        """Tell whether a call was made already: the same id, or the same tool with the same arguments."""
        spelled = canonical_bytes(wanted.arguments)
        names = (wanted.step.tool, *wanted.step.alternatives)
        return wanted.id in self.call_ids or any((name, spelled) in self._made for name in names)

    @cached_property
    def call_ids(self) -> frozenset[str]:
        """The ids of all calls so far."""
        return frozenset(call.id for message in self.messages for call in message.tool_calls)

    @cached_property
    def _made(self) -> frozenset[tuple[str, bytes]]:
        calls = (call for message in self.messages for call in message.tool_calls)
        return frozenset((call.name, canonical_bytes(_json(call.arguments))) for call in calls)

    def results(self, ids: Sequence[str]) -> list[str]:
        """Return what tools answered to the calls with these ids."""
        answers = (message for message in self.messages if message.role is Role.TOOL)
        return [message.content for message in answers if message.tool_call_id in ids]

    def texts(self, of: str) -> list[str]:
        """Return the texts of a role, of a tool's results, or of all messages for `any`."""
        if of == "any":
            return [message.content for message in self.messages]
        if of in {role.value for role in Role}:
            return [message.content for message in self.messages if message.role == of]
        calls = {call.id for message in self.messages for call in message.tool_calls if call.name == of}
        named = [message.content for message in self.messages if message.role is Role.TOOL and message.name == of]
        return self.results(sorted(calls)) or named


@dataclass(frozen=True)
class CallIds:
    """Names the calls of one purpose: always the same, so that a step knows its calls, and telling a client nothing."""

    draws: Draws
    purpose: str

    def of(self, step: int, number: int) -> str:
        """Return the id of the call with this number of this step."""
        return "call_" + self.draws.hexadecimal(self.purpose, str(step), number, digits=24)


@dataclass(frozen=True)
class Walk:
    """A walk through steps in one conversation. `ids` names its calls, `known` are values that it starts with.

    With `lenient` a value that is nowhere to be found is empty instead of missing.
    """

    steps: tuple[Step, ...]
    takes: Mapping[str, Take]
    conversation: Conversation
    ids: CallIds
    known: Mapping[str, JSONValue] = field(default_factory=dict)
    lenient: bool = False

    def next_calls(self) -> list[WantedCall]:
        """Return the calls of the first step that is not done; none when all are. Raises `NotFound`."""
        for place, step in enumerate(self.steps):
            open_calls = [call for call in self._calls(place, step) if not self.conversation.called(call)]
            if open_calls:
                return open_calls
        return []

    def filled(self, value: JSONValue, **more: JSONValue) -> JSONValue:
        """Return a value with its places filled. Raises `NotFound`."""
        if isinstance(value, str):
            return self._filled_text(value, more)
        if isinstance(value, Mapping):
            return {key: self.filled(inner, **more) for key, inner in value.items()}
        if isinstance(value, Sequence):
            return [self.filled(inner, **more) for inner in value]
        return value

    def _calls(self, place: int, step: Step) -> Iterator[WantedCall]:
        items = self.filled("{" + step.each + "}") if step.each else [None]
        if not isinstance(items, Sequence) or isinstance(items, str):
            raise NotFound(step.each)
        for number, item in enumerate(items[:MOST_ITEMS]):
            made = self.ids.of(place, number)
            if made in self.conversation.call_ids:
                continue
            yield WantedCall(made, step, {key: self.filled(inner, item=item) for key, inner in step.arguments.items()})

    def _filled_text(self, text: str, more: Mapping[str, JSONValue]) -> JSONValue:
        whole = _PLACE.fullmatch(text)
        if whole:
            return self._value(whole, more)
        return _PLACE.sub(lambda place: _as_text(self._value(place, more)), text)

    def _value(self, place: re.Match[str], more: Mapping[str, JSONValue]) -> JSONValue:
        name, path = place.groups()
        if name in more or name in self.known:
            return followed(more[name] if name in more else self.known[name], path)
        if name not in self.takes:
            raise PlanError(f"Nothing is called {name!r}.", remedy="Name a take, a group of the pattern, or `item`.")
        try:
            return followed(self._taken(self.takes[name]), path)
        except NotFound:
            if self.lenient:
                return ""
            raise

    def _taken(self, take: Take) -> JSONValue:
        try:
            return found_in(self._sources(take.of), take)
        except NotFound:
            if take.otherwise is None:
                raise
            return take.otherwise

    def _sources(self, of: str) -> list[str]:
        for place, step in enumerate(self.steps):
            if step.name == of and of:
                made = {self.ids.of(place, number) for number in range(MOST_ITEMS if step.each else 1)}
                return self.conversation.results(sorted(made)) or self.conversation.texts(step.tool)
        return self.conversation.texts(of)


def found_in(texts: Sequence[str], take: Take) -> JSONValue:
    """Return what a take finds in its texts. Raises `NotFound`."""
    if take.pattern:
        matching = [text for text in texts if re.search(take.pattern, text)]
        texts = matching or texts
    if not -len(texts) <= take.which < len(texts):
        raise NotFound(take.of)
    value: JSONValue = texts[take.which]
    if take.path:
        value = followed(_json(texts[take.which]), take.path)
    return _matched(take.pattern, value) if take.pattern else value


def followed(value: JSONValue, path: str) -> JSONValue:
    """Return what stands at a path such as `items[0].id` within a value. Raises `NotFound`."""
    for step in _STEP_OF_PATH.finditer(path):
        key, place = step.groups()
        value = _inside(value, key or int(place))
    return value


def _inside(value: JSONValue, key: str | int) -> JSONValue:
    if isinstance(key, str) and isinstance(value, Mapping) and key in value:
        return value[key]
    if isinstance(key, str) and key.isdigit():
        key = int(key)
    if isinstance(key, int) and isinstance(value, list) and -len(value) <= key < len(value):
        inner: JSONValue = value[key]
        return inner
    raise NotFound(str(key))


def _matched(pattern: str, value: JSONValue) -> JSONValue:
    found = re.search(pattern, _as_text(value))
    if not found:
        raise NotFound(pattern)
    return found.group(1) if found.re.groups else found.group()


def _json(text: str) -> JSONValue:
    try:
        value: JSONValue = json.loads(text)
        canonical_bytes(value)
    except (ValueError, RecursionError):
        return None
    return value


def _as_text(value: JSONValue) -> str:
    return value if isinstance(value, str) else canonical_bytes(value).decode("utf-8", "surrogatepass")
