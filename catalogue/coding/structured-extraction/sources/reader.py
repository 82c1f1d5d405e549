"""The model behind the endpoint: reads one document per request, and gets into the trouble that was drawn for it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace

from trouble import Case, Step

from shipworthy.kit.models import ChatRequest, Damage, Fault, FaultKind, Rates, Reply, Unreliable

OWN_NAMES = {
    "supplier": "vendor_name",
    "order_number": "po_ref",
    "delivery_date": "eta",
    "quantity": "qty",
    "net_total_cents": "net_amount",
    "contact_email": "email",
}
"""What the model calls a field that the request does not name."""

ENOUGH_WORDS = 0.9


@dataclass(frozen=True)
class Table:
    """Says what it is told to; stands behind the damage."""

    said: str
    name: str = "table"

    def reply(self, request: ChatRequest) -> Reply:  # noqa: ARG002
        """Return the registered answer."""
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
        text = "\n".join(message.content for message in request.messages)
        stamps = sorted(self._cases.keys() & set(re.findall(r"[A-Z]{6}", text)))
        if len(stamps) > 1:
            return Reply("Please send me one document at a time.")
        if not stamps or not _holds(text, self._cases[stamps[0]]):
            return Reply("There is no complete document in your request.")
        return self._about(self._cases[stamps[0]], request, text)

    def _about(self, case: Case, request: ChatRequest, text: str) -> Reply:
        stamp = case.document.stamp
        until, wait = self._not_before.get(stamp, (0.0, 0.0))
        if self._now() < until:
            return _traced(Reply(fault=Fault(FaultKind.RATE_LIMITED, wait)), case, "rate_limited", early=True)
        step = case.steps[min(self._asked[stamp], len(case.steps) - 1)]
        self._asked[stamp] += 1
        if step.wait:
            self._not_before[stamp] = (self._now() + step.wait, step.wait)
        return _traced(self._said(case, step, request, text), case, step.kind, early=False)

    def _said(self, case: Case, step: Step, request: ChatRequest, text: str) -> Reply:
        values = {**asdict(case.document.facts), **dict(step.instead)}
        said = {
            name if name in text + str(request.response_schema) else OWN_NAMES[name]: value
            for name, value in values.items()
        }
        table = Table(json.dumps(said, ensure_ascii=False, indent=2))
        shaped = request.response_schema is not None and step.kind in {"code_fence", "prose_around"}
        if step.kind in {"right", "wrong_types"} or shaped:
            return table.reply(request)
        return Unreliable(table, _rates(step), seed=self._seed).reply(request)


def _rates(step: Step) -> Rates:
    if step.kind in set(Damage):
        return Rates(damages={Damage(step.kind): 1.0})
    return Rates(faults={FaultKind(step.kind): 1.0}, retry_after=step.wait)


def _traced(reply: Reply, case: Case, kind: str, *, early: bool) -> Reply:
    trace = {"document": case.document.stamp, "step": kind, "early": early}
    return replace(reply, trace=trace)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9]+", text.replace("\\n", " ").casefold()))


def _holds(text: str, case: Case) -> bool:
    wanted = _words(case.document.text)
    return len(wanted & _words(text)) >= ENOUGH_WORDS * len(wanted)
