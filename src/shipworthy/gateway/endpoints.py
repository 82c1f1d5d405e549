"""The protocol's endpoints: from a request that was read to its answer and what it used."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import unquote

from shipworthy.core.canonical import JSONValue
from shipworthy.core.clock import monotonic
from shipworthy.gateway.answers import Answer, Delivery, json_answer, refusal
from shipworthy.gateway.behaviours.live import Live
from shipworthy.gateway.completions import Completion, complete, complete_as_said, completion_body
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.embeddings import EmbeddingCall, embedding_body, read_embedding, spelled_embeddings
from shipworthy.gateway.entities import Fault, FaultKind, Reply
from shipworthy.gateway.errors import CallRefusedError
from shipworthy.gateway.latency import Latency
from shipworthy.gateway.live_calls import chat_question, chat_said, embedding_question, embedding_said
from shipworthy.gateway.models import ChatModel, EmbeddingModel, Shelf
from shipworthy.gateway.protocol import ChatCall, model_named, read_chat, refuse_overlong
from shipworthy.gateway.recording import Question, Result
from shipworthy.gateway.senses import Senses
from shipworthy.gateway.streaming import events
from shipworthy.gateway.upstream import Upstream

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


@dataclass(frozen=True)
class Waiting:
    """A call that a live model answers: its outcome has to be waited for."""

    outcome: Callable[[], Awaitable[Outcome]]


Endpoint = Callable[[Question, JSONValue], Outcome | Waiting]


class Endpoints:
    """What each path does.

    Pure: an outcome depends on the question, its body, the seed and the served models. Only a live model, which
    `upstream` answers for, says what it says.
    """

    def __init__(self, shelf: Shelf, draws: Draws, latency: Latency, upstream: Upstream | None = None) -> None:
        self._shelf, self._draws, self._latency, self._upstream = shelf, draws, latency, upstream

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

    def _chat(self, question: Question, body: JSONValue) -> Outcome | Waiting:
        model = self._shelf.chat(model_named(body))
        call = read_chat(body, question.digest, question.occurrence)
        refuse_overlong(call, model.window)
        if isinstance(model.behaviour, Live):
            return Waiting(lambda: self._live_chat(question, body, model, call))
        reply = model.behaviour.reply(call.request)
        if reply.fault and reply.fault.kind in _REFUSING:
            return self._failed(question, reply, reply.fault.kind, reply.fault.retry_after)
        completion = complete(call, reply, self._draws)
        kind = completion.reply.fault.kind if completion.reply.fault else None
        latency = self._drawn_latency(question, (completion.prompt_tokens, completion.completion_tokens), kind)
        return self._said(question, model, call, completion, latency)

    def _failed(self, question: Question, reply: Reply, kind: FaultKind, retry_after: float) -> Outcome:
        status, type_, reason, what = _REFUSING[kind]
        error = CallRefusedError(what, status=status, kind=type_, reason=reason, retry_after=retry_after)
        latency = self._drawn_latency(question, (0, 0), kind)
        told = refusal(error, self._headers(question, latency))
        answer = Answer(told.status, told.headers, told.parts, _DELIVERIES.get(kind, Delivery.WHOLE))
        return Outcome(Result(status, reply, latency_ms=latency), answer)

    def _said(
        self, question: Question, model: ChatModel, call: ChatCall, completion: Completion, latency: float
    ) -> Outcome:
        reply, used = completion.reply, (completion.prompt_tokens, completion.completion_tokens)
        kind = reply.fault.kind if reply.fault else None
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

    def _embed(self, question: Question, body: JSONValue) -> Outcome | Waiting:
        model = self._shelf.embedding(model_named(body))
        call = read_embedding(body)
        if model.live:
            return Waiting(lambda: self._live_embedding(question, model, call))
        used = (call.prompt_tokens, 0)
        latency = self._drawn_latency(question, used, None)
        answer = json_answer(embedding_body(call, Senses(model.alike)), headers=self._headers(question, latency))
        return Outcome(Result(200, None, *used, model.price.cost(*used), latency), answer)

    async def _live_chat(self, question: Question, body: JSONValue, model: ChatModel, call: ChatCall) -> Outcome:
        asked = monotonic()
        try:
            answer = await self._ask("/chat/completions", model.name, lambda own: chat_question(body, own))
        except CallRefusedError as error:
            return self._live_failed(question, error, _since(asked))
        said = chat_said(answer, call)
        completion = complete_as_said(call, said.reply, said.used, self._draws)
        return self._said(question, model, call, completion, _since(asked))

    async def _live_embedding(self, question: Question, model: EmbeddingModel, call: EmbeddingCall) -> Outcome:
        asked = monotonic()
        try:
            answer = await self._ask("/embeddings", model.name, lambda own: embedding_question(call, own))
        except CallRefusedError as error:
            return self._live_failed(question, error, _since(asked))
        said, latency = embedding_said(answer, call), _since(asked)
        used = (said.prompt_tokens, 0)
        body = spelled_embeddings(call, said.rows, said.prompt_tokens)
        result = Result(200, Reply(trace=said.trace), *used, model.price.cost(*used), latency)
        return Outcome(result, json_answer(body, headers=self._headers(question, latency)))

    async def _ask(self, path: str, name: str, body: Callable[[str], dict[str, JSONValue]]) -> JSONValue:
        if self._upstream is None:
            raise LookupError("no endpoint answers for a live model")
        return await self._upstream.ask(path, body(self._upstream.settings.model_for(name) or name))

    def _live_failed(self, question: Question, error: CallRefusedError, latency: float) -> Outcome:
        """Return the outcome of a call that a live model did not answer, with the fault that it stands for."""
        kind = next((kind for kind, (status, *_) in _REFUSING.items() if status == error.status), None)
        reply = Reply(fault=Fault(kind, error.retry_after), trace={"live": {}}) if kind else None
        told = refusal(error, self._headers(question, latency))
        return Outcome(Result(error.status, reply, latency_ms=latency), told)

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


def _since(asked: float) -> float:
    """Return the milliseconds since a moment of the monotonic clock."""
    return round(1000 * (monotonic() - asked), 3)
