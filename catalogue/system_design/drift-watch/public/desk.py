"""Production as a policy meets it: one view an hour, a few actions with their limits, and a log of them all.

The grader drives your policy with this very file. It shows measurements only; what truly happens is not in here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from shipworthy.kit.simulation import Run, Scenario, VersionView, actions_from_json

STEPS_PER_HOUR = 12
LOOK_EVERY = 4
"""Measurements are taken in one five minutes of every twenty."""
HOURS = 18 * 24
WEEK = 7 * 24
"""So many hours pass before a policy is asked for the first time; it is given the views of this week."""
TRAININGS = 8
REVIEW_HOURS = 48
FALSE_PAGES_UNTIL_MUTED = 3
CAUSES = ("drift", "broken_features", "stale_features", "missing_labels")
EXPLAINED = ("page", "retrain", "roll_back")
"""Actions that always need a cause; `set_fallback` and `set_review` need one when their share is above 0."""
KNOWN = ("page", "promote", "retrain", "roll_back", "set_fallback", "set_review", "set_shadow", "set_traffic")
MOST_ACTIONS = 10
SMALLEST_SHARE = 0.05
"""A share is 0 or at least this much; a change by less is no intervention that the log would hold."""
MOST_TOLD = 200
SHORTEST_REASON = 12

Json = Any


@dataclass(frozen=True)
class Entry:
    """One line of the alert log: an intervention that was carried out, with the cause and the reason it was given."""

    hour: int
    action: str
    cause: str | None
    explained: bool


@dataclass
class Sums:
    """Measurements of one version, added up over the looks of an hour."""

    requests: int = 0
    errors: int = 0
    late: int = 0
    labelled: int = 0
    labelled_bad: int = 0
    proxy: list[float] = field(default_factory=list)
    positive: list[float] = field(default_factory=list)

    def add(self, version: VersionView) -> None:
        """Take in the newest five minutes."""
        reading = version.overall
        for name in ("requests", "errors", "late", "labelled", "labelled_bad"):
            setattr(self, name, getattr(self, name) + getattr(reading, name))
        if reading.proxy is not None:
            self.proxy.append(reading.proxy)
        if reading.positive is not None:
            self.positive.append(reading.positive)

    def to_json(self) -> dict[str, Json]:
        """Return sums of counts and means of signals."""
        counts = {name: getattr(self, name) for name in ("requests", "errors", "late", "labelled", "labelled_bad")}
        return counts | {"proxy": _mean(self.proxy), "positive": _mean(self.positive)}


class Desk:
    """One scenario, hour by hour: `view`, then `act`, until `over`."""

    def __init__(self, scenario: Scenario, hours: int = HOURS) -> None:
        self.run, self.hours, self.hour = Run(scenario), hours, 0
        self.log: list[Entry] = []
        self.refused: list[tuple[int, str]] = []
        self.false_page_hours: list[int] = []
        self.trainings: list[tuple[int, float]] = []
        self.reviewed: list[int] = []
        self._seen: dict[str, Sums] = {}
        self._inputs: dict[str, list[tuple[float, float, float]]] = {}

    @property
    def over(self) -> bool:
        """Say whether the simulated time is over."""
        return self.hour >= self.hours

    @property
    def false_pages(self) -> int:
        """Count the pages for nothing."""
        return len(self.false_page_hours)

    @property
    def muted(self) -> bool:
        """Say whether nobody takes this policy's pages any more."""
        return self.false_pages >= FALSE_PAGES_UNTIL_MUTED

    def first_week(self) -> list[dict[str, Json]]:
        """Let the first week pass without any action, and return its views, from that after one hour on."""
        views = []
        while self.hour < WEEK:
            self.act([])
            views.append(self.view())
        return views[:-1]

    def view(self) -> dict[str, Json]:
        """Return what was measured in the last hour, and what is set."""
        now = self.run.view()
        training = now.retraining_ready_in
        return {
            "hour": self.hour,
            "hours": self.hours,
            "stable": self._version(now.stable),
            "candidate": None if now.candidate is None else self._version(now.candidate),
            "previous": now.previous,
            "inputs": {name: _looks(readings) for name, readings in self._inputs.items()},
            "fallback_share": now.fallback_share,
            "review_share": now.review_share,
            "page_open": now.page_open,
            "muted": self.muted,
            "training_ready_in": None if training is None else -(-training // STEPS_PER_HOUR),
            "trainings_left": TRAININGS - len(self.trainings),
            "review_hours_left": REVIEW_HOURS - len(self.reviewed),
            "refused": [why for hour, why in self.refused if hour == self.hour - 1][:MOST_ACTIONS],
        }

    def _version(self, version: VersionView) -> dict[str, Json]:
        sums = self._seen.get(version.name, Sums())
        known = {"name": version.name, "age_hours": round(version.age_hours, 1), "traffic": round(version.traffic, 4)}
        return known | sums.to_json()

    def act(self, actions: Json) -> None:
        """Carry out what can be carried out, refuse the rest, and let an hour pass."""
        if not isinstance(actions, list):
            self._refuse("the answer has to be a list of actions")
            actions = []
        for action in actions[:MOST_ACTIONS]:
            self._try(action)
        if len(actions) > MOST_ACTIONS:
            self._refuse(f"there may be at most {MOST_ACTIONS} actions at a time")
        self._review()
        self._pass()

    def rest(self) -> None:
        """Let all the time that is left pass without any action, as when a policy does not answer any more."""
        while not self.over:
            self._review()
            self.run.apply((), STEPS_PER_HOUR)
            self.hour += 1

    def _refuse(self, why: str) -> None:
        self.refused.append((self.hour, why[:MOST_TOLD]))

    def _try(self, action: Json) -> None:
        name = action.get("action") if isinstance(action, dict) else None
        if not isinstance(name, str) or name not in KNOWN:
            self._refuse(f"`action` has to be one of: {', '.join(KNOWN)}")
            return
        hindrance = self._hindrance(name, action)
        if hindrance:
            self._refuse(f"{name}: {hindrance}")
            return
        useful = any(each.repairable and each.active(self.run.step) for each in self.run.controls.production.incidents)
        plain = {key: value for key, value in action.items() if key not in {"cause", "reason"}}
        read, unread = actions_from_json([plain], self.run.step)
        before = self._shares()
        refused = unread or self.run.controls.carry_out(self.run.step, read)
        if refused:
            self._refuse(f"{name}: {refused[0].why}")
            return
        moved = abs(self._shares().get(name, 1.0) - before.get(name, 0.0))
        self._note(name, action, useful=useful, moved=moved)

    def _shares(self) -> dict[str, float]:
        production = self.run.controls.production
        return {"set_fallback": production.fallback, "set_review": production.review}

    def _hindrance(self, name: str, action: Mapping[str, Json]) -> str:
        now = self.run.view()
        if name == "page" and self.muted:
            return "the person on call has muted this policy"
        if name == "page" and now.page_open:
            return "somebody is on it already"
        if name == "retrain" and len(self.trainings) >= TRAININGS:
            return "no training is left"
        if name == "set_review" and len(self.reviewed) >= REVIEW_HOURS:
            return "no hour of the reviewers is left"
        if name in {"set_fallback", "set_review"} and _tiny(action.get("share")):
            return f"`share` has to be 0 or at least {SMALLEST_SHARE}"
        return ""

    def _note(self, name: str, action: Mapping[str, Json], *, useful: bool, moved: float) -> None:
        if name == "page" and not useful:
            self.false_page_hours.append(self.hour)
        if name == "retrain":
            self.trainings.append((self.run.step, self.run.controls.diary.done[-1].action.days))
        if name in EXPLAINED or (name in {"set_fallback", "set_review"} and _told(action, moved)):
            cause, reason = action.get("cause"), action.get("reason")
            told = isinstance(reason, str) and SHORTEST_REASON <= len(reason.strip()) <= MOST_TOLD
            explained = told and any(letter.isdigit() for letter in str(reason))
            known = cause if isinstance(cause, str) and cause in CAUSES else None
            self.log.append(Entry(self.hour, name, known, explained))

    def _review(self) -> None:
        if self.run.controls.production.review > 0.0:
            if len(self.reviewed) < REVIEW_HOURS:
                self.reviewed.append(self.hour)
            else:
                self.run.controls.production.review = 0.0

    def _pass(self) -> None:
        self._seen, self._inputs = {}, {}
        for _ in range(STEPS_PER_HOUR // LOOK_EVERY):
            self.run.apply((), LOOK_EVERY)
            now = self.run.view()
            for version in (now.stable, now.candidate):
                if version is not None:
                    self._seen.setdefault(version.name, Sums()).add(version)
            for name, reading in now.inputs.items():
                self._inputs.setdefault(name, []).append(tuple(reading))
        self.hour += 1


def _tiny(share: Json) -> bool:
    return isinstance(share, int | float) and 0 < share < SMALLEST_SHARE


def _told(action: Mapping[str, Json], moved: float) -> bool:
    return bool(action.get("share", 0)) and moved > SMALLEST_SHARE - 1e-9


def _mean(values: Iterable[float]) -> float | None:
    found = [value for value in values if isfinite(value)]
    return round(sum(found) / len(found), 5) if found else None


def _looks(readings: list[tuple[float, float, float]]) -> dict[str, float | None]:
    psi, nulls, ages = zip(*readings, strict=True)
    return {"psi": _mean(psi), "null_rate": _mean(nulls), "age_minutes": round(ages[-1], 1)}
