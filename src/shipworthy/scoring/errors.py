"""What can be wrong with evidence or with the rules it is scored by."""

from typing import ClassVar

from shipworthy.core.errors import BadInputError


class EvidenceError(BadInputError):
    """An evidence record cannot be scored."""

    code: ClassVar[str] = "evidence"


class PolicyError(BadInputError):
    """The scoring policy contradicts itself."""

    code: ClassVar[str] = "scoring_policy"
