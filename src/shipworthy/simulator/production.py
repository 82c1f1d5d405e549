"""Production itself: which version serves which requests, and what becomes of them, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shipworthy.simulator.clockwork import STEPS_PER_HOUR
from shipworthy.simulator.deployments import Deployment, deploy
from shipworthy.simulator.drift import Effects, effects_of
from shipworthy.simulator.errors import SimulationError
from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.history import CANDIDATE, FALLBACK, STABLE, blank_history
from shipworthy.simulator.incidents import Incident
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.streams import stream
from shipworthy.simulator.traffic import Floats, arrivals
from shipworthy.simulator.versions import Version, fallback_version, stable_version

REVIEW_CATCHES = 0.9
MOST_BAD = 0.95


@dataclass(frozen=True)
class Shift:
    """A change of the candidate's shares that takes effect at a step."""

    step: int
    shares: Floats


class Production:
    """The versions that are deployed, the traffic between them, and the truth about every step so far."""

    def __init__(self, scenario: Scenario, exercise: Exercise) -> None:
        self.exercise, self.incidents = exercise, list(scenario.incidents)
        self.steps, self.width = exercise.steps, len(exercise.segments)
        self.effects: Effects = self._effects()
        self._factors = np.log(np.array([segment.latency for segment in exercise.segments]))
        self.arriving = arrivals(exercise.traffic, exercise.segments, self.steps, stream(scenario.seed, "traffic"))
        self.history = blank_history(self.steps, self.width)
        self.versions: list[Version] = []
        expected = float(self.arriving[0].sum())
        self.deployments: list[Deployment | None] = [None, None, None]
        self.deployments[STABLE] = self._deployed(stable_version(self.width, len(exercise.features)), expected)
        self.deployments[FALLBACK] = self._deployed(fallback_version(self.width, len(exercise.features)), 0.0)
        self.previous: Version | None = None
        self.shares = np.zeros(self.width)
        self.shadow = self.fallback = self.review = 0.0
        self.shift: Shift | None = None
        self.promoted_at: int | None = None
        self.returning: tuple[int, Deployment] | None = None
        self.seen = self.arriving[0].copy()

    def _effects(self) -> Effects:
        return effects_of(self.incidents, self.steps, self.width, len(self.exercise.features))

    def _deployed(self, version: Version, expected: float) -> Deployment:
        self.versions.append(version)
        fresh = deploy(
            version, len(self.versions) - 1, self.exercise.capacity, self._factors, self.exercise.slo.late_ms
        )
        fresh.pool.ready = fresh.pool.wanted(expected, fresh.per_replica)
        return fresh

    @property
    def stable(self) -> Deployment:
        """Return what is deployed as stable."""
        return self.deployed(STABLE)

    def deployed(self, slot: int) -> Deployment:
        """Return what is deployed in a slot. Raises `SimulationError` for an empty one."""
        found = self.deployments[slot]
        if found is None:
            raise SimulationError(f"Nothing is deployed in slot {slot}.")
        return found

    @property
    def candidate(self) -> Deployment | None:
        """Return what is deployed as candidate, if anything."""
        return self.deployments[CANDIDATE]

    # what can be done to it

    def offer(self, version: Version) -> None:
        """Deploy a version as the candidate, without traffic."""
        self.deployments[CANDIDATE] = self._deployed(version, 0.0)
        self.shares, self.shadow, self.shift = np.zeros(self.width), 0.0, None

    def set_shares(self, step: int, shares: Floats) -> None:
        """Send shares of each segment's traffic to the candidate: less at once, more when replicas are ready."""
        self.shares = np.minimum(self.shares, shares)
        self.shift = Shift(step + self.exercise.capacity.start_up + 1, shares) if (shares > self.shares).any() else None

    def promote(self, step: int) -> None:
        """Make the candidate stable when its replicas are ready."""
        self.set_shares(step, np.ones(self.width))
        self.promoted_at = self.shift.step if self.shift else step

    def withdraw(self) -> None:
        """Take the candidate away for good."""
        self.deployments[CANDIDATE] = None
        self.shares, self.shadow, self.shift, self.promoted_at = np.zeros(self.width), 0.0, None, None

    def go_back(self, step: int) -> None:
        """Bring back the version that was stable before, when its replicas are ready."""
        if self.previous is not None and self.returning is None:
            back = self._deployed(self.previous, float(self.seen.sum()))
            self.returning = (step + self.exercise.capacity.start_up + 1, back)

    def repair(self, incident: Incident, step: int) -> None:
        """End an incident at a step."""
        place = self.incidents.index(incident)
        self.incidents[place] = replace(incident, stop=step)
        self.effects = self._effects()

    # time

    def advance(self, step: int) -> None:
        """Let one step pass."""
        self._take_effect(step)
        arriving = self.arriving[step] * self.effects.surge[step]
        rest = arriving * (1.0 - self.fallback)
        toward = rest * self.shares
        outage = float(self.effects.outage[step])
        self._scale(step)
        self._serve(step, STABLE, rest - toward, 1.0, outage)
        self._serve(step, FALLBACK, arriving - rest, 1.0, outage)
        if self.candidate is not None:
            copied = rest * self.shadow
            both = toward + copied
            live = np.divide(toward, both, out=np.zeros(self.width), where=both > 0)
            self._serve(step, CANDIDATE, both, live, outage)
        self._review(step)
        self._spend(step)
        self.seen = arriving

    def _take_effect(self, step: int) -> None:
        if self.shift is not None and step >= self.shift.step:
            self.shares, self.shift = self.shift.shares, None
        if self.promoted_at is not None and step >= self.promoted_at and self.candidate is not None:
            self.previous, self.deployments[STABLE] = self.stable.version, self.candidate
            self.withdraw()
        if self.returning is not None and step >= self.returning[0]:
            self.deployments[STABLE], self.returning, self.previous = self.returning[1], None, None

    def _scale(self, step: int) -> None:
        """Let the autoscaler look at the traffic of the step before.

        While there is a candidate, stable keeps replicas for all traffic, so that a rollback is always possible.
        """
        total = float(self.seen.sum())
        rest = total * (1.0 - self.fallback)
        if self.candidate is None:
            self._adjust(step, STABLE, rest)
        else:
            self._adjust(step, STABLE, rest)
            shares = self.shares if self.shift is None else np.maximum(self.shares, self.shift.shares)
            toward = float((self.seen * shares).sum()) * (1.0 - self.fallback)
            self._adjust(step, CANDIDATE, toward + rest * self.shadow)
        self._adjust(step, FALLBACK, total * self.fallback)

    def _adjust(self, step: int, slot: int, demand: float) -> None:
        deployed = self.deployments[slot]
        if deployed is not None:
            deployed.pool.adjust(step, demand, deployed.per_replica)

    def _serve(self, step: int, slot: int, arrived: Floats, live: float | Floats, outage: float) -> None:
        deployed = self.deployments[slot]
        if deployed is None:
            return
        version = deployed.version
        gap = np.abs(self.effects.concept[step] - deployed.learned) * self.exercise.retraining.slope
        worse = (gap + self.effects.broken[step]) * version.reliance
        self.history.bad[step, slot] = np.minimum(deployed.bad + worse, MOST_BAD)
        self.history.live[step, slot] = live
        deployed.step(step, slot, arrived, outage, self.history)

    def _review(self, step: int) -> None:
        if self.review > 0.0:
            answered = float((self.history.ok[step] * self.history.live[step]).sum())
            possible = self.exercise.people.reviews_per_step / answered if answered > 0 else 0.0
            self.history.reviewed[step] = min(self.review, possible)

    def _spend(self, step: int) -> None:
        prices, history = self.exercise.prices, self.history
        replicas = float(history.ready[step].sum())
        spent = replicas * prices.replica_hour / STEPS_PER_HOUR
        for slot, deployed in enumerate(self.deployments):
            if deployed is not None:
                spent += float(history.arrived[step, slot].sum()) * deployed.version.cost
        reviewed = float(history.reviewed[step, STABLE])
        if reviewed > 0.0:
            spent += reviewed * float((history.ok[step] * history.live[step]).sum()) * prices.review
        history.spend[step] += spent

    def charge(self, step: int, money: float) -> None:
        """Add money that was spent at once."""
        self.history.spend[min(step, self.steps - 1)] += money


def worth_paging(incidents: Sequence[Incident], step: int) -> bool:
    """Say whether something goes on that a person should know of."""
    return any(incident.active(step) and (incident.harmful or incident.repairable) for incident in incidents)
