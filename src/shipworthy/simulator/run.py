"""One run: a policy and a scenario, step by step. `view` says what is seen, `apply` acts and lets time pass."""

from collections.abc import Mapping, Sequence

import numpy as np

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.actions import Action, Refusal, actions_from_json
from shipworthy.simulator.clockwork import STEPS_PER_HOUR
from shipworthy.simulator.controls import Controls, Diary
from shipworthy.simulator.errors import RunOverError
from shipworthy.simulator.exercises import Exercise, exercise_of
from shipworthy.simulator.history import CANDIDATE, STABLE, History
from shipworthy.simulator.observation import Observation
from shipworthy.simulator.readings import Columns
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.truth import Truth
from shipworthy.simulator.view import InputReading, Setting, Standing, View


class Run:
    """A run of one scenario. Deterministic: the same scenario and actions give the same views and outcomes."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.exercise: Exercise = exercise_of(scenario.exercise)
        self.controls = Controls(scenario, self.exercise)
        self.step, self.steps = 0, self.exercise.steps
        self._sight = Measuring(self.controls, Observation(scenario.seed, self.exercise, self.controls.production))
        self._view: View | None = None

    @property
    def over(self) -> bool:
        """Say whether the simulated time is over."""
        return self.step >= self.steps

    @property
    def history(self) -> History:
        """Return the truth so far; not for policies."""
        return self.controls.production.history

    @property
    def truth(self) -> Truth:
        """Return what follows from the history; not for policies."""
        return self.controls.production.truth

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
        for _ in range(min(steps, self.steps - self.step)):
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
            self._view = View(self._sight, self.step, self.steps)
        return self._view

    def _advance(self) -> None:
        self.controls.advance(self.step)
        self._sight.step = self.step + 1
        self.step, self._view = self.step + 1, None
        if self.controls.alerts.rules:
            self.controls.alerts.look(self.view())


class Measuring:
    """Looks at the newest step for views. `step` is the number of steps that have passed."""

    def __init__(self, controls: Controls, observation: Observation) -> None:
        self.step = 0
        self.names = tuple(segment.name for segment in controls.exercise.segments)
        self._controls, self._observation = controls, observation
        self._production = controls.production
        self._until = 0
        self._spent = self._arrived = self._missed = 0.0

    def _dark(self) -> bool:
        return self.step > 0 and self._observation.dark(self.step - 1)

    def _measured(self, slot: int) -> bool:
        """Say whether what is in a slot now was there in the last step."""
        deployed = self._production.deployments[slot]
        last = self._production.history.version[self.step - 1, slot]
        return self.step > 0 and deployed is not None and bool(last == deployed.number)

    def columns(self, slot: int) -> Columns | None:
        """Return the measurements of a version per segment; None where there are none."""
        if not self._measured(slot) or self._dark():
            return None
        return self._observation.columns(self.step - 1, slot)

    def standing(self, slot: int) -> Standing | None:
        """Return how a version stands; None for an empty slot."""
        deployed = self._production.deployments[slot]
        if deployed is None:
            return None
        traffic = utilisation = queued = 0.0
        memory = deployed.memory
        if self._measured(slot):
            last, history = self.step - 1, self._production.history
            traffic = self._share(last, slot)
            utilisation = float(history.gauges[last, slot, 2])
            queued = float(deployed.queue.sum()) if deployed.waiting else 0.0
            memory = self._observation.memory(last, slot)
        pool = deployed.pool
        return Standing(
            deployed.version.name,
            traffic,
            self._production.shadow if slot == CANDIDATE else 0.0,
            pool.ready,
            sum(number for _, number in pool.starting) if pool.starting else 0,
            utilisation,
            int(queued),
            memory,
            deployed.age / STEPS_PER_HOUR,
        )

    def _share(self, step: int, slot: int) -> float:
        """Return the share of a step's live traffic that a version got."""
        production, history = self._production, self._production.history
        if slot == STABLE and production.candidate is None and production.fallback == 0.0:
            return 1.0
        live = float(np.dot(history.arrived[step, slot], history.live[step, slot]))
        return live / float(production.arriving[step].sum())

    def inputs(self) -> Mapping[str, InputReading]:
        """Return how the input features look; empty while metrics are missing."""
        if self.step == 0 or self._dark():
            return {}
        age = float(self._production.effects.age[self.step - 1])
        measured = self._observation.inputs(self.step - 1)
        features = zip(self._controls.exercise.features, measured, strict=True)
        return {name: InputReading(psi, nulls, age) for name, (psi, nulls) in features}

    def setting(self) -> Setting:
        """Return what is set and under way."""
        production, training = self._production, self._controls.training
        return Setting(
            previous=production.previous.name if production.previous else None,
            fallback_share=production.fallback,
            review_share=production.review,
            metrics_missing=self._dark(),
            alerts=self._controls.alerts.firing,
            page_open=self._controls.rota.open,
            retraining_ready_in=training.ready_at - self.step if training else None,
        )

    def spending(self) -> tuple[float, float]:
        """Return the money spent so far, and the share of the error budget that is left."""
        self._catch_up()
        allowed = self._arrived * (1.0 - self._controls.exercise.slo.availability)
        return self._spent, 1.0 - self._missed / allowed if allowed > 0 else 1.0

    def _catch_up(self) -> None:
        """Add up what was spent, arrived and missed its objective since somebody last asked."""
        window, history = slice(self._until, self.step), self._production.history
        live = history.live[window]
        self._spent += float(self._production.truth.spend(window).sum())
        self._arrived += float((live * history.arrived[window]).sum())
        missed = history.failed[window] + history.timed_out[window] + history.shed[window]
        self._missed += float((live * (missed + self._production.truth.late(window))).sum())
        self._until = self.step
