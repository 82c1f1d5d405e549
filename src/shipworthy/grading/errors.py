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


class NoModelsError(GradingError):
    """A task has no models to try."""

    code = "no_models"
    exit_code = 2


class PublicModelsError(GradingError):
    """The models of a task could not be served."""

    code = "public_models_failed"


class PlaceUnusableError(GradingError):
    """The models of a task cannot be served at this path or port."""

    code = "place_unusable"
    exit_code = 2
