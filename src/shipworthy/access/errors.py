"""What can go wrong when people are added, or sign in."""

from shipworthy.core.errors import BadInputError, ShipworthyError


class AccessError(ShipworthyError):
    """The access is refused."""

    code = "access"


class BadPersonError(BadInputError):
    """The person cannot be kept like this; `field` names what is wrong."""

    code = "person_bad"

    def __init__(self, what: str, *, remedy: str, field: str = "") -> None:
        self.field = field
        super().__init__(what, remedy=remedy)


class UnknownPersonError(AccessError):
    """There is no such person in the organisation."""

    code = "person_unknown"


class LastOwnerError(AccessError):
    """An organisation needs an owner."""

    code = "last_owner"


class NotSignedInError(AccessError):
    """Address and password do not fit, or sign-in is locked."""

    code = "not_signed_in"


class BadPasswordError(BadInputError):
    """The password cannot be used."""

    code = "password_bad"


class TooOftenError(AccessError):
    """That was tried too often."""

    code = "access_throttled"


class BadLinkError(AccessError):
    """The link does not work."""

    code = "link_bad"


class BadTokenError(BadInputError):
    """The token cannot be made like this."""

    code = "token_bad"


class ProviderError(AccessError):
    """The identity provider did not say who it is."""

    code = "provider"
