"""What can be wrong with the wishes for a blueprint."""

from typing import ClassVar

from shipworthy.core.errors import BadInputError


class BlueprintError(BadInputError):
    """No blueprint can be drawn from these wishes."""

    code: ClassVar[str] = "blueprint"
