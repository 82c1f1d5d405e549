"""The protocol's endpoints: from a request that was read to its answer and what it used."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.answers import Answer, Delivery, json_answer, refusal
from shipworthy.gateway.completions import Completion, complete, completion_body
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.embeddings import embedding_body, read_embedding
from shipworthy.gateway.entities import FaultKind, Reply
from shipworthy.gateway.errors import CallRefusedError
from shipworthy.gateway.latency import Latency
from shipworthy.gateway.models import ChatModel, Shelf
from shipworthy.gateway.protocol import ChatCall, model_named, read_chat, refuse_overlong
from shipworthy.gateway.recording import Question, Result
from shipworthy.gateway.senses import Senses
from shipworthy.gateway.streaming import events

_EVENT_STREAM = "text/event-stream; charset=utf-8"
_MODELS = "/v1/models"
_REFUSING = {
    FaultKind.RATE_LIMITED: (429, "requests", "rate_limit_exceeded", "Too many requests. Try again later."),
    FaultKind.SERVER_ERROR: (500, "server_error", None, "The model failed while it answered. Try again."),
    FaultKind.TIMEOUT: (504, "server_error", "timeout", "The model did not answer in time."),
}
_DELIVERIES = {
    FaultKind.TIMEOUT: Delivery.HELD,
    FaultKind.SLOW_STREAM: Delivery.SLOW,
    FaultKind.TRUNCATED_STREAM: Delivery.CUT,
}


@dataclass(frozen=True)
class Outcome:
    """How a call ended, for the record, and what its client is sent."""

    result: Result
    answer: Answer


Endpoint = Callable[[Question, JSONValue], Outcome]


class Endpoints:
    """What each path does. Pure: an outcome depends on the question, its body, the seed and the served models."""

    def __init__(self, shelf: Shelf, draws: Draws, latency: Latency) -> None:
        self._shelf, self._draws, self._latency = shelf, draws, latency

    def found(self, method: str, path: str) -> Endpoint:
        """Return what answers a path. Raises `CallRefusedError` for an unknown path or another method."""
        if path == "/v1/chat/completions":
            wanted, endpoint = "POST", self._chat
        elif path == "/v1/embeddings":
            wanted, endpoint = "POST", self._embed
        elif path == _MODELS or path.startswith(f"{_MODELS}/"):
            wanted, endpoint = "GET", self._models
        else:
            raise CallRefusedError(f"There is nothing at {path}.", status=404, reason="unknown_url")
        if method != wanted:
            what = f"{path} takes {wanted} alone, not {method[:20]}."
            raise CallRefusedError(what, status=405, reason="method_not_supported")
        return endpoint

    def refused(self, question: Question, error: CallRefusedError) -> Outcome:
        """Return the outcome of a call that is refused."""
        latency = self._drawn_latency(question, (0, 0), None)
        headers = {"allow": "GET" if question.path.startswith(_MODELS) else "POST"} if error.status == 405 else {}
        answer = refusal(error, {**headers, **self._headers(question, latency)})
        return Outcome(Result(error.status, latency_ms=latency), answer)

    def _chat(self, question: Question, body: JSONValue) -> Outcome:
        model = self._shelf.chat(model_named(body))
        call = read_chat(body, question.digest, question.occurrence)
        refuse_overlong(call, model.window)
        reply = model.behaviour.reply(call.request)
        if reply.fault and reply.fault.kind in _REFUSING:
            return self._failed(question, reply, reply.fault.kind, reply.fault.retry_after)
        return self._said(question, model, call, complete(call, reply, self._draws))

    def _failed(self, question: Question, reply: Reply, kind: FaultKind, retry_after: float) -> Outcome:
        status, type_, reason, what = _REFUSING[kind]
        error = CallRefusedError(what, status=status, kind=type_, reason=reason, retry_after=retry_after)
        latency = self._drawn_latency(question, (0, 0), kind)
        told = refusal(error, self._headers(question, latency))
        answer = Answer(told.status, told.headers, told.parts, _DELIVERIES.get(kind, Delivery.WHOLE))
        return Outcome(Result(status, reply, latency_ms=latency), answer)

    def _said(self, question: Question, model: ChatModel, call: ChatCall, completion: Completion) -> Outcome:
        reply, used = completion.reply, (completion.prompt_tokens, completion.completion_tokens)
        kind = reply.fault.kind if reply.fault else None
        latency = self._drawn_latency(question, used, kind)
        delivery = _DELIVERIES.get(kind, Delivery.WHOLE) if kind else Delivery.WHOLE
        headers = self._headers(question, latency)
        if call.request.stream:
            answer = self._streamed(question, call, completion, headers, delivery)
        else:
            answer = json_answer(completion_body(completion), headers=headers, delivery=delivery)
        return Outcome(Result(200, reply, *used, model.price.cost(*used), latency), answer)

    def _streamed(
        self, question: Question, call: ChatCall, completion: Completion, headers: dict[str, str], delivery: Delivery
    ) -> Answer:
        drawn = (question.digest, question.occurrence)
        told = events(completion, include_usage=call.include_usage, draws=self._draws, drawn=drawn)
        return Answer(200, {"content-type": _EVENT_STREAM, "cache-control": "no-store", **headers}, told, delivery)

    def _embed(self, question: Question, body: JSONValue) -> Outcome:
        model = self._shelf.embedding(model_named(body))
        call = read_embedding(body)
        used = (call.prompt_tokens, 0)
        latency = self._drawn_latency(question, used, None)
        answer = json_answer(embedding_body(call, Senses(model.alike)), headers=self._headers(question, latency))
        return Outcome(Result(200, None, *used, model.price.cost(*used), latency), answer)

    def _models(self, question: Question, body: JSONValue) -> Outcome:  # noqa: ARG002
        name = unquote(question.path.removeprefix(_MODELS).removeprefix("/"), errors="replace")
        told = self._shelf.described(name) if question.path != _MODELS else self._shelf.listed()
        latency = self._drawn_latency(question, (0, 0), None)
        return Outcome(Result(200, latency_ms=latency), json_answer(told, headers=self._headers(question, latency)))

    def _drawn_latency(self, question: Question, used: tuple[int, int], kind: FaultKind | None) -> float:
        return self._latency.drawn(self._draws, (question.digest, question.occurrence), used, kind)

    def _headers(self, question: Question, latency: float) -> dict[str, str]:
        drawn = self._draws.hexadecimal("request", question.digest, question.occurrence, digits=32)
        return {"x-request-id": f"req_{drawn}", "openai-processing-ms": str(round(latency))}
