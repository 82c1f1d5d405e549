"""What a judge works at: the submission, its workspaces, and the place where observations are written down."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.gateway.entities import Budget
from shipworthy.gateway.models import ServedModel
from shipworthy.grading.entities import Observation
from shipworthy.grading.errors import BadAnswer, JudgeFaultError
from shipworthy.grading.exchange import Exchange
from shipworthy.grading.lending import LentModels, ModelSetup
from shipworthy.grading.workspace import Workspace
from shipworthy.sandbox.entities import Limits, RuntimeFolder
from shipworthy.tasks.entities import Variant

SCORE_DIGITS = 6
MAX_MESSAGE = 600


class Bench:
    """One judging of one submission.

    `variant` is the seeded instance, `submission` the files that count, by relative path.
    """

    def __init__(
        self,
        *,
        variant: Variant,
        submission: Mapping[str, bytes],
        exchange: Exchange,
        runtime: RuntimeFolder,
        limits: Limits,
        check_ids: Sequence[str],
        report: Callable[[Observation], None],
    ) -> None:
        self.variant = variant
        self.submission = submission
        self._exchange = exchange
        self._runtime = runtime
        self._limits = limits
        self._open = list(check_ids)
        self._declared = frozenset(check_ids)
        self._report = report

    @property
    def unobserved(self) -> tuple[str, ...]:
        """The declared checks that nothing was observed for yet."""
        return tuple(self._open)

    def workspace(self, files: Mapping[str, bytes] | None = None) -> Workspace:
        """Return a fresh work folder: the submission's files and `files`, which win over the submission's."""
        content = {**self.submission, **(files or {})}
        return Workspace(content, exchange=self._exchange, runtime=self._runtime, limits=self._limits)

    @contextmanager
    def lend(self, *models: ServedModel, seed: int, budget: Budget | None = None) -> Iterator[LentModels]:
        """Serve models to the runs that are given what this yields, until the block ends.

        `seed` decides every chance of theirs; `budget` is what one submission may use.
        """
        with self._exchange.open_model(ModelSetup(models, seed, budget or Budget())) as opened:
            yield LentModels(opened)

    def observe(
        self,
        check_id: str,
        score: float,
        message: str,
        evidence: Mapping[str, JSONValue] | None = None,
        measurements: Mapping[str, float] | None = None,
    ) -> None:
        """Write down what a check saw.

        `score` is clipped to [0, 1] (true counts as 1). `evidence` must be the same whenever the same submission is
        judged; times and memory go into `measurements`. Raises `JudgeFaultError` for an undeclared or repeated check
        and for a score that is no number.
        """
        if check_id not in self._open:
            known = "observed twice" if check_id in self._declared else "not declared in the manifest"
            raise JudgeFaultError(f"The check `{check_id}` was {known}.")
        if not math.isfinite(score):
            raise JudgeFaultError(f"The score of the check `{check_id}` is no finite number.")
        observation = Observation(
            check_id=check_id,
            score=round(min(max(float(score), 0.0), 1.0), SCORE_DIGITS),
            message=message[:MAX_MESSAGE],
            evidence=_rounded(dict(evidence or {})),
            measurements={name: float(value) for name, value in (measurements or {}).items()},
        )
        canonical_bytes(observation.evidence)
        self._open.remove(check_id)
        self._report(observation)

    def fail(self, check_ids: Sequence[str], message: str) -> None:
        """Fail those of the named checks that nothing was observed for yet."""
        for check_id in check_ids:
            if check_id in self._open:
                self.observe(check_id, 0.0, message)

    def fail_rest(self, message: str) -> None:
        """Fail every check that nothing was observed for yet."""
        self.fail(self.unobserved, message)

    @contextmanager
    def guard(self, *check_ids: str) -> Iterator[None]:
        """Let a `BadAnswer` inside fail only the named checks, with its message."""
        unknown = [check_id for check_id in check_ids if check_id not in self._declared]
        if unknown:
            raise JudgeFaultError(f"The check(s) {', '.join(unknown)} are not declared in the manifest.")
        try:
            yield
        except BadAnswer as answer:
            self.fail(check_ids, str(answer))


def _rounded(evidence: Mapping[str, JSONValue]) -> dict[str, JSONValue]:
    return {name: _rounded_value(value) for name, value in evidence.items()}


def _rounded_value(value: JSONValue) -> JSONValue:
    if isinstance(value, float):
        return round(float(value), SCORE_DIGITS)
    if isinstance(value, Mapping):
        return _rounded(value)
    if isinstance(value, list | tuple):
        return [_rounded_value(item) for item in value]
    return value


def ramp(value: float, zero: float, full: float) -> float:
    """Return how far `value` is on the way from `zero` (0) to `full` (1), clipped; `zero` may be the larger one.

    A value that is no number counts as 0.
    """
    if not math.isfinite(value):
        return 0.0
    if zero == full:
        raise JudgeFaultError("A ramp needs two different ends.")
    return min(max((value - zero) / (full - zero), 0.0), 1.0)
