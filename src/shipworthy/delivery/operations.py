"""What is done with candidates, by recruiters, by themselves, and by the house when time runs out."""

from shipworthy.delivery.inviting import (
    accommodate,
    accommodation,
    cancel,
    extend,
    invitation,
    invitation_counts,
    invite,
    link_to,
    open_assessment,
    remind,
    undo_cancel,
)

__all__ = [
    "accommodate",
    "accommodation",
    "cancel",
    "extend",
    "invitation",
    "invitation_counts",
    "invite",
    "link_to",
    "open_assessment",
    "remind",
    "undo_cancel",
]
