"""Reference policies for drift, from the plainest to one that sees the truth."""

from collections import deque
from collections.abc import Sequence
from math import sqrt

from shipworthy.simulator.actions import Action, Page, Promote, Retrain, SetFallback
from shipworthy.simulator.clockwork import STEPS_PER_DAY, STEPS_PER_HOUR, STEPS_PER_WEEK
from shipworthy.simulator.exercises import exercise_of
from shipworthy.simulator.incidents import DRIFTS, Incident, IncidentKind
from shipworthy.simulator.policies.sequential import Cusum
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.view import View

HOUR, DAY, WEEK = STEPS_PER_HOUR, STEPS_PER_DAY, STEPS_PER_WEEK


def promoted(view: View) -> Sequence[Action]:
    """Return the promotion of what was trained, if something was."""
    return (Promote(),) if view.candidate is not None and view.candidate.traffic == 0.0 else ()


class NeverRetrain:
    """Leaves everything as it is."""

    def decide(self, view: View) -> Sequence[Action]:  # noqa: ARG002
        """Do nothing."""
        return ()


class RetrainWeekly:
    """Retrains once a week on the week's labels, whatever happens, and ships what comes out."""

    def decide(self, view: View) -> Sequence[Action]:
        """Retrain when a week is over."""
        return (*promoted(view), *((Retrain(7.0),) if view.step and view.step % WEEK == 0 else ()))


class PageOnAnyChange:
    """Pages somebody whenever a feature's stability index is above 0.2, or anything else about inputs looks unusual.

    A limit of 0.2 or 0.25 is customary for a shift that calls for action (Siddiqi, N.: Credit risk scorecards, Wiley,
    2006). It knows no seasons, and a person who is paged retrains nothing.
    """

    def decide(self, view: View) -> Sequence[Action]:
        """Page unless somebody is on it."""
        if view.page_open:
            return ()
        inputs = view.inputs.values()
        if any(each.psi > 0.2 or each.null_rate > 0.05 or each.age_minutes > 60.0 for each in inputs):
            return (Page("inputs have changed"),)
        return ()


class SeasonalBaseline:
    """Says since when a feature's index has been unlike the same hours of the weeks before."""

    def __init__(self, limit: float = 0.12) -> None:
        self._limit = limit
        self._weeks: dict[str, deque[float]] = {}
        self.since: int | None = None

    def add(self, view: View) -> None:
        """Take in the indices of a step."""
        odd = False
        for name, reading in view.inputs.items():
            series = self._weeks.get(name)
            if series is None:
                series = self._weeks[name] = deque(maxlen=WEEK)
            if len(series) == WEEK and abs(reading.psi - series[0]) > self._limit:
                odd = True
            series.append(reading.psi)
        if view.inputs:
            self.since = (self.since or view.step) if odd else None


class SeasonalCusum:
    """Retrains when labels say that answers are worse, and pages when the pipeline is broken.

    Labels are watched by a cumulative sum (Page 1954) of hourly standardised counts of bad answers against the rate of
    the first week. Stability indices are compared with the same hour a week before, so that seasons are no news; they
    tell since when labels are of the new kind. Nulls, stale features and missing labels are for people; while features
    are broken the fallback answers. Never retrains on hours in which features were broken.
    """

    USUAL = 0.05
    FEWEST_LABELS = 0.005

    def __init__(self) -> None:
        self._inputs = SeasonalBaseline()
        self._cusum = Cusum(slack=1.5, limit=10.0)
        self._labels: list[tuple[int, int]] = []
        self._changed: int | None = None
        self._silent = 0
        self._broken_until = -WEEK
        self._again_at: int | None = None

    def decide(self, view: View) -> Sequence[Action]:
        """Look at the pipeline first, then at the labels."""
        nulls = stale = False
        for each in view.inputs.values():
            nulls, stale = nulls or each.null_rate > 0.05, stale or each.age_minutes > 60.0
        broken = nulls or stale
        self._inputs.add(view)
        ready = promoted(view)
        actions = [*ready, *self._mended(view, nulls=nulls, broken=broken)]
        if ready:
            self._cusum.height, self._labels = 0.0, []
        if not broken and not view.metrics_missing:
            actions += self._retrained(view)
        return actions

    def _mended(self, view: View, *, nulls: bool, broken: bool) -> list[Action]:
        reading = view.stable.overall
        few = reading.labelled < self.FEWEST_LABELS * reading.requests
        self._silent = self._silent + 1 if few and view.stable.age_hours > 36.0 else 0
        actions: list[Action] = []
        if broken:
            self._broken_until = view.step
        wanted = 1.0 if nulls else 0.0
        if view.fallback_share != wanted:
            actions.append(SetFallback(wanted))
        if not view.page_open and (broken or self._silent == 6 * HOUR):
            actions.append(Page("features are broken" if broken else "no labels"))
        return actions

    def _retrained(self, view: View) -> list[Action]:
        reading = view.stable.overall
        self._labels.append((reading.labelled, reading.labelled_bad))
        if self._again_at is not None and view.step >= self._again_at and view.retraining_ready_in is None:
            self._again_at = None
            return [Retrain(self._days(view))]
        if len(self._labels) < HOUR:
            return []
        total, bad = (sum(each) for each in zip(*self._labels, strict=True))
        self._labels = []
        if not total or view.step - self._broken_until < 2 * DAY:
            return []
        fired = self._cusum.add((bad - total * self.USUAL) / sqrt(total * self.USUAL * (1.0 - self.USUAL)))
        if not fired or view.retraining_ready_in is not None or view.candidate is not None:
            return []
        self._changed = self._inputs.since or view.step - DAY
        self._cusum.height, self._again_at = 0.0, view.step + 2 * DAY
        return [Retrain(self._days(view))]

    def _days(self, view: View) -> float:
        """Return how many days of labels are of the time after the change."""
        changed = view.step if self._changed is None else self._changed
        return min(7.0, max(0.25, (view.step - DAY - changed) / DAY))


class DriftOracle:
    """Knows the scenario: pages when something breaks that people can mend, retrains on labels from after a drift."""

    def __init__(self, scenario: Scenario) -> None:
        delay = exercise_of(scenario.exercise).labels.delay
        self._pages = {each.start for each in scenario.incidents if each.repairable}
        self._trainings: dict[int, float] = {}
        for incident in scenario.incidents:
            if incident.kind in DRIFTS:
                self._trainings.update(_trainings(incident, delay))

    def decide(self, view: View) -> Sequence[Action]:
        """Do what is best in the light of the truth."""
        actions = [*promoted(view)]
        if view.step in self._pages:
            actions.append(Page("it breaks now"))
        if view.step in self._trainings:
            actions.append(Retrain(self._trainings[view.step]))
        return actions


def _trainings(incident: Incident, delay: int) -> dict[int, float]:
    """Return at which steps to retrain after a drift begins, and on how many days of labels."""
    if incident.kind is IncidentKind.GRADUAL_DRIFT:
        return {incident.start + delay + day * DAY: 0.25 for day in range(1, 9)} | {incident.start + 10 * DAY: 1.5}
    after = (3 * HOUR, DAY, 4 * DAY, 7 * DAY)
    return {incident.start + delay + steps: min(3.0, max(0.1, steps / DAY)) for steps in after}
