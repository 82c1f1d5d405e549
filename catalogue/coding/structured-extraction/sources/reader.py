"""The model behind the endpoint: reads one document per request, and gets into the trouble that was drawn for it."""

import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from documents import Document, as_written
from trouble import Case, Step

from shipworthy.kit.models import (
    Behaviour,
    ChatRequest,
    Damage,
    Fault,
    FaultKind,
    Rates,
    Reply,
    ToolCall,
    Unreliable,
)

sys.path.insert(0, str(Path(__file__).parent.parent / "public"))
try:
    from reading import Asked, asked
finally:
    sys.path.pop(0)

ENOUGH_WORDS = 0.9
WITHOUT_JSON = {"code_fence", "prose_around"}
"""Damage that an answer in JSON alone cannot have."""
WITHOUT_SCHEMA = WITHOUT_JSON | {"wrong_types", "missing_keys", "extra_keys"}
"""Damage that an answer by a schema or a tool cannot have."""


@dataclass(frozen=True)
class Table:
    """Says what it is told to, in the shape that is wanted; stands behind the damage."""

    said: str
    tool: str
    name: str = "table"

    def reply(self, request: ChatRequest) -> Reply:  # noqa: ARG002
        """Return the registered answer."""
        if self.tool:
            return Reply(None, (ToolCall("", self.tool, self.said),))
        return Reply(self.said)


class Reader:
    """A model that knows every document, and counts how often each was asked about.

    It keeps that count and the moment of a rate limit, because the trouble of a document has to be the same whatever
    the prompt is; only calls about one document depend on each other. `now` gives seconds.
    """

    name = "reader-1"

    def __init__(self, cases: Iterable[Case], *, seed: int, now: Callable[[], float]) -> None:
        self._cases = {case.document.stamp: case for case in cases}
        self._seed, self._now = seed, now
        self._asked: Counter[str] = Counter()
        self._not_before: dict[str, tuple[float, float]] = {}

    def reply(self, request: ChatRequest) -> Reply:
        """Return what the model says to a request; the trace names document and step, and says what came early."""
        for message in reversed(request.messages):
            stamps = sorted(self._cases.keys() & set(re.findall(r"[A-Z]{6}", message.content)))
            if len(stamps) > 1:
                return Reply("Please send me one document at a time.")
            if stamps and _holds(message.content, self._cases[stamps[0]].document):
                return self._about(self._cases[stamps[0]], request)
        return Reply("There is no complete document in your request.")

    def _about(self, case: Case, request: ChatRequest) -> Reply:
        stamp = case.document.stamp
        until, wait = self._not_before.get(stamp, (0.0, 0.0))
        if self._now() < until:
            return _traced(Reply(fault=Fault(FaultKind.RATE_LIMITED, wait)), case, "rate_limited", early=True)
        if case.long and not request.stream:
            return _traced(Reply(fault=Fault(FaultKind.SERVER_ERROR)), case, "not_streamed")
        step = case.steps[min(self._asked[stamp], len(case.steps) - 1)]
        self._asked[stamp] += 1
        if step.wait:
            self._not_before[stamp] = (self._now() + step.wait, step.wait)
        return self._said(case, step, request)

    def _said(self, case: Case, step: Step, request: ChatRequest) -> Reply:
        wanted = asked(request, case.document.text)
        values = _values(case, step, wanted)
        told = wanted.answer(values)
        spelled = dict(zip(values, told.values(), strict=True))
        shaped = WITHOUT_SCHEMA if wanted.properties is not None else WITHOUT_JSON if wanted.json_alone else set()
        kind = "right" if step.kind in shaped else step.kind
        if kind == "wrong_types":
            told[step.mistyped] = _other_type(told.get(step.mistyped))
        table = Table(json.dumps(told, ensure_ascii=False, indent=2), wanted.tool)
        reply = _behind(kind, step.wait, table, self._seed).reply(request)
        said: dict[str, object] = {field: [values[field][0], spelled[field]] for field in values}
        return _traced(reply, case, step.kind, said=said)


class Halting:
    """Another model that answers some calls and then none any more: what a program meets whose night ends early."""

    name = "reader-1"

    def __init__(self, inner: Behaviour, *, after: int) -> None:
        self._inner, self._left = inner, after
        self.halted = threading.Event()

    def reply(self, request: ChatRequest) -> Reply:
        """Return what the other model says, as long as it says anything."""
        if not self._left:
            self.halted.set()
            return Reply(fault=Fault(FaultKind.TIMEOUT))
        self._left -= 1
        return self._inner.reply(request)


def _values(case: Case, step: Step, wanted: Asked) -> dict[str, tuple[object, str]]:
    """Return what the model takes for each field's value, with a spelling."""
    document = case.document
    values = {field: (value, document.written.get(field, "")) for field, value in document.record.items()}
    if case.confused and case.confused not in wanted.meant:
        values[case.confused] = document.beside[case.confused]
    return values | {field: (value, as_written(field, value)) for field, value in step.instead}


def _other_type(value: object) -> object:
    return [value] if isinstance(value, str) else str(value)


def _behind(kind: str, wait: float, table: Table, seed: int) -> Behaviour:
    if kind in {"right", "wrong_types"}:
        return table
    if kind in set(Damage):
        return Unreliable(table, Rates(damages={Damage(kind): 1.0}), seed=seed)
    return Unreliable(table, Rates(faults={FaultKind(kind): 1.0}, retry_after=wait), seed=seed)


def _traced(
    reply: Reply, case: Case, kind: str, *, early: bool = False, said: Mapping[str, object] | None = None
) -> Reply:
    trace = {"document": case.document.stamp, "step": kind, "early": early, "said": dict(said or {})}
    return replace(reply, trace=trace)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9]+", text.replace("\\n", " ").casefold()))


def _holds(text: str, document: Document) -> bool:
    wanted = _words(document.text)
    return len(wanted & _words(text)) >= ENOUGH_WORDS * len(wanted)
