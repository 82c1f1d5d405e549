"""What can go wrong around the queue."""

from shipworthy.core.errors import BadInputError
from shipworthy.grading.errors import GradingError


class LostClaimError(GradingError):
    """Somebody else has taken this up meanwhile, or it was cancelled: what came of it here counts for nothing."""

    code = "lost_claim"


class ChangedPackageError(GradingError):
    """The task package is not the one that the candidate was given."""

    code = "changed_package"


class CheckUnderWayError(BadInputError):
    """The public checks of this task are running."""

    code = "check_under_way"


class AlreadyHandedInError(BadInputError):
    """Something else was handed in for this task already."""

    code = "already_handed_in"


class NotStoppedError(BadInputError):
    """This grading does not wait for an operator."""

    code = "not_stopped"
