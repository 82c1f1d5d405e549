"""Whether this worker is in contact with the database: without it, others may take over what it holds."""

from shipworthy.core.clock import monotonic
from shipworthy.core.logs import log
from shipworthy.grading.jobs import operations
from shipworthy.grading.jobs.rules import LOST_SECONDS
from shipworthy.store.database import Database
from shipworthy.worker.patience import AWAY
from shipworthy.worker.slots import Slots

LET_GO_SECONDS = LOST_SECONDS - 3.0
"""After so long without contact a worker ends what it holds by itself, before another may begin it."""


class Contact:
    """Says that the worker lives, and knows since when it could."""

    def __init__(self, database: Database, slots: Slots) -> None:
        self._database = database
        self._slots = slots
        self._heard_at = self._restored_at = monotonic()
        self._broken = False

    def beat(self) -> None:
        """Say that the worker lives; let go of what was taken over, and of everything after too long a silence."""
        if monotonic() - self._heard_at > LET_GO_SECONDS:
            self._slots.let_all_go()
        began = monotonic()
        held = self._slots.held()
        try:
            with self._database.house_work() as work:
                lost = operations.heartbeat(work, self._slots.worker, held)
        except AWAY:
            self._broken = True
            log.warning("contact.broken", seconds=round(monotonic() - self._heard_at, 1))
            return
        self._slots.let_go(lost)
        if self._broken or began - self._heard_at > LOST_SECONDS:
            self._restored_at = began
        self._broken, self._heard_at = False, began

    def sweep(self) -> None:
        """Take over what dead workers held, and mend lost permits.

        Not in the first seconds after the database was away: the others could not say that they live either.
        """
        if self._broken or self._just_restored():
            return
        taken = operations.take_over_lost(self._database)
        with self._database.house_work() as work:
            mended = operations.mend_permits(work)
        if taken or mended:
            log.info("queue.swept", count=len(taken), waiting=mended)

    def _just_restored(self) -> bool:
        return monotonic() - self._restored_at < LOST_SECONDS
