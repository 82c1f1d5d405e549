"""What can go wrong in a simulation by the caller's fault. A policy's bad actions are no errors: they are counted."""

from shipworthy.core.errors import BadInputError, ShipworthyError


class SimulationError(ShipworthyError):
    """The simulation cannot go on."""

    code = "simulation_failed"


class UnknownExerciseError(BadInputError):
    """There is no exercise of this name."""

    code = "unknown_exercise"


class RunOverError(SimulationError):
    """The simulated time is over."""

    code = "simulation_over"
