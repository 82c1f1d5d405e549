"""What every worker does for the whole house beside its gradings. All of it may be done by many workers at once."""

from functools import partial

from shipworthy import bootstrap
from shipworthy.bootstrap import House
from shipworthy.delivery.closing import close_overdue
from shipworthy.letters.operations import send_due
from shipworthy.worker.rounds import Round

LETTERS_SECONDS = 2.0
CLOSING_SECONDS = 5.0


def house_rounds(house: House) -> list[Round]:
    """Return the rounds: letters that are due go out, and tasks whose time is over are closed."""
    transport = bootstrap.mail_transport(house.settings)
    return [
        Round("letters", LETTERS_SECONDS, partial(send_due, house.database, transport)),
        Round("closing", CLOSING_SECONDS, partial(close_overdue, house.database, house.blobs)),
    ]
