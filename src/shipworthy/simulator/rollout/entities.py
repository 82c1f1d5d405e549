"""What a rollout file says. Times are minutes, weights and rates are shares in [0, 1]."""

from dataclasses import dataclass
from enum import StrEnum

from shipworthy.simulator.rollout.conditions import Condition


class Reaction(StrEnum):
    """What is done when a rule fires."""

    ROLLBACK = "rollback"
    HOLD = "hold"
    RESTART = "restart"
    PAGE = "page"


class Inconclusive(StrEnum):
    """What an analysis means that cannot tell: no step ends, as if it were not there, or as a failure."""

    HOLD = "hold"
    IGNORE = "ignore"
    FAIL = "fail"


class Happening(StrEnum):
    """What can be told to somebody."""

    STEP = "step"
    HOLD = "hold"
    FAILURE = "failure"
    INCONCLUSIVE = "inconclusive"
    RESTART = "restart"
    ROLLBACK = "rollback"
    FREEZE = "freeze"
    DEADLINE = "deadline"
    PROMOTED = "promoted"


class Channel(StrEnum):
    """A message is read in the morning, a page at once."""

    MESSAGE = "message"
    PAGE = "page"


class Scope(StrEnum):
    """Whose errors use an error budget: everybody's, or the candidate's only."""

    SERVICE = "service"
    CANDIDATE = "candidate"


@dataclass(frozen=True)
class Step:
    """One step: the candidate's share of the traffic, or of copies of it, and what has to have come before the next."""

    weight: float
    shadow: float
    pause: int
    min_requests: int
    min_requests_per_segment: int


@dataclass(frozen=True)
class SequentialTest:
    """Whether the candidate's rate is worse than stable's by more than `worse_by`, looked at as often as one likes.

    `false_alarm_rate` bounds the chance, over a whole rollout, that a candidate which is not is called so.
    """

    metric: str
    worse_by: float
    false_alarm_rate: float


@dataclass(frozen=True)
class Analysis:
    """One analysis: a measurement at every interval, over a window, with what a failure means."""

    name: str
    failure: Condition | None
    success: Condition | None
    test: SequentialTest | None
    window: int
    interval: int
    initial_delay: int
    min_samples: int
    consecutive_failures: int
    by_segment: bool
    on_failure: Reaction
    on_inconclusive: Inconclusive


@dataclass(frozen=True)
class BurnRate:
    """Fires while the budget burns at `rate` times the even speed, over a long and a short window at once."""

    rate: float
    long_window: int
    short_window: int
    reaction: Reaction


@dataclass(frozen=True)
class ErrorBudget:
    """How many requests may fail: 1 - objective of them over the period."""

    objective: float
    period: int
    scope: Scope
    freeze_below: float
    burn_rates: tuple[BurnRate, ...]


@dataclass(frozen=True)
class Restart:
    """When the candidate's instances are restarted: at fixed times, or when a condition holds; 0 is never."""

    every: int
    when: Condition | None
    window: int


@dataclass(frozen=True)
class Deadline:
    """What is done when the rollout has not reached all traffic in time."""

    after: int
    reaction: Reaction


@dataclass(frozen=True)
class Notification:
    """Who is told of what."""

    on: tuple[Happening, ...]
    send: Channel


@dataclass(frozen=True)
class Rollout:
    """A whole rollout: after its steps the candidate gets all traffic, and bakes before stable is given up."""

    steps: tuple[Step, ...]
    bake: int
    analyses: tuple[Analysis, ...] = ()
    budget: ErrorBudget | None = None
    restart: Restart | None = None
    deadline: Deadline | None = None
    notifications: tuple[Notification, ...] = ()
