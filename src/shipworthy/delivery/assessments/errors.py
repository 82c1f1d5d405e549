"""What can go wrong with assessments."""

from shipworthy.core.errors import BadInputError


class AssessmentUnknownError(BadInputError):
    """There is no such assessment in this organisation."""

    code = "assessment_unknown"


class NoTasksError(BadInputError):
    """No task can be given within these wishes."""

    code = "assessment_without_tasks"


class WishError(BadInputError):
    """The assessment cannot be made like this."""

    code = "assessment_wish"
