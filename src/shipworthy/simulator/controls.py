"""The controls of production: carries out what a policy asks for, and refuses what cannot be done now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shipworthy.simulator.actions import (
    Action,
    Page,
    Promote,
    Refusal,
    Restart,
    Retrain,
    RollBack,
    SetAlert,
    SetCapacity,
    SetFallback,
    SetReview,
    SetShadow,
    SetTraffic,
    fault_of,
)
from shipworthy.simulator.alerts import Alerts
from shipworthy.simulator.deployments import Deployment
from shipworthy.simulator.exercises import Exercise
from shipworthy.simulator.history import SLOTS
from shipworthy.simulator.people import PageTaken, Rota
from shipworthy.simulator.production import Production, worth_paging
from shipworthy.simulator.releases import Release
from shipworthy.simulator.retraining import Training, train
from shipworthy.simulator.scenario import Scenario


@dataclass(frozen=True)
class Done:
    """An action that was carried out, and the step before which it was."""

    step: int
    action: Action


@dataclass
class Diary:
    """What was done in a run and what came of it, for outcomes and the timeline."""

    done: list[Done] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    pages: list[PageTaken] = field(default_factory=list)
    offered: list[tuple[int, Release]] = field(default_factory=list)
    promoted: list[tuple[int, str]] = field(default_factory=list)
    rolled_back: list[tuple[int, str]] = field(default_factory=list)


class RefusedError(ValueError):
    """An action cannot be carried out now; the text says why."""


class Controls:
    """What a policy's actions reach: production, people, alerts and training; with a diary of it all."""

    def __init__(self, scenario: Scenario, exercise: Exercise) -> None:
        self.exercise = exercise
        self.production = Production(scenario, exercise)
        self.diary = Diary()
        self.step = 0
        self.rota = Rota(exercise.people)
        self.alerts = Alerts()
        self.training: Training | None = None
        self.trained = 0
        self._waiting = sorted(scenario.releases, key=lambda release: release.arrives)
        self._names = tuple(segment.name for segment in exercise.segments)

    def carry_out(self, step: int, actions: Sequence[Action]) -> list[Refusal]:
        """Carry out actions before a step. Returns the refusals of those that were ignored."""
        self.step = step
        refused = [refusal for action in actions if (refusal := self._try(step, action)) is not None]
        self.diary.refused += refused
        return refused

    def advance(self, step: int) -> None:
        """Let one step pass."""
        self._offer(step)
        self._put_right(step)
        before = self.production.stable
        self.production.advance(step)
        after = self.production.stable
        if after is not before and after.version is not before.version and self.production.previous is not None:
            self.diary.promoted.append((step, after.version.name))

    def _try(self, step: int, action: Action) -> Refusal | None:
        why = fault_of(action)
        name = str(getattr(action, "kind", "?"))
        if why is None and action.kind not in self.exercise.actions:
            why = f"this exercise has no {name}"
        if why is None:
            try:
                _DEEDS[type(action)](self, action)
            except RefusedError as refused:
                why = str(refused)
        if why is not None:
            return Refusal(step, name, why)
        self.diary.done.append(Done(step, action))
        return None

    def _candidate(self) -> Deployment:
        found = self.production.candidate
        if found is None:
            raise RefusedError("there is no candidate")
        return found

    def _set_traffic(self, action: SetTraffic) -> None:
        self._candidate()
        if self.production.promoted_at is not None:
            raise RefusedError("the candidate is being promoted")
        shift = self.production.shift
        shares = (self.production.shares if shift is None else shift.shares).copy()
        for name in self._names if action.segments is None else action.segments:
            if name not in self._names:
                raise RefusedError(f"there is no segment '{name}'")
            shares[self._names.index(name)] = action.candidate
        self.production.set_shares(self.step, shares)

    def _set_shadow(self, action: SetShadow) -> None:
        self._candidate()
        self.production.shadow = action.share

    def _promote(self, action: Promote) -> None:  # noqa: ARG002
        self._candidate()
        if self.production.promoted_at is None:
            self.production.promote(self.step)

    def _roll_back(self, action: RollBack) -> None:  # noqa: ARG002
        production = self.production
        if production.candidate is not None:
            self.diary.rolled_back.append((self.step, production.candidate.version.name))
            production.withdraw(self.step)
        elif production.previous is not None and production.returning is None:
            self.diary.rolled_back.append((self.step, production.stable.version.name))
            production.go_back(self.step)
        else:
            raise RefusedError("there is nothing to go back from")

    def _slot(self, name: str) -> Deployment:
        found = self.production.deployments[SLOTS[name]]
        if found is None:
            raise RefusedError(f"there is no {name}")
        return found

    def _restart(self, action: Restart) -> None:
        self._slot(action.version).restart()

    def _set_capacity(self, action: SetCapacity) -> None:
        pool, most = self._slot(action.version).pool, self.exercise.capacity.ceiling
        pool.floor = min(action.floor, most)
        pool.ceiling = max(pool.floor, min(most, action.ceiling if action.ceiling is not None else pool.ceiling))

    def _set_fallback(self, action: SetFallback) -> None:
        self.production.fallback = action.share

    def _set_review(self, action: SetReview) -> None:
        self.production.review = action.share

    def _retrain(self, action: Retrain) -> None:
        if self.training is not None:
            raise RefusedError("a training is running")
        self.trained += 1
        self.training = train(self.production, self.step, action.days, f"retrained-{self.trained}")
        self.production.charge(self.step, self.exercise.prices.retraining)

    def _page(self, action: Page) -> None:  # noqa: ARG002
        needed = self._bad_is_live() or worth_paging(self.production.incidents, self.step)
        page = self.rota.call(self.step, needed=needed)
        if page is not None:
            self.diary.pages.append(page)
            self.production.charge(self.step, self.exercise.prices.page)

    def _set_alert(self, action: SetAlert) -> None:
        if action.segment is not None and action.segment not in self._names:
            raise RefusedError(f"there is no segment '{action.segment}'")
        if not self.alerts.set(action):
            raise RefusedError("there are too many alerts")

    def _offer(self, step: int) -> None:
        if self.training is not None and step >= self.training.ready_at:
            self.production.offer(step, self.training.version)
            self.training = None
        if self._waiting and step >= self._waiting[0].arrives and self.production.candidate is None:
            release = self._waiting.pop(0)
            self.production.offer(step, release.version)
            self.diary.offered.append((step, release))

    def _put_right(self, step: int) -> None:
        if not self.rota.finished(step):
            return
        for incident in list(self.production.incidents):
            if incident.repairable and incident.active(step):
                self.production.repair(incident, step)

    def _bad_is_live(self) -> bool:
        """Say whether a bad release has live traffic."""
        bad = [release.version for _, release in self.diary.offered if not release.good]
        candidate = self.production.candidate
        live = [self.production.stable.version]
        if candidate is not None and self.production.shares.any():
            live.append(candidate.version)
        return any(version is other for version in live for other in bad)


_DEEDS: dict[type[Action], Callable[[Controls, Any], None]] = {
    SetTraffic: Controls._set_traffic,
    SetShadow: Controls._set_shadow,
    Promote: Controls._promote,
    RollBack: Controls._roll_back,
    Restart: Controls._restart,
    SetCapacity: Controls._set_capacity,
    SetFallback: Controls._set_fallback,
    SetReview: Controls._set_review,
    Retrain: Controls._retrain,
    Page: Controls._page,
    SetAlert: Controls._set_alert,
}
