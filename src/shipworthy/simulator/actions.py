"""What a policy can do, each with its strict JSON form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, ClassVar

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.exercises import ActionKind

MOST_ACTIONS = 20
MOST_WORDS = 200
SLOTS = ("stable", "candidate", "fallback")
MEASURES = ("error_rate", "p50_ms", "p95_ms", "p99_ms", "proxy", "bad_rate", "memory", "utilisation", "queue")


@dataclass(frozen=True)
class SetTraffic:
    """Send a share (0 to 1) of the traffic, or of some segments' traffic, to the candidate; the rest to stable.

    More takes effect when replicas are ready, less at once.
    """

    kind: ClassVar[ActionKind] = ActionKind.SET_TRAFFIC
    candidate: float
    segments: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SetShadow:
    """Copy a share (0 to 1) of the traffic to the candidate. Its answers reach nobody, and cost."""

    kind: ClassVar[ActionKind] = ActionKind.SET_SHADOW
    share: float


@dataclass(frozen=True)
class Promote:
    """Make the candidate the stable version, with all traffic, when its replicas are ready."""

    kind: ClassVar[ActionKind] = ActionKind.PROMOTE


@dataclass(frozen=True)
class RollBack:
    """Withdraw the candidate for good or, where there is none, go back to the version that was stable before."""

    kind: ClassVar[ActionKind] = ActionKind.ROLL_BACK
    reason: str = ""


@dataclass(frozen=True)
class Restart:
    """Restart a version's replicas one after another: half of the capacity for one step, all memory free again."""

    kind: ClassVar[ActionKind] = ActionKind.RESTART
    version: str = "stable"


@dataclass(frozen=True)
class SetCapacity:
    """Set the least number of replicas of a version and, if given, the greatest."""

    kind: ClassVar[ActionKind] = ActionKind.SET_CAPACITY
    version: str
    floor: int
    ceiling: int | None = None


@dataclass(frozen=True)
class SetFallback:
    """Answer a share (0 to 1) of the traffic with the fallback."""

    kind: ClassVar[ActionKind] = ActionKind.SET_FALLBACK
    share: float


@dataclass(frozen=True)
class SetReview:
    """Have people look at a share (0 to 1) of the answers before they go out, as far as there are people."""

    kind: ClassVar[ActionKind] = ActionKind.SET_REVIEW
    share: float


@dataclass(frozen=True)
class Retrain:
    """Train a version on the labels of the last `days` that have arrived; it becomes the candidate when it is ready."""

    kind: ClassVar[ActionKind] = ActionKind.RETRAIN
    days: float = 7.0


@dataclass(frozen=True)
class Page:
    """Call a person, who puts right what a person can, and costs."""

    kind: ClassVar[ActionKind] = ActionKind.PAGE
    reason: str = ""


@dataclass(frozen=True)
class SetAlert:
    """Show `name` among the firing alerts while a measure of a version is beyond a limit for some steps in a row.

    Exactly one of `above` and `below` is given. Without a segment it is the measure over all segments.
    """

    kind: ClassVar[ActionKind] = ActionKind.SET_ALERT
    name: str
    measure: str
    version: str = "stable"
    segment: str | None = None
    above: float | None = None
    below: float | None = None
    steps: int = 1


Action = (
    SetTraffic
    | SetShadow
    | Promote
    | RollBack
    | Restart
    | SetCapacity
    | SetFallback
    | SetReview
    | Retrain
    | Page
    | SetAlert
)
KINDS: tuple[type[Action], ...] = (
    SetTraffic, SetShadow, Promote, RollBack, Restart, SetCapacity, SetFallback, SetReview, Retrain, Page, SetAlert,
)  # fmt: skip
_BY_NAME = {kind.kind.value: kind for kind in KINDS}


@dataclass(frozen=True)
class Refusal:
    """An action that was ignored: at which step, what it was, and why, in words for its author."""

    step: int
    action: str
    why: str


class _BadActionError(ValueError):
    """An action is not well-formed; the text says why."""


def action_to_json(action: Action) -> dict[str, JSONValue]:
    """Return an action's JSON form: its kind under `action`, and its fields."""
    values = {field.name: getattr(action, field.name) for field in fields(action)}
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {"action": action.kind.value, **told}


def actions_from_json(value: JSONValue, step: int) -> tuple[list[Action], list[Refusal]]:
    """Return the actions of a JSON list and the refusals of those that are not well-formed. Never raises."""
    if not isinstance(value, list):
        return [], [Refusal(step, "?", "the answer has to be a list of actions")]
    actions: list[Action] = []
    refusals = []
    for one in value[:MOST_ACTIONS]:
        try:
            actions.append(_action(one))
        except _BadActionError as fault:
            refusals.append(Refusal(step, _named(one), str(fault)))
    if len(value) > MOST_ACTIONS:
        refusals.append(Refusal(step, "?", f"there may be at most {MOST_ACTIONS} actions at a time"))
    return actions, refusals


def fault_of(action: object) -> str | None:
    """Return why an action that was built in this process is not well-formed, or None."""
    if not isinstance(action, KINDS):
        return "this is no action"
    try:
        rebuilt = _action(action_to_json(action))
    except _BadActionError as fault:
        return str(fault)
    return None if type(rebuilt) is type(action) else "this is no action"


def _named(value: JSONValue) -> str:
    name = value.get("action") if isinstance(value, dict) else None
    return name[:40] if isinstance(name, str) else "?"


def _action(value: JSONValue) -> Action:
    if not isinstance(value, dict):
        raise _BadActionError("an action has to be an object")
    name = value.get("action")
    if not isinstance(name, str) or name not in _BY_NAME:
        raise _BadActionError(f"`action` has to be one of: {', '.join(sorted(_BY_NAME))}")
    kind = _BY_NAME[name]
    known = {field.name for field in fields(kind)}
    for key in value:
        if key not in known and key != "action":
            raise _BadActionError(f"`{str(key)[:40]}` is not known for {name}")
    given: dict[str, Any] = {key: _READERS[key](key, one) for key, one in value.items() if key != "action"}
    try:
        action = kind(**given)
    except TypeError:
        needed = [each for each in known if each not in given and each in _NEEDED]
        raise _BadActionError(f"{name} needs: {', '.join(sorted(needed))}") from None
    _check(action)
    return action


_NEEDED = {"candidate", "share", "floor", "version", "name", "measure"}


def _check(action: Action) -> None:
    if isinstance(action, SetAlert) and (action.above is None) == (action.below is None):
        raise _BadActionError("give exactly one of `above` and `below`")
    if isinstance(action, SetCapacity) and action.ceiling is not None and action.ceiling < action.floor:
        raise _BadActionError("`ceiling` is less than `floor`")


def _number(key: str, value: JSONValue, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise _BadActionError(f"`{key}` has to be a number")
    if not low <= value <= high:
        raise _BadActionError(f"`{key}` has to be from {low:g} to {high:g}")
    return float(value)


def _share(key: str, value: JSONValue) -> float:
    return _number(key, value, 0.0, 1.0)


def _whole(key: str, value: JSONValue) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1000:
        raise _BadActionError(f"`{key}` has to be a whole number from 0 to 1000")
    return value


def _text(key: str, value: JSONValue) -> str:
    if not isinstance(value, str):
        raise _BadActionError(f"`{key}` has to be text")
    return value[:MOST_WORDS]


def _chosen(among: Sequence[str]) -> Callable[[str, JSONValue], str]:
    def read(key: str, value: JSONValue) -> str:
        if not isinstance(value, str) or value not in among:
            raise _BadActionError(f"`{key}` has to be one of: {', '.join(among)}")
        return value

    return read


def _limit(key: str, value: JSONValue) -> float | None:
    return None if value is None else _number(key, value, -1e9, 1e9)


def _names(key: str, value: JSONValue) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > 100 or not all(isinstance(name, str) for name in value):
        raise _BadActionError(f"`{key}` has to be a list of names")
    return tuple(str(name)[:MOST_WORDS] for name in value)


_READERS: Mapping[str, Callable[[str, JSONValue], object]] = {
    "candidate": _share,
    "share": _share,
    "segments": _names,
    "reason": _text,
    "version": _chosen(SLOTS),
    "floor": _whole,
    "ceiling": lambda key, value: None if value is None else _whole(key, value),
    "days": lambda key, value: _number(key, value, 0.1, 60.0),
    "name": _text,
    "measure": _chosen(MEASURES),
    "segment": lambda key, value: None if value is None else _text(key, value),
    "above": _limit,
    "below": _limit,
    "steps": _whole,
}
