"""One run: a policy and a scenario, step by step. `view` says what is seen, `apply` acts and lets time pass."""

from collections.abc import Mapping, Sequence

import numpy as np

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.actions import Action, Refusal, actions_from_json
from shipworthy.simulator.clockwork import STEPS_PER_HOUR
from shipworthy.simulator.controls import Controls, Diary
from shipworthy.simulator.errors import RunOverError
from shipworthy.simulator.exercises import Exercise, exercise_of
from shipworthy.simulator.history import CANDIDATE, FALLBACK, STABLE, History
from shipworthy.simulator.observation import Figures, Observation
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.view import InputReading, VersionView, View


class Run:
    """A run of one scenario. Deterministic: the same scenario and actions give the same views and outcomes."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.exercise: Exercise = exercise_of(scenario.exercise)
        self.controls = Controls(scenario, self.exercise)
        self.step = 0
        self._observation = Observation(scenario.seed, self.exercise, self.controls.production)
        self._names = tuple(segment.name for segment in self.exercise.segments)
        self._spent = self._arrived = self._lost = 0.0
        self._view: View | None = None

    @property
    def over(self) -> bool:
        """Say whether the simulated time is over."""
        return self.step >= self.exercise.steps

    @property
    def history(self) -> History:
        """Return the truth so far; not for policies."""
        return self.controls.production.history

    @property
    def diary(self) -> Diary:
        """Return what was done so far."""
        return self.controls.diary

    def apply(self, actions: Sequence[Action], steps: int = 1) -> list[Refusal]:
        """Carry out actions and let some steps pass. Bad actions are ignored, kept in the diary, and returned.

        Raises `RunOverError` when the simulated time is over.
        """
        if self.over:
            raise RunOverError(remedy="Ask `over` before each step.")
        refused = self.controls.carry_out(self.step, actions)
        for _ in range(min(steps, self.exercise.steps - self.step)):
            self._advance()
        return refused

    def apply_json(self, value: JSONValue, steps: int = 1) -> list[Refusal]:
        """Do the same with actions in JSON."""
        actions, unread = actions_from_json(value, self.step)
        self.diary.refused += unread
        return unread + self.apply(actions, steps)

    def view(self) -> View:
        """Return what can be seen now. Measurements are drawn only when they are looked at."""
        if self._view is None:
            self._view = self._seen()
        return self._view

    def _advance(self) -> None:
        self.controls.advance(self.step)
        self._count(self.step)
        self.step, self._view = self.step + 1, None
        if self.controls.alerts.rules:
            self.controls.alerts.look(self.view())

    def _count(self, step: int) -> None:
        history = self.history
        self._spent += float(history.spend[step])
        self._arrived += float(history.arrived[step].sum())
        lost = history.failed[step] + history.timed_out[step] + history.shed[step] + history.late[step]
        self._lost += float(lost.sum())

    def _seen(self) -> View:
        production, last = self.controls.production, self.step - 1
        dark = last >= 0 and self._observation.dark(last)
        allowed = self._arrived * (1.0 - self.exercise.slo.availability)
        training = self.controls.training
        return View(
            step=self.step,
            steps=self.exercise.steps,
            stable=self._version(STABLE),
            candidate=self._version(CANDIDATE) if production.candidate is not None else None,
            fallback=self._version(FALLBACK),
            previous=production.previous.name if production.previous else None,
            fallback_share=production.fallback,
            review_share=production.review,
            metrics_missing=dark,
            alerts=self.controls.alerts.firing,
            spend=self._spent,
            budget_left=1.0 - self._lost / allowed if allowed > 0 else 1.0,
            page_open=self.controls.rota.open,
            retraining_ready_in=training.ready_at - self.step if training else None,
            input_readings=lambda: self._inputs(last),
        )

    def _version(self, slot: int) -> VersionView:
        production, last = self.controls.production, self.step - 1
        deployed = production.deployed(slot)
        measured = last >= 0 and self.history.version[last, slot] == deployed.number
        dark = not measured or self._observation.dark(last)
        arrived = float(self.history.arrived[last].sum()) if measured else 0.0
        live = float(np.dot(self.history.arrived[last, slot], self.history.live[last, slot])) if measured else 0.0
        observation = self._observation

        def figures() -> Figures | None:
            return None if dark else observation.figures(last, slot)

        return VersionView(
            name=deployed.version.name,
            traffic=live / arrived if arrived > 0 else 0.0,
            shadow=production.shadow if slot == CANDIDATE else 0.0,
            ready=deployed.pool.ready,
            starting=sum(number for _, number in deployed.pool.starting),
            utilisation=float(self.history.utilisation[last, slot]) if measured else 0.0,
            queue=int(self.history.queued[last, slot].sum()) if measured else 0,
            memory=deployed.memory,
            age_hours=deployed.age / STEPS_PER_HOUR,
            figures=figures,
            names=self._names,
        )

    def _inputs(self, last: int) -> Mapping[str, InputReading]:
        if last < 0 or self._observation.dark(last):
            return {}
        psi, nulls = self._observation.inputs(last)
        age = float(self.controls.production.effects.age[last])
        names = self.exercise.features
        return {name: InputReading(float(psi[at]), float(nulls[at]), age) for at, name in enumerate(names)}
