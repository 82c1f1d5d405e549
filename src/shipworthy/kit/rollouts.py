"""What task authors need for rollouts: the language, the policy that carries a file out, plain policies, incidents."""

from shipworthy.simulator.incidents import Incident, IncidentKind
from shipworthy.simulator.policies.rollout import NeverShip, ShipAll
from shipworthy.simulator.rollout.entities import Happening
from shipworthy.simulator.rollout.errors import RolloutFault, UnsoundRolloutError
from shipworthy.simulator.rollout.policy import Phase, RolloutPolicy, Told
from shipworthy.simulator.rollout.reading import read_rollout

__all__ = [
    "Happening",
    "Incident",
    "IncidentKind",
    "NeverShip",
    "Phase",
    "RolloutFault",
    "RolloutPolicy",
    "ShipAll",
    "Told",
    "UnsoundRolloutError",
    "read_rollout",
]
