"""What task authors need of the rollout language: reading a file, and the policy that carries it out in a simulation."""

from shipworthy.simulator.rollout.errors import RolloutFault, UnsoundRolloutError
from shipworthy.simulator.rollout.policy import Phase, RolloutPolicy
from shipworthy.simulator.rollout.reading import read_rollout

__all__ = ["Phase", "RolloutFault", "RolloutPolicy", "UnsoundRolloutError", "read_rollout"]
