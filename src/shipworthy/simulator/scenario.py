"""One simulated stretch of production: what will be released and what will happen. Hidden from policies."""

from dataclasses import asdict, dataclass

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.incidents import Incident
from shipworthy.simulator.releases import Release


@dataclass(frozen=True)
class Scenario:
    """What happens in one run. `name` says its kind and number, `exercise` the setting, `seed` the noise."""

    name: str
    kind: str
    exercise: str
    seed: int
    releases: tuple[Release, ...] = ()
    incidents: tuple[Incident, ...] = ()

    def to_json(self) -> dict[str, JSONValue]:
        """Return the whole truth about the scenario in JSON."""
        told: dict[str, JSONValue] = asdict(self)
        return told
