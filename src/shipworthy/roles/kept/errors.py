"""What can go wrong with kept roles."""

from typing import ClassVar

from shipworthy.core.errors import BadInputError


class UnknownRoleError(BadInputError):
    """There is no such role in this organisation."""

    code: ClassVar[str] = "role_unknown"


class OutdatedProfileError(BadInputError):
    """Somebody else changed the profile in the meantime."""

    code: ClassVar[str] = "profile_conflict"


class ArchivedRoleError(BadInputError):
    """The role is archived."""

    code: ClassVar[str] = "role_closed"
