"""Answers calls one after another: reads them, has them answered, charges the account, and records."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from shipworthy.core.canonical import JSONValue, digest
from shipworthy.gateway.answers import Answer, refusal
from shipworthy.gateway.budgets import Account, Spent
from shipworthy.gateway.decoding import decoded
from shipworthy.gateway.endpoints import Endpoint, Endpoints, Outcome, Waiting
from shipworthy.gateway.entities import Budget, GatewayRecord
from shipworthy.gateway.errors import BehaviourFailedError, CallRefusedError, GatewayError, UpstreamFailedError
from shipworthy.gateway.recording import Question, Recorder, Result

MOST_WEIGHT = 64 * 1024 * 1024
_LONGEST_PATH = 200


Watch = Callable[[Question, Result], None]


@dataclass(frozen=True)
class Begun:
    """A call whose answer somebody else gives."""

    question: Question
    waiting: Waiting


class Desk:
    """Where calls are answered, whatever carried them.

    Safe to use from several threads; calls take turns, so that counting is exact. Only for a live model nobody waits:
    its calls go on side by side, and each has its place in the budget from its beginning. `failure` is the first fault
    of a behaviour or of an operator's endpoint: the record is then no evidence about the submission. `watch` is told
    every recorded call.
    """

    def __init__(self, endpoints: Endpoints, budget: Budget, watch: Watch | None = None) -> None:
        self._endpoints, self._account, self._watch = endpoints, Account(budget), watch
        self._recorder, self._lock = Recorder(), Lock()
        self.failure: BehaviourFailedError | UpstreamFailedError | None = None

    async def serve(self, method: str, target: str, body: bytes) -> Answer:
        """Answer one HTTP request, when its model has answered, and record it.

        Beyond the budget only the number of requests is recorded.
        """
        begun = self._begun(method, target, body)
        return begun if isinstance(begun, Answer) else await self._finished(begun)

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        """Answer one HTTP request at once, as `serve` does. Raises `GatewayError` for a live model's."""
        begun = self._begun(method, target, body)
        if isinstance(begun, Begun):
            raise GatewayError("A live model's answer has to be waited for.")
        return begun

    def _begun(self, method: str, target: str, body: bytes) -> Answer | Begun:
        with self._lock:
            try:
                self._account.check_open()
                question, outcome = self._handled(method, target.partition("?")[0], body)
                if isinstance(outcome, Waiting):
                    self._account.reserve()
                    self._recorder.expect(question)
                    return Begun(question, outcome)
                self._keep(question, outcome.result)
            except CallRefusedError as error:
                return self._over_budget(error)
            return outcome.answer

    async def _finished(self, begun: Begun) -> Answer:
        """Wait for an answer; a wait that is cancelled leaves the call unfinished, for ever."""
        try:
            outcome = await begun.waiting.outcome()
        except CallRefusedError as error:
            outcome = self._endpoints.refused(begun.question, error)
        except Exception as error:
            outcome = self._endpoints.refused(begun.question, self._failed(error))
        with self._lock:
            self._account.release()
            try:
                self._keep(begun.question, outcome.result, expected=True)
            except CallRefusedError as error:
                self._recorder.forget()
                return self._over_budget(error)
            return outcome.answer

    def _over_budget(self, error: CallRefusedError) -> Answer:
        self._recorder.refuse("over_budget")
        return refusal(error, {"x-should-retry": "false"})

    def refuse(self, why: str) -> None:
        """Count something that was turned away without being a call."""
        with self._lock:
            self._recorder.refuse(why)

    def record(self) -> GatewayRecord:
        """Return the calls so far."""
        with self._lock:
            return self._recorder.record()

    def spent(self) -> Spent:
        """Return what has been used so far."""
        return self._account.spent

    def _handled(self, method: str, path: str, body: bytes) -> tuple[Question, Outcome | Waiting]:
        question = self._question(method, path, body)
        try:
            endpoint = self._endpoints.found(method, path)
            value: JSONValue = None
            if method == "POST":
                value, canonical, values = decoded(body)
                question = self._question(method, path, canonical, values)
            return question, self._outcome(endpoint, question, value)
        except CallRefusedError as error:
            return question, self._endpoints.refused(question, error)

    def _outcome(self, endpoint: Endpoint, question: Question, value: JSONValue) -> Outcome | Waiting:
        try:
            return endpoint(question, value)
        except CallRefusedError:
            raise
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> CallRefusedError:
        """Remember the first fault of ours, and return what the client is told of it: nothing but that there is one."""
        if isinstance(error, UpstreamFailedError):
            self.failure = self.failure or error
        elif not self.failure:
            self.failure = BehaviourFailedError(f"A behaviour failed: {error!r}.")
            self.failure.__cause__ = error
        return CallRefusedError("The gateway failed.", status=500, kind="server_error")

    def _question(self, method: str, path: str, body: bytes, values: int | None = None) -> Question:
        identity = digest(f"{method} {path}\n".encode("utf-8", "surrogateescape") + body)
        kept = None if values is None else body
        return Question(path[:_LONGEST_PATH], identity, self._recorder.occurrence(identity), kept, values or 0)

    def _keep(self, question: Question, result: Result, *, expected: bool = False) -> None:
        if self._recorder.weight_with(question, result.reply) > MOST_WEIGHT:
            self._account.close(f"The calls so far take more than the {MOST_WEIGHT // 1024**2} MiB that are kept.")
            self._account.check_open()
        self._account.charge(result.prompt_tokens + result.completion_tokens, result.cost, reserved=expected)
        self._recorder.keep(question, result, expected=expected)
        if self._watch:
            self._watch(question, result)
