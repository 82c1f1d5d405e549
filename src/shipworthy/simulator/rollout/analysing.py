"""How one analysis goes on: it measures when it is due, counts failures in a row, and says how things stand."""

from enum import StrEnum

from shipworthy.simulator.clockwork import STEP_SECONDS
from shipworthy.simulator.rollout.entities import Analysis, Inconclusive, SequentialTest
from shipworthy.simulator.rollout.figures import WHOLE, Measurements, lookup
from shipworthy.simulator.rollout.sequential import SequentialRecord


class Standing(StrEnum):
    """How an analysis stands after its last measurement; a warning is a failure that has not come often enough."""

    RESTING = "resting"
    SUCCESS = "success"
    INCONCLUSIVE = "inconclusive"
    WARNING = "warning"
    FAILURE = "failure"


def steps_of(minutes: int) -> int:
    """Return minutes as steps of five minutes, rounded up."""
    return -(-minutes * 60 // STEP_SECONDS)


class AnalysisRun:
    """An analysis over one rollout. `standing` is how it stands, `failed` names the segments or `all` that failed."""

    def __init__(self, analysis: Analysis, measurements: Measurements) -> None:
        self.analysis = analysis
        self.standing = Standing.RESTING
        self.failed: tuple[str, ...] = ()
        self._measurements = measurements
        segments = measurements.segments
        self._scopes = list(range(1, len(segments) + 1)) if analysis.by_segment else [WHOLE]
        self._names = list(segments) if analysis.by_segment else ["all"]
        self._in_a_row = [0] * len(self._scopes)
        self._record = SequentialRecord(len(self._scopes))
        self._taken = 0

    @property
    def compares(self) -> bool:
        """Whether it needs a stable version with traffic beside the candidate."""
        conditions = (self.analysis.failure, self.analysis.success)
        return self.analysis.test is not None or any(each is not None and each.compares for each in conditions)

    @property
    def blocks(self) -> bool:
        """Whether no step may end as it stands."""
        if self.standing is Standing.INCONCLUSIVE:
            return self.analysis.on_inconclusive is not Inconclusive.IGNORE
        return self.standing in {Standing.FAILURE, Standing.WARNING}

    def rest(self) -> None:
        """Measure nothing for now."""
        self.standing = Standing.RESTING
        self._taken = self._measurements.count

    def measure(self) -> Standing:
        """Measure if it is due, and return how it stands."""
        count = self._measurements.count
        if count >= steps_of(self.analysis.initial_delay) and count % steps_of(self.analysis.interval) == 0:
            found = self._tested(self.analysis.test) if self.analysis.test else self._judged()
            self.standing = self._counted(found)
        return self.standing

    def forget_failures(self) -> None:
        """Begin to count failures anew."""
        self._in_a_row = [0] * len(self._scopes)

    def _judged(self) -> list[Standing]:
        table = self._measurements.window(steps_of(self.analysis.window))
        return [self._judged_scope(table, scope) for scope in self._scopes]

    def _judged_scope(self, table: list[list[list[float]]], scope: int) -> Standing:
        look = lookup(table, scope, self.analysis.min_samples)
        failure, success = self.analysis.failure, self.analysis.success
        fails = failure.holds(look) if failure is not None else False
        if fails:
            return Standing.FAILURE
        succeeds = success.holds(look) if success is not None else True
        return Standing.SUCCESS if succeeds and fails is False else Standing.INCONCLUSIVE

    def _tested(self, test: SequentialTest) -> list[Standing]:
        candidate, stable = self._measurements.since(self._taken, test.metric)
        scopes, self._taken = self._scopes, self._measurements.count
        self._record.add((candidate[0][scopes], candidate[1][scopes]), (stable[0][scopes], stable[1][scopes]))
        verdicts = self._record.verdicts(test.worse_by, test.false_alarm_rate)
        enough = self._record.samples >= self.analysis.min_samples
        failing, cleared = enough & verdicts.worse, enough & verdicts.not_worse
        return [
            Standing.FAILURE if worse else Standing.SUCCESS if not_worse else Standing.INCONCLUSIVE
            for worse, not_worse in zip(failing, cleared, strict=True)
        ]

    def _counted(self, found: list[Standing]) -> Standing:
        """Count failures in a row for each scope, and sum the scopes up: the worst decides."""
        if self.analysis.on_inconclusive is Inconclusive.FAIL:
            found = [Standing.FAILURE if one is Standing.INCONCLUSIVE else one for one in found]
        self._in_a_row = [
            count + 1 if one is Standing.FAILURE else 0 for one, count in zip(found, self._in_a_row, strict=True)
        ]
        limit = self.analysis.consecutive_failures
        self.failed = tuple(name for name, count in zip(self._names, self._in_a_row, strict=True) if count >= limit)
        if self.failed:
            return Standing.FAILURE
        if Standing.FAILURE in found:
            return Standing.WARNING
        return Standing.INCONCLUSIVE if Standing.INCONCLUSIVE in found else Standing.SUCCESS
