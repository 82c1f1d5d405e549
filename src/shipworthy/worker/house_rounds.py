"""What every worker does for the whole house beside its gradings. All of it may be done by many workers at once."""

from functools import partial

from shipworthy import bootstrap
from shipworthy.access.throttling import forget_old
from shipworthy.bootstrap import House
from shipworthy.delivery.closing import close_overdue
from shipworthy.integrations.idempotency.operations import forget_answers
from shipworthy.integrations.webhooks.operations import forget_deliveries, tell_webhooks
from shipworthy.letters.operations import send_due
from shipworthy.worker.rounds import Round

LETTERS_SECONDS = 2.0
WEBHOOKS_SECONDS = 2.0
CLOSING_SECONDS = 5.0
FORGETTING_SECONDS = 3600.0


def house_rounds(house: House) -> list[Round]:
    """Return the rounds.

    Letters that are due go out, webhooks are told, tasks whose time is over are closed, and what was kept of sign-ins,
    of answers to programs and of deliveries, and is of no use any more, is removed.
    """
    transport = bootstrap.mail_transport(house.settings)
    sender = bootstrap.webhook_sender(house.settings)
    return [
        Round("letters", LETTERS_SECONDS, partial(send_due, house.database, transport)),
        Round("webhooks", WEBHOOKS_SECONDS, partial(tell_webhooks, house.database, sender)),
        Round("forgetting", FORGETTING_SECONDS, partial(forget_old, house.database)),
        Round("forgetting answers", FORGETTING_SECONDS, partial(forget_answers, house.database)),
        Round("forgetting deliveries", FORGETTING_SECONDS, partial(forget_deliveries, house.database)),
        Round("closing", CLOSING_SECONDS, partial(close_overdue, house.database, house.blobs)),
    ]
