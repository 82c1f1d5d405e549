"""What can go wrong with kept roles."""

from typing import ClassVar

from shipworthy.core.errors import BadInputError


class UnknownRoleError(BadInputError):
    """There is no such role in this organisation."""

    code: ClassVar[str] = "unknown_role"


class OutdatedProfileError(BadInputError):
    """Somebody else changed the profile in the meantime."""

    code: ClassVar[str] = "outdated_profile"


class ArchivedRoleError(BadInputError):
    """The role is archived."""

    code: ClassVar[str] = "archived_role"
