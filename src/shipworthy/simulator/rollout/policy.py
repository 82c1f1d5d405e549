"""Carries a declared rollout out: a policy of the simulator, which sees what any policy sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shipworthy.simulator.actions import Action, Page, Promote, Restart, RollBack, SetShadow, SetTraffic
from shipworthy.simulator.rollout.analysing import AnalysisRun, Standing, steps_of
from shipworthy.simulator.rollout.budgeting import BudgetRun
from shipworthy.simulator.rollout.entities import Channel, Happening, Reaction, Rollout, Step
from shipworthy.simulator.rollout.figures import WHOLE, Measurements, lookup
from shipworthy.simulator.view import View

PAGE_AGAIN = 12
"""Steps before the same rule calls somebody again."""


class Phase(StrEnum):
    """How far a rollout is."""

    WAITING = "waiting"
    STEPPING = "stepping"
    BAKING = "baking"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True)
class Told:
    """Something that happened, at a step of the simulation, in words."""

    step: int
    happening: Happening
    words: str


class RolloutPolicy:
    """Decides as a rollout file says, for one release.

    `phase` says how far it is, `told` what happened so far. It begins when a candidate is there, and is over when that
    has been promoted or rolled back.
    """

    def __init__(self, rollout: Rollout, *, name: str = "rollout.yaml") -> None:
        self.name = name
        self.phase = Phase.WAITING
        self.told: list[Told] = []
        self._rollout = rollout
        self._place = -1
        self._entered = 0
        self._paged: dict[str, int] = {}
        self._restarted = 0

    @property
    def held_by(self) -> tuple[str, ...]:
        """The analyses that let no step end as they stand, each with how it stands."""
        if self.phase not in {Phase.STEPPING, Phase.BAKING}:
            return ()
        return tuple(f"{run.analysis.name} ({run.standing.value})" for run in self._runs if run.blocks)

    def decide(self, view: View) -> Sequence[Action]:
        """Return what is done now."""
        if self.phase is Phase.WAITING:
            return self._begin(view) if view.candidate is not None else []
        if self.phase in {Phase.PROMOTED, Phase.ROLLED_BACK}:
            return []
        if view.candidate is None:
            self.phase = Phase.ROLLED_BACK
            return []
        self._measurements.add(view)
        return self._watch(view)

    def _begin(self, view: View) -> list[Action]:
        self._measurements = Measurements(view.steps - view.step, tuple(view.stable.segments))
        self._runs = [AnalysisRun(analysis, self._measurements) for analysis in self._rollout.analyses]
        self._budget = BudgetRun(self._rollout.budget, self._measurements) if self._rollout.budget else None
        self.phase = Phase.STEPPING
        return self._advance(view)

    # one decision

    def _watch(self, view: View) -> list[Action]:
        actions, held = self._analysed(view)
        for found, holds in (self._budgeted(view), self._timed(view), self._restarts(view)):
            actions += found
            held = held or holds
        ending = [action for action in actions if isinstance(action, RollBack)]
        if ending:
            self.phase = Phase.ROLLED_BACK
            others = [action for action in actions if isinstance(action, Page)]
            return [*others, ending[0], *self._notified(view, Happening.ROLLBACK)]
        if not held and self._step_is_over():
            actions += self._advance(view)
        return actions

    def _analysed(self, view: View) -> tuple[list[Action], bool]:
        actions: list[Action] = []
        held = False
        for run in self._runs:
            if self.phase is Phase.BAKING and run.compares:
                run.rest()
                continue
            before, standing = run.standing, run.measure()
            if standing is Standing.INCONCLUSIVE and before is not standing:
                actions += self._tell(view, Happening.INCONCLUSIVE, f"{run.analysis.name} cannot tell")
            if standing is Standing.FAILURE:
                words = f"{run.analysis.name} fails for {', '.join(run.failed)}"
                if before is not standing:
                    actions += self._tell(view, Happening.FAILURE, words)
                actions += self._react(view, run.analysis.on_failure, words)
                if run.analysis.on_failure is Reaction.RESTART:
                    run.forget_failures()
            held = held or run.blocks
        return actions, held

    def _budgeted(self, view: View) -> tuple[list[Action], bool]:
        if self._budget is None:
            return [], False
        rule = self._budget.burning()
        actions: list[Action] = []
        if rule is not None:
            words = f"the error budget burns {rule.rate:g} times too fast"
            actions = self._tell_once(view, Happening.FAILURE, words) + self._react(view, rule.reaction, words)
        frozen = self._budget.frozen
        if frozen:
            actions += self._tell_once(view, Happening.FREEZE, "too little of the error budget is left")
        return actions, frozen or rule is not None

    def _timed(self, view: View) -> tuple[list[Action], bool]:
        deadline = self._rollout.deadline
        late = deadline is not None and self._measurements.count >= steps_of(deadline.after)
        if deadline is None or not late or self.phase is Phase.BAKING:
            return [], False
        if any(told.happening is Happening.DEADLINE for told in self.told):
            return [], False
        words = "the deadline has passed"
        return self._tell(view, Happening.DEADLINE, words) + self._react(view, deadline.reaction, words), False

    def _restarts(self, view: View) -> tuple[list[Action], bool]:
        restart = self._rollout.restart
        if restart is None:
            return [], False
        count = self._measurements.count
        due = bool(restart.every) and count - self._restarted >= steps_of(restart.every)
        if restart.when is not None and count - self._restarted >= steps_of(restart.window):
            table = self._measurements.window(steps_of(restart.window))
            due = due or bool(restart.when.holds(lookup(table, WHOLE, 1)))
        return (self._react(view, Reaction.RESTART, "it is time") if due else []), False

    # what is done

    def _react(self, view: View, reaction: Reaction, why: str) -> list[Action]:
        if reaction is Reaction.ROLLBACK:
            self.told.append(Told(view.step, Happening.ROLLBACK, f"rolled back, because {why}"))
            return [RollBack(why)]
        if reaction is Reaction.PAGE:
            return self._page(view, why)
        if reaction is Reaction.RESTART:
            self._restarted = self._measurements.count
            return [Restart("candidate"), *self._tell(view, Happening.RESTART, why)]
        return self._tell_once(view, Happening.HOLD, why)

    def _page(self, view: View, why: str) -> list[Action]:
        last = self._paged.get(why)
        if view.page_open or (last is not None and view.step - last < PAGE_AGAIN):
            return []
        self._paged[why] = view.step
        return [Page(why)]

    def _tell(self, view: View, happening: Happening, words: str) -> list[Action]:
        self.told.append(Told(view.step, happening, words))
        return self._notified(view, happening, words)

    def _tell_once(self, view: View, happening: Happening, words: str) -> list[Action]:
        """Tell of something that goes on, when it begins."""
        known = any(told.happening is happening and told.words == words for told in self.told)
        return [] if known else self._tell(view, happening, words)

    def _notified(self, view: View, happening: Happening, words: str = "") -> list[Action]:
        wanted = any(rule.send is Channel.PAGE and happening in rule.on for rule in self._rollout.notifications)
        return self._page(view, words or happening.value) if wanted else []

    # from step to step

    def _step_is_over(self) -> bool:
        count = self._measurements.count
        if self.phase is Phase.BAKING:
            return count - self._entered >= steps_of(self._rollout.bake)
        step = self._rollout.steps[self._place]
        if count - self._entered < steps_of(step.pause):
            return False
        requests = self._measurements.requests_since(self._entered)
        fewest = min(requests[1:], default=0.0)
        return requests[WHOLE] >= step.min_requests and fewest >= step.min_requests_per_segment

    def _advance(self, view: View) -> list[Action]:
        self._entered = self._measurements.count
        self._place += 1
        steps = self._rollout.steps
        if self.phase is Phase.STEPPING and self._place < len(steps):
            step = steps[self._place]
            return [*_traffic(step, steps[self._place - 1] if self._place else None), *self._entering(view, step)]
        if self.phase is Phase.STEPPING and self._rollout.bake:
            self.phase = Phase.BAKING
            return [*_unshadow(steps[-1]), SetTraffic(1.0), *self._tell(view, Happening.STEP, "all traffic, baking")]
        self.phase = Phase.PROMOTED
        return [Promote(), *self._tell(view, Happening.PROMOTED, "the candidate is the stable version")]

    def _entering(self, view: View, step: Step) -> list[Action]:
        kind = f"copies of {step.shadow:.3g}" if step.shadow else f"{step.weight:.3g}"
        return self._tell(view, Happening.STEP, f"step {self._place + 1}: {kind} of the traffic")


def _traffic(step: Step, before: Step | None) -> list[Action]:
    if step.shadow:
        return [SetShadow(step.shadow)]
    return [*_unshadow(before), SetTraffic(step.weight)]


def _unshadow(before: Step | None) -> list[Action]:
    return [SetShadow(0.0)] if before is not None and before.shadow else []
