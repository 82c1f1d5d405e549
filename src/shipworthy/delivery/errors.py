"""What can be in the way of a candidate, or of those who invite."""

from datetime import datetime

from shipworthy.core.errors import BadInputError
from shipworthy.delivery.entities import Draft, InvitationState


class DeliveryError(BadInputError):
    """This cannot be done now."""

    code = "delivery"


class UnknownLinkError(DeliveryError):
    """This link leads nowhere."""

    code = "link_unknown"


class NotConfirmedError(DeliveryError):
    """This device is not confirmed."""

    code = "device_refused"


class NoSuchInvitationError(DeliveryError):
    """There is no such invitation."""

    code = "invitation_unknown"


class NoSuchTaskError(DeliveryError):
    """There is no such task in this session."""

    code = "session_task_unknown"


class AssessmentClosedError(DeliveryError):
    """The assessment takes nobody in."""

    code = "assessment_closed"


class InvitationStateError(DeliveryError):
    """The invitation is in a state in which this cannot be done; `state` says which."""

    code = "invitation_closed"

    def __init__(self, what: str, *, remedy: str, state: InvitationState) -> None:
        self.state = state
        super().__init__(what, remedy=remedy)


class CodeRefusedError(DeliveryError):
    """The code is wrong or no longer holds."""

    code = "code_refused"


class TooOftenError(DeliveryError):
    """This was tried too often."""

    code = "delivery_throttled"


class TaskStateError(DeliveryError):
    """The task is in a state in which this cannot be done."""

    code = "session_task_closed"


class TimeIsOverError(TaskStateError):
    """The time for this task is over; `deadline` says since when."""

    code = "time_closed"

    def __init__(self, deadline: datetime) -> None:
        self.deadline = deadline
        super().__init__(
            "The time for this task is over.", remedy="Nothing to do: what was saved last is handed in for you."
        )


class DraftConflictError(DeliveryError):
    """The files were changed in another tab or on another machine meanwhile; `current` holds what is kept."""

    code = "draft_conflict"

    def __init__(self, current: Draft) -> None:
        self.current = current
        super().__init__(
            "The files were changed in another tab or on another machine.",
            remedy="Choose which version to keep. Nothing is lost until you do.",
        )


class FilesRefusedError(DeliveryError):
    """The files cannot be taken."""

    code = "files"


class PackageChangedError(DeliveryError):
    """The task is not in the catalogue as it was when the assessment was made."""

    code = "package_conflict"
