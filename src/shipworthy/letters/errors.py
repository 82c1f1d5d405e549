"""What can go wrong with letters."""

from shipworthy.core.errors import BadInputError, ShipworthyError


class BadLetterError(BadInputError):
    """The letter cannot be sent as it is."""

    code = "letter_bad"


class BadMailAddressError(BadInputError):
    """The address of the mail server cannot be used."""

    code = "mail_server_bad"


class LetterNotSentError(ShipworthyError):
    """The mail server did not take the letter."""

    code = "letter_not_sent"

    def __init__(self, what: str, *, for_good: bool) -> None:
        self.for_good = for_good
        super().__init__(what, remedy="Check the address and the mail server, then send it again.")
