"""What a policy sees: measurements of the step that has just ended, and what is set. Never the truth."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.clockwork import STEPS_PER_HOUR
from shipworthy.simulator.errors import SimulationError
from shipworthy.simulator.history import SLOTS
from shipworthy.simulator.once import once
from shipworthy.simulator.readings import NOTHING, Columns, Reading, overall, per_segment, rounded


class InputReading(NamedTuple):
    """How one input feature looks: stability index against training, rate of nulls, minutes since it was refreshed."""

    psi: float
    null_rate: float
    age_minutes: float


class Sight(Protocol):
    """Where views look: measurements of the newest step, made when they are asked for."""

    names: tuple[str, ...]

    def columns(self, slot: int) -> Columns | None:
        """Return the measurements of a version per segment; None where there are none."""
        ...

    def standing(self, slot: int) -> "Standing | None":
        """Return how a version stands; None for an empty slot."""
        ...

    def inputs(self) -> Mapping[str, InputReading]:
        """Return how the input features look."""
        ...

    def setting(self) -> "Setting":
        """Return what is set and under way."""
        ...

    def spending(self) -> tuple[float, float]:
        """Return the money spent so far, and the share of the error budget that is left."""
        ...


class Standing(NamedTuple):
    """How a version stands: what `VersionView` shows of it apart from measurements."""

    name: str
    traffic: float
    shadow: float
    ready: int
    starting: int
    utilisation: float
    queue: int
    memory: float
    age_hours: float


class VersionView:
    """One deployed version as a policy sees it.

    `traffic` is the share of live traffic that it got in the last step, `shadow` the share that is copied to it,
    `memory` and `utilisation` are shares of what there is, `age_hours` is since the last start.
    """

    def __init__(self, sight: Sight, slot: int, standing: Standing) -> None:
        self._sight, self._slot, self._standing = sight, slot, standing
        self.name, self.traffic, self.shadow, self.ready, self.starting = standing[:5]
        self.utilisation, self.queue, self.memory, self.age_hours = standing[5:]

    @once
    def _columns(self) -> Columns | None:
        return self._sight.columns(self._slot)

    @once
    def overall(self) -> Reading:
        """Return the measurements over all segments."""
        return NOTHING if self._columns is None else overall(self._columns)

    @once
    def segments(self) -> Mapping[str, Reading]:
        """Return the measurements per segment."""
        if self._columns is None:
            return dict.fromkeys(self._sight.names, NOTHING)
        return dict(zip(self._sight.names, per_segment(self._columns), strict=True))

    def reading(self, segment: str | None = None) -> Reading:
        """Return the measurements over all segments, or of one. Raises `KeyError` for an unknown one."""
        return self.overall if segment is None else self.segments[segment]

    def to_json(self) -> dict[str, JSONValue]:
        """Return all that is seen of the version in JSON."""
        told: dict[str, JSONValue] = {name: rounded(value) for name, value in self._standing._asdict().items()}
        told["overall"] = self.overall.to_json()
        told["segments"] = {name: reading.to_json() for name, reading in self.segments.items()}
        return told


class Setting(NamedTuple):
    """What `View` shows of what is set and under way."""

    previous: str | None
    fallback_share: float
    review_share: float
    metrics_missing: bool
    alerts: tuple[str, ...]
    page_open: bool
    retraining_ready_in: int | None


class View:
    """What a policy sees before it decides.

    `step` is the number of steps that have passed, five minutes each, of `steps`; measurements are of step `step` - 1.
    They are made when they are first looked at, and stay.
    """

    def __init__(self, sight: Sight, step: int, steps: int) -> None:
        self._sight, self.step, self.steps = sight, step, steps

    @property
    def hours(self) -> float:
        """Return the simulated hours that have passed."""
        return self.step / STEPS_PER_HOUR

    @once
    def stable(self) -> VersionView:
        """Return the stable version."""
        found = self._version("stable")
        if found is None:
            raise SimulationError("No version is stable.")
        return found

    @once
    def candidate(self) -> VersionView | None:
        """Return the candidate, if there is one."""
        return self._version("candidate")

    @once
    def fallback(self) -> VersionView | None:
        """Return the fallback."""
        return self._version("fallback")

    def _version(self, slot: str) -> VersionView | None:
        standing = self._sight.standing(SLOTS[slot])
        return None if standing is None else VersionView(self._sight, SLOTS[slot], standing)

    def version(self, slot: str) -> VersionView | None:
        """Return what is deployed as `stable`, `candidate` or `fallback`."""
        found: VersionView | None = getattr(self, slot) if slot in SLOTS else None
        return found

    @once
    def inputs(self) -> Mapping[str, InputReading]:
        """Return how the input features look; empty while metrics are missing."""
        return self._sight.inputs()

    @once
    def _setting(self) -> Setting:
        return self._sight.setting()

    @once
    def _spending(self) -> tuple[float, float]:
        return self._sight.spending()

    @property
    def previous(self) -> str | None:
        """Return the name of the version that a rollback of stable would bring back."""
        return self._setting.previous

    @property
    def fallback_share(self) -> float:
        """Return the share of the traffic that the fallback answers."""
        return self._setting.fallback_share

    @property
    def review_share(self) -> float:
        """Return the share of the answers that people are to look at."""
        return self._setting.review_share

    @property
    def metrics_missing(self) -> bool:
        """Say whether the measurements of the last step were lost."""
        return self._setting.metrics_missing

    @property
    def alerts(self) -> tuple[str, ...]:
        """Return the names of the policy's own alerts that fire."""
        return self._setting.alerts

    @property
    def spend(self) -> float:
        """Return the money that was spent so far."""
        return self._spending[0]

    @property
    def budget_left(self) -> float:
        """Return the share of the error budget of the requests so far that is left; below 0 when overspent."""
        return self._spending[1]

    @property
    def page_open(self) -> bool:
        """Say whether a person who was paged is on it."""
        return self._setting.page_open

    @property
    def retraining_ready_in(self) -> int | None:
        """Return in how many steps a training is ready, if one runs."""
        return self._setting.retraining_ready_in

    def to_json(self) -> dict[str, JSONValue]:
        """Return the view in JSON; figures have six significant digits."""
        told: dict[str, JSONValue] = {"step": self.step, "steps": self.steps}
        names = ("previous", "fallback_share", "review_share", "metrics_missing", "spend", "budget_left", "page_open")
        told.update({name: rounded(getattr(self, name)) for name in (*names, "retraining_ready_in")})
        told["alerts"] = list(self.alerts)
        told["inputs"] = {
            name: {key: rounded(value) for key, value in reading._asdict().items()}
            for name, reading in self.inputs.items()
        }
        for slot in SLOTS:
            found = self.version(slot)
            told[slot] = found.to_json() if found is not None else None
        return told
