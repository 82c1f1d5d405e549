"""Reference policies for rollouts, from the plainest to one that sees the truth."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shipworthy.simulator.actions import Action, Page, Promote, RollBack, SetCapacity, SetTraffic
from shipworthy.simulator.clockwork import STEPS_PER_DAY, STEPS_PER_HOUR
from shipworthy.simulator.incidents import IncidentKind
from shipworthy.simulator.policies.sequential import MixtureTest
from shipworthy.simulator.readings import Reading
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.view import VersionView, View

HOUR = STEPS_PER_HOUR
CROWDED = 0.85
"""Above this utilisation errors and lateness say more of the crowd than of the version."""
SPIKE, OUTAGE = IncidentKind.TRAFFIC_SPIKE, IncidentKind.UPSTREAM_OUTAGE


class NeverShip:
    """Leaves every candidate without traffic."""

    def decide(self, view: View) -> Sequence[Action]:  # noqa: ARG002
        """Do nothing."""
        return ()


class ShipAll:
    """Promotes every candidate at once and never looks back."""

    def decide(self, view: View) -> Sequence[Action]:
        """Promote what is offered."""
        return (Promote(),) if view.candidate is not None else ()


class FixedCanary:
    """Raises the candidate's share hour by hour and rolls back when fixed limits stay passed.

    The usual recipe of progressive delivery: 5, 25 and 50 % for an hour each; at most 2 % errors and 500 ms at p95 over
    all segments, also for two days after the promotion. A failed check holds it, five in a row end it, a number that
    examples of Flagger use. It compares with nothing, and looks at no labels, no segments and no memory.
    """

    STAGES = (0.05, 0.25, 0.5)
    ERRORS, P95_MS = 0.02, 500.0
    FAILURES = 5

    def __init__(self) -> None:
        self._stage = 0
        self._since = 0
        self._failures = 0

    def decide(self, view: View) -> Sequence[Action]:
        """Go on to the next stage after an hour within the limits."""
        watched = view.candidate or (view.stable if view.previous is not None else None)
        if watched is None or (view.candidate is None and view.step - self._since > 2 * STEPS_PER_DAY):
            return ()
        self._failures = self._failures + 1 if self._beyond(watched.overall) else 0
        if self._failures == self.FAILURES:
            return (RollBack("beyond the limits"),)
        if view.candidate is None or self._failures or (self._stage and view.step - self._since < HOUR):
            return ()
        self._since, self._stage = view.step, self._stage + 1
        if self._stage > len(self.STAGES):
            return (Promote(),)
        return (SetTraffic(self.STAGES[self._stage - 1]),)

    def _beyond(self, reading: Reading) -> bool:
        return (reading.error_rate or 0.0) > self.ERRORS or (reading.p95_ms or 0.0) > self.P95_MS


@dataclass
class Comparison:
    """All that a sequential canary knows of a candidate against stable, over all segments and in each."""

    errors: MixtureTest = field(default_factory=lambda: MixtureTest(mixture=0.01**2))
    late: MixtureTest = field(default_factory=lambda: MixtureTest(mixture=0.02**2))
    bad: dict[str, MixtureTest] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)

    def add(self, candidate: VersionView, stable: VersionView) -> None:
        """Take in a step of both."""
        one, other = candidate.overall, stable.overall
        if not one.requests or not other.requests:
            return
        if max(candidate.utilisation, stable.utilisation) < CROWDED:
            self._add_answers(one, other)
        for name in ("", *candidate.segments):
            here, there = candidate.reading(name or None), stable.reading(name or None)
            test = self.bad.setdefault(name, MixtureTest(mixture=0.05**2))
            test.add(here.labelled_bad, here.labelled, there.labelled_bad, there.labelled)
        self.memory.append(candidate.memory)

    def _add_answers(self, one: Reading, other: Reading) -> None:
        self.errors.add(one.errors, one.requests, other.errors, other.requests)
        self.late.add(one.late, one.requests, other.late, other.requests)

    def fault(self) -> str | None:
        """Return what is surely worse than in stable, if anything is."""
        if self.errors.above(0.001):
            return "more errors than stable"
        if self.late.above(0.001) and self.late.difference > 0.01:
            return "slower than stable"
        for name, test in self.bad.items():
            if test.above(0.001):
                return f"worse answers than stable {name}".strip()
        return "memory grows" if self.leaks() else None

    def leaks(self) -> bool:
        """Say whether memory has grown by more than what is usual between two hours."""
        if len(self.memory) < 4 * HOUR:
            return False
        return sum(self.memory[-HOUR:]) / HOUR - sum(self.memory[:HOUR]) / HOUR > 0.06

    def sound(self) -> bool:
        """Say whether enough labels say that the candidate is not worse, anywhere."""
        whole = self.bad.get("")
        if whole is None or not whole.below(0.015, 2.0):
            return False
        return all(test.below(0.07, 2.0) for test in self.bad.values())


class SequentialCanary:
    """Compares the candidate with stable at the same time, by sequential tests, per segment, and waits for labels.

    Stages of 5 % (an hour), 25 % (until labels have come and every segment is cleared, at most 18 hours) and 50 % (an
    hour). Errors, late and bad answers are compared by mixture sequential probability ratio tests (Johari et al. 2015),
    memory by its growth. For three days after the promotion memory is watched. What hits both versions is no
    fault of the candidate: then somebody is paged.
    """

    PATIENCE = 18 * HOUR
    WATCH = 3 * STEPS_PER_DAY

    def __init__(self) -> None:
        self._comparison = Comparison()
        self._stage = 0
        self._since = 0
        self._bad_steps = 0

    def decide(self, view: View) -> Sequence[Action]:
        """Go on, go back, or wait."""
        return (*self._called(view), *self._shipped(view))

    def _called(self, view: View) -> Sequence[Action]:
        rate = view.stable.overall.error_rate
        self._bad_steps = self._bad_steps + 1 if rate is not None and rate > 0.015 else 0
        return (Page("errors in stable"),) if self._bad_steps == 3 else ()

    def _shipped(self, view: View) -> Sequence[Action]:
        if view.candidate is None:
            return self._watched(view)
        self._comparison.add(view.candidate, view.stable)
        fault = self._comparison.fault()
        if fault is not None:
            return (RollBack(fault),)
        held = view.step - self._since
        stages = (True, held >= HOUR, held >= 2 * HOUR and (self._comparison.sound() or held > self.PATIENCE))
        if self._stage < 3 and stages[self._stage]:
            self._stage, self._since = self._stage + 1, view.step
            return (SetTraffic((0.05, 0.25, 0.5)[self._stage - 1]),)
        if self._stage == 3 and held >= HOUR:
            self._stage, self._since = 4, view.step
            return (Promote(),)
        return ()

    def _watched(self, view: View) -> Sequence[Action]:
        if self._stage < 4 or view.previous is None or view.step - self._since > self.WATCH:
            return ()
        self._comparison.memory.append(view.stable.memory)
        return (RollBack("memory grows"),) if self._comparison.leaks() else ()


class RolloutOracle:
    """Knows the scenario: ships what is good at once, withdraws what is bad at once, pages when an outage
    begins, and has replicas ready for a spike."""

    def __init__(self, scenario: Scenario) -> None:
        self._good = {release.version.name: release.good for release in scenario.releases}
        self._spikes = {each.start - HOUR: each.size for each in scenario.incidents if each.kind is SPIKE}
        self._pages = {each.start for each in scenario.incidents if each.kind is OUTAGE}

    def decide(self, view: View) -> Sequence[Action]:
        """Do what is best in the light of the truth."""
        actions: list[Action] = []
        if view.step in self._spikes:
            floor = round(self._spikes[view.step] * max(view.stable.ready, 5))
            actions += [SetCapacity(slot, floor) for slot in ("stable", "candidate") if view.version(slot)]
        if view.step in self._pages:
            actions.append(Page("an outage begins"))
        if view.candidate is not None:
            actions.append(Promote() if self._good[view.candidate.name] else RollBack("it is bad"))
        return actions
