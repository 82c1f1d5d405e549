"""Remembers every call in little memory, and lays them out for the judge in an order that no race can change."""

import json
from collections import Counter
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.entities import CallRecord, Fault, GatewayRecord, Reply, ToolCall

_PER_VALUE = 64
_PER_CALL = 256


@dataclass(frozen=True)
class Question:
    """What a call asked: endpoint, identity, and its body in canonical spelling (None where it could not be read).

    `values` is how many JSON values the body holds; each takes memory when it is decoded again.
    """

    path: str
    digest: str
    occurrence: int
    body: bytes | None
    values: int = 0


@dataclass(frozen=True)
class Result:
    """How a call ended: status, the model's reply, and what it used."""

    status: int
    reply: Reply | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: int = 0
    latency_ms: float = 0.0


class Recorder:
    """All calls of one run. Bodies stay as bytes until the judge asks. Callers take turns: see `Desk`."""

    def __init__(self) -> None:
        self._calls: list[tuple[Question, Result]] = []
        self._seen: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._expected = 0
        self.weight = 0

    def occurrence(self, digest: str) -> int:
        """Return how many recorded calls had this digest."""
        return self._seen[digest]

    def weight_with(self, question: Question, reply: Reply | None) -> int:
        """Return about how many bytes the record would need with one call more."""
        said = 0 if reply is None else len(repr(reply))
        asked = len(question.body or b"") + _PER_VALUE * question.values
        return self.weight + _PER_CALL + said + asked

    def expect(self, question: Question) -> None:
        """Count a call that will be recorded when its answer has come."""
        self._seen[question.digest] += 1
        self._expected += 1

    def keep(self, question: Question, result: Result, *, expected: bool = False) -> None:
        """Record a call."""
        self.weight = self.weight_with(question, result.reply)
        if expected:
            self._expected -= 1
        else:
            self._seen[question.digest] += 1
        self._calls.append((question, result))

    def forget(self) -> None:
        """Expect one call less."""
        self._expected -= 1

    def refuse(self, why: str) -> None:
        """Count something that was turned away without being a call."""
        self._refused[why] += 1

    def record(self) -> GatewayRecord:
        """Return everything so far, sorted by digest and occurrence; `unfinished` counts what was not answered yet."""
        ordered = sorted(self._calls, key=lambda pair: (pair[0].digest, pair[0].occurrence))
        refused = self._refused + Counter({"unfinished": self._expected})
        return GatewayRecord(tuple(_laid_out(*pair) for pair in ordered), dict(sorted(refused.items())))


def _laid_out(question: Question, result: Result) -> CallRecord:
    request: JSONValue = None if question.body is None else json.loads(question.body)
    return CallRecord(
        path=question.path,
        digest=question.digest,
        occurrence=question.occurrence,
        request=request,
        status=result.status,
        reply=result.reply,
        prompt_tokens=result.prompt_tokens,
        completion_tokens=result.completion_tokens,
        cost=result.cost,
        latency_ms=result.latency_ms,
    )


def spelled_record(record: GatewayRecord) -> JSONValue:
    """Return a record as a JSON value, for evidence: the same calls give the same canonical bytes."""
    return {"calls": [_spelled_call(call) for call in record.calls], "refused": dict(record.refused)}


def _spelled_call(call: CallRecord) -> JSONValue:
    return {
        "path": call.path,
        "digest": call.digest,
        "occurrence": call.occurrence,
        "request": call.request,
        "status": call.status,
        "reply": None if call.reply is None else _spelled_reply(call.reply),
        "prompt_tokens": call.prompt_tokens,
        "completion_tokens": call.completion_tokens,
        "cost": call.cost,
        "latency_ms": call.latency_ms,
    }


def _spelled_reply(reply: Reply) -> JSONValue:
    return {
        "content": reply.content,
        "tool_calls": [_spelled_tool_call(call) for call in reply.tool_calls],
        "finish_reason": reply.finish_reason,
        "fault": None if reply.fault is None else _spelled_fault(reply.fault),
        "trace": reply.trace,
    }


def _spelled_tool_call(call: ToolCall) -> JSONValue:
    return {"id": call.id, "name": call.name, "arguments": call.arguments}


def _spelled_fault(fault: Fault) -> JSONValue:
    return {"kind": fault.kind.value, "retry_after": fault.retry_after}
