"""What a run is made of: how long, with which traffic, prices and people, and what a policy may do."""

from dataclasses import dataclass, field
from enum import StrEnum

from shipworthy.simulator.capacity import CapacityPlan
from shipworthy.simulator.clockwork import STEPS_PER_DAY
from shipworthy.simulator.errors import UnknownExerciseError
from shipworthy.simulator.labels import LabelPlan
from shipworthy.simulator.segments import FEATURES, SEGMENTS, Segment
from shipworthy.simulator.traffic import Traffic


class ActionKind(StrEnum):
    """What a policy can do."""

    SET_TRAFFIC = "set_traffic"
    SET_SHADOW = "set_shadow"
    PROMOTE = "promote"
    ROLL_BACK = "roll_back"
    RESTART = "restart"
    SET_CAPACITY = "set_capacity"
    SET_FALLBACK = "set_fallback"
    SET_REVIEW = "set_review"
    RETRAIN = "retrain"
    PAGE = "page"
    SET_ALERT = "set_alert"


@dataclass(frozen=True)
class Prices:
    """What things cost, in money: a replica for an hour, a human review, a page, a retraining."""

    replica_hour: float = 0.5
    review: float = 0.3
    page: float = 30.0
    retraining: float = 250.0


@dataclass(frozen=True)
class People:
    """How fast people are, in steps: until a page is taken up by day and by night, and until something is put right."""

    response_by_day: int = 4
    response_by_night: int = 9
    repair: int = 12
    reviews_per_step: float = 300.0


@dataclass(frozen=True)
class Slo:
    """The service level objective: which share of requests is to be answered within `late_ms` milliseconds."""

    availability: float = 0.985
    late_ms: float = 500.0


@dataclass(frozen=True)
class LossWeights:
    """What things cost in money: a bad answer, a late one, a request without one, a day that a good release was kept
    from people, a day without labels or metrics."""

    bad_answer: float = 0.01
    late: float = 0.01
    unanswered: float = 0.02
    held_back_day: float = 1500.0
    blind_day: float = 150.0
    money: float = 1.0


@dataclass(frozen=True)
class Retraining:
    """How a model is retrained: how many steps it takes, and how its quality depends on its labels.

    The chance of a bad answer grows by `scarcity` / sqrt(labels), and by `contagion` times the share of broken inputs
    in the window.
    """

    steps: int = STEPS_PER_DAY // 2
    scarcity: float = 0.6
    contagion: float = 0.2
    slope: float = 0.1


@dataclass(frozen=True)
class Exercise:
    """The setting of a kind of exercise: everything that all its scenarios share."""

    id: str
    days: int
    actions: frozenset[ActionKind]
    segments: tuple[Segment, ...] = SEGMENTS
    features: tuple[str, ...] = FEATURES
    traffic: Traffic = field(default_factory=Traffic)
    capacity: CapacityPlan = field(default_factory=CapacityPlan)
    labels: LabelPlan = field(default_factory=LabelPlan)
    prices: Prices = field(default_factory=Prices)
    people: People = field(default_factory=People)
    slo: Slo = field(default_factory=Slo)
    weights: LossWeights = field(default_factory=LossWeights)
    retraining: Retraining = field(default_factory=Retraining)

    @property
    def steps(self) -> int:
        """Return the horizon in control steps."""
        return self.days * STEPS_PER_DAY


_EVERYWHERE = frozenset({ActionKind.SET_FALLBACK, ActionKind.SET_REVIEW, ActionKind.PAGE, ActionKind.SET_ALERT})
_DELIVERY = frozenset({ActionKind.SET_TRAFFIC, ActionKind.PROMOTE, ActionKind.ROLL_BACK, ActionKind.SET_SHADOW})
ROLLOUT = Exercise(
    id="rollout",
    days=7,
    actions=_EVERYWHERE | _DELIVERY | {ActionKind.RESTART, ActionKind.SET_CAPACITY},
)
"""One release in a week: ship it if it is good, and hurt nobody if it is not."""
DRIFT = Exercise(
    id="drift",
    days=30,
    actions=_EVERYWHERE | _DELIVERY | {ActionKind.RETRAIN},
    labels=LabelPlan(rate=0.02, delay=STEPS_PER_DAY),
)
"""Thirty days with one model: retrain, page or leave alone."""
EXERCISES = {exercise.id: exercise for exercise in (ROLLOUT, DRIFT)}


def exercise_of(name: str) -> Exercise:
    """Return the exercise of a name. Raises `UnknownExerciseError`."""
    if name not in EXERCISES:
        raise UnknownExerciseError(
            f"There is no exercise '{name}'.", remedy=f"Choose one of: {', '.join(sorted(EXERCISES))}."
        )
    return EXERCISES[name]
