"""Production itself: which version serves which requests, and what becomes of them, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shipworthy.simulator.deployments import Deployment, deploy
from shipworthy.simulator.drift import Effects, effects_of
from shipworthy.simulator.errors import SimulationError
from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.history import CANDIDATE, FALLBACK, STABLE, blank_history
from shipworthy.simulator.incidents import Incident
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.streams import stream
from shipworthy.simulator.traffic import Floats, arrivals
from shipworthy.simulator.truth import Truth, chance_bad, chance_failing
from shipworthy.simulator.versions import Version, fallback_version, stable_version


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
        self._usual = arrivals(exercise.traffic, exercise.segments, self.steps, stream(scenario.seed, "traffic"))
        self._feel_surge()
        self.history = blank_history(self.steps, self.width)
        self.truth = Truth(exercise, self.history)
        self.seen = self._totals[0]
        self._nothing = np.zeros(self.width)
        self.shares, self.shadow, self.shift = self._nothing, 0.0, None
        self.fallback = self.review = 0.0
        self.deployments: list[Deployment | None] = [None, None, None]
        self.deployments[STABLE] = self._fresh(stable_version(self.width, len(exercise.features)), self.seen)
        self.deployments[FALLBACK] = self._fresh(fallback_version(self.width, len(exercise.features)), 0.0)
        self.previous: Version | None = None
        self.promoted_at: int | None = None
        self.returning: tuple[int, Deployment] | None = None

    shares: Floats
    shift: Shift | None

    def _effects(self) -> Effects:
        return effects_of(self.incidents, self.steps, self.width, len(self.exercise.features))

    def _feel_surge(self) -> None:
        self.arriving = self._usual * self.effects.surge[:, None]
        self._totals: list[float] = self.arriving.sum(axis=1).tolist()

    def _fresh(self, version: Version, expected: float) -> Deployment:
        """Return a new deployment of a version with replicas for the requests that are expected in a step."""
        self.truth.versions.append(version)
        self.truth.chances.append(chance_bad(version, self.effects, self.exercise.retraining.slope))
        failing = chance_failing(version, self.effects)
        fresh = deploy(version, len(self.truth.versions) - 1, self.exercise.capacity, failing)
        fresh.pool.ready = fresh.pool.wanted(expected, fresh.per_replica)
        return fresh

    def deployed(self, slot: int) -> Deployment:
        """Return what is deployed in a slot. Raises `SimulationError` for an empty one."""
        found = self.deployments[slot]
        if found is None:
            raise SimulationError(f"Nothing is deployed in slot {slot}.")
        return found

    @property
    def stable(self) -> Deployment:
        """Return what is deployed as stable."""
        return self.deployed(STABLE)

    @property
    def candidate(self) -> Deployment | None:
        """Return what is deployed as candidate, if anything."""
        return self.deployments[CANDIDATE]

    # what can be done to it

    def offer(self, step: int, version: Version) -> None:
        """Deploy a version as the candidate, without traffic."""
        self.withdraw(step)
        self.deployments[CANDIDATE] = self._fresh(version, 0.0)

    def set_shares(self, step: int, shares: Floats) -> None:
        """Send shares of each segment's traffic to the candidate: less at once, more when replicas are ready."""
        if self.shift is not None and np.array_equal(self.shift.shares, shares):
            return
        more = bool((shares > self.shares).any())
        self.shares = np.minimum(self.shares, shares)
        self.shift = Shift(step + self.exercise.capacity.start_up + 1, shares) if more else None

    def promote(self, step: int) -> None:
        """Make the candidate stable when its replicas are ready."""
        self.set_shares(step, np.ones(self.width))
        self.promoted_at = self.shift.step if self.shift else step

    def withdraw(self, step: int) -> None:
        """Take the candidate away for good; requests that wait for it are lost."""
        if self.candidate is not None:
            self.candidate.drop_queue(step, CANDIDATE, self.history)
        self._clear_candidate()

    def _clear_candidate(self) -> None:
        self.deployments[CANDIDATE] = None
        self.shares, self.shadow, self.shift, self.promoted_at = self._nothing, 0.0, None, None

    def go_back(self, step: int) -> None:
        """Bring back the version that was stable before, when its replicas are ready."""
        if self.previous is not None and self.returning is None:
            back = self._fresh(self.previous, self.seen)
            self.returning = (step + self.exercise.capacity.start_up + 1, back)

    def repair(self, incident: Incident, step: int) -> None:
        """End an incident at a step."""
        self.incidents[self.incidents.index(incident)] = replace(incident, stop=step)
        self.effects = self._effects()
        self._feel_surge()
        for number, version in enumerate(self.truth.versions):
            self.truth.chances[number] = chance_bad(version, self.effects, self.exercise.retraining.slope)
        for deployed in (*self.deployments, self.returning[1] if self.returning else None):
            if deployed is not None:
                deployed.failing = chance_failing(deployed.version, self.effects)

    def charge(self, step: int, money: float) -> None:
        """Add money that was spent at once."""
        self.history.charged[step] += money

    # time

    def advance(self, step: int) -> None:
        """Let one step pass."""
        self._take_effect(step)
        self._scale(step)
        arriving, total = self.arriving[step], self._totals[step]
        if self.fallback > 0.0:
            self._serve(step, FALLBACK, arriving * self.fallback, total * self.fallback)
            arriving, total = arriving * (1.0 - self.fallback), total * (1.0 - self.fallback)
        else:
            self._serve(step, FALLBACK, self._nothing, 0.0)
        if self.candidate is None:
            self._serve(step, STABLE, arriving, total)
        else:
            self._split(step, arriving, total)
        if self.review > 0.0:
            self._review(step)
        self.seen = self._totals[step]

    def _split(self, step: int, arriving: Floats, total: float) -> None:
        """Serve one step with stable and candidate, and with copies for the candidate's shadow traffic."""
        toward = arriving * self.shares
        both = toward + arriving * self.shadow if self.shadow > 0.0 else toward
        live = float(toward.sum())
        np.divide(toward, both, out=self.history.live[step, CANDIDATE], where=both > 0)
        self._serve(step, STABLE, arriving - toward, total - live)
        self._serve(step, CANDIDATE, both, live + total * self.shadow)

    def _take_effect(self, step: int) -> None:
        if self.shift is not None and step >= self.shift.step:
            self.shares, self.shift = self.shift.shares, None
        if self.promoted_at is not None and step >= self.promoted_at and self.candidate is not None:
            self.stable.drop_queue(step, STABLE, self.history)
            self.previous, self.deployments[STABLE] = self.stable.version, self.candidate
            self._clear_candidate()
        if self.returning is not None and step >= self.returning[0]:
            self.stable.drop_queue(step, STABLE, self.history)
            self.deployments[STABLE], self.returning, self.previous = self.returning[1], None, None

    def _scale(self, step: int) -> None:
        """Let the autoscaler look at the traffic of the step before.

        While there is a candidate, stable keeps replicas for all traffic, so that a rollback is always possible.
        """
        rest = self.seen * (1.0 - self.fallback)
        self._adjust(step, STABLE, rest)
        if self.candidate is not None:
            shares = self.shares if self.shift is None else np.maximum(self.shares, self.shift.shares)
            toward = float((self.arriving[max(0, step - 1)] * shares).sum()) * (1.0 - self.fallback)
            self._adjust(step, CANDIDATE, toward + rest * self.shadow)
        self._adjust(step, FALLBACK, self.seen * self.fallback)

    def _adjust(self, step: int, slot: int, demand: float) -> None:
        deployed = self.deployed(slot)
        deployed.pool.adjust(step, demand, deployed.per_replica)

    def _serve(self, step: int, slot: int, arrived: Floats, total: float) -> None:
        self.deployed(slot).serve_step(step, slot, arrived, total, self.history)

    def _review(self, step: int) -> None:
        answered = float((self.history.ok[step] * self.history.live[step]).sum())
        possible = self.exercise.people.reviews_per_step / answered if answered > 0 else 0.0
        self.history.reviewed[step] = min(self.review, possible)


def worth_paging(incidents: Sequence[Incident], step: int) -> bool:
    """Say whether something goes on that a person should know of."""
    return any(incident.active(step) and (incident.harmful or incident.repairable) for incident in incidents)
