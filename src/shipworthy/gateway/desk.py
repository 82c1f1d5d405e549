"""Answers calls one after another: reads them, has them answered, charges the account, and records."""

from threading import Lock

from shipworthy.core.canonical import JSONValue, digest
from shipworthy.gateway.answers import Answer, refusal
from shipworthy.gateway.budgets import Account, Spent
from shipworthy.gateway.decoding import decoded
from shipworthy.gateway.endpoints import Endpoint, Endpoints, Outcome
from shipworthy.gateway.entities import Budget, GatewayRecord
from shipworthy.gateway.errors import BehaviourFailedError, CallRefusedError
from shipworthy.gateway.recording import Question, Recorder, Result

MOST_WEIGHT = 64 * 1024 * 1024
_LONGEST_PATH = 200


class Desk:
    """Where calls are answered, whatever carried them.

    Safe to use from several threads; calls take turns, so that counting is exact. `failure` is the first fault of a
    behaviour: the record is then no evidence about the submission.
    """

    def __init__(self, endpoints: Endpoints, budget: Budget) -> None:
        self._endpoints, self._account = endpoints, Account(budget)
        self._recorder, self._lock = Recorder(), Lock()
        self.failure: BehaviourFailedError | None = None

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        """Answer one HTTP request, and record it. Beyond the budget only the number of requests is recorded."""
        with self._lock:
            try:
                self._account.check_open()
                question, outcome = self._handled(method, target.partition("?")[0], body)
                self._keep(question, outcome.result)
            except CallRefusedError as error:
                self._recorder.refuse("over_budget")
                return refusal(error, {"x-should-retry": "false"})
            return outcome.answer

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

    def _handled(self, method: str, path: str, body: bytes) -> tuple[Question, Outcome]:
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

    def _outcome(self, endpoint: Endpoint, question: Question, value: JSONValue) -> Outcome:
        try:
            return endpoint(question, value)
        except CallRefusedError:
            raise
        except Exception as error:
            self.failure = self.failure or BehaviourFailedError(f"A behaviour failed: {error!r}.")
            self.failure.__cause__ = self.failure.__cause__ or error
            raise CallRefusedError("The gateway failed.", status=500, kind="server_error") from error

    def _question(self, method: str, path: str, body: bytes, values: int | None = None) -> Question:
        identity = digest(f"{method} {path}\n".encode("utf-8", "surrogateescape") + body)
        kept = None if values is None else body
        return Question(path[:_LONGEST_PATH], identity, self._recorder.occurrence(identity), kept, values or 0)

    def _keep(self, question: Question, result: Result) -> None:
        if self._recorder.weight_with(question, result.reply) > MOST_WEIGHT:
            self._account.close(f"The calls so far take more than the {MOST_WEIGHT // 1024**2} MiB that are kept.")
            self._account.check_open()
        self._account.charge(result.prompt_tokens + result.completion_tokens, result.cost)
        self._recorder.keep(question, result)
