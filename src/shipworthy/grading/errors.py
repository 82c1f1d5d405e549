"""What can go wrong while grading."""

from shipworthy.core.errors import ShipworthyError


class BadAnswer(Exception):  # noqa: N818 - authors write `except BadAnswer`, and it is the submission's fault, not an error of ours
    """The submission answered with something that cannot be judged; the text is for the candidate."""


class GradingError(ShipworthyError):
    """Grading failed."""

    code = "grading_failed"
    exit_code = 5


class JudgeFaultError(GradingError):
    """The task's judge broke a rule of the kit."""

    code = "judge_fault"


class BundleError(ShipworthyError):
    """The evidence bundle cannot be used."""

    code = "bad_bundle"
    exit_code = 2


class ReplayDivergedError(GradingError):
    """The judge asked for something else than what was recorded."""

    code = "replay_diverged"
