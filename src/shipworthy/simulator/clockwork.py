"""Simulated time: control steps of five minutes."""

STEP_SECONDS = 300
STEPS_PER_HOUR = 12
STEPS_PER_DAY = 288
STEPS_PER_WEEK = 2016


def hours(steps: float) -> float:
    """Return steps as hours."""
    return steps / STEPS_PER_HOUR
