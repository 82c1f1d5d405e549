"""What a worker has in hand: takes up what has its turn, carries it through, and ends it once."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from shipworthy.core import clock
from shipworthy.core.canonical import JSONValue
from shipworthy.core.clock import monotonic
from shipworthy.core.errors import ShipworthyError
from shipworthy.core.logs import log
from shipworthy.core.traces import tell_phases
from shipworthy.grading.jobs import operations
from shipworthy.grading.jobs.entities import GradingJob, JobKind, Result
from shipworthy.grading.jobs.errors import LostClaimError
from shipworthy.grading.judging import NURSERY
from shipworthy.store.database import Database
from shipworthy.worker.live_lines import Listener
from shipworthy.worker.patience import AWAY, patiently

CarryOut = Callable[[GradingJob, Listener], Result]
Claim = Callable[[Connection, UUID, Collection[JobKind]], GradingJob | None]
CHECKS_ALONE = frozenset({JobKind.PUBLIC_CHECK})


class Slots:
    """The claims that one worker holds at this moment."""

    def __init__(self, database: Database, worker: UUID, carry_out: CarryOut, slots: int = 1) -> None:
        self.worker = worker
        self.ending = threading.Event()
        self.interrupted = threading.Event()
        self._database = database
        self._carry_out = carry_out
        self._lock = threading.Lock()
        self._free = slots
        self._held: dict[UUID, GradingJob] = {}
        self._let_go: set[UUID] = set()

    def held(self) -> set[UUID]:
        """Return what is in hand."""
        with self._lock:
            return set(self._held)

    def grade_while_there_is(self) -> None:
        """Take up what has its turn and carry it through, again and again, until nothing is due or the worker ends.

        Whoever calls this while every slot is busy carries through public checks alone: a candidate waits for those,
        and they are short.
        """
        claim: Claim = operations.claim_next
        while self._grade_next(claim) and not self.ending.is_set():
            claim = operations.claim_another

    def _grade_next(self, claim: Claim) -> bool:
        with self._slot() as kinds:
            with self._database.house_work() as work:
                claimed = claim(work, self.worker, kinds)
            if claimed is None:
                return False
            self._hold(claimed)
            return True

    @contextmanager
    def _slot(self) -> Iterator[frozenset[JobKind]]:
        """Take a slot if one is free, and say what may be taken up."""
        with self._lock:
            is_mine = self._free > 0
            self._free -= is_mine
        try:
            yield operations.ALL_KINDS if is_mine else CHECKS_ALONE
        finally:
            with self._lock:
                self._free += is_mine

    def _hold(self, claimed: GradingJob) -> None:
        with self._lock:
            self._held[claimed.id] = claimed
        try:
            self._carry_through(claimed)
        finally:
            with self._lock:
                self._held.pop(claimed.id, None)
                self._let_go.discard(claimed.id)

    def let_go(self, lost: set[UUID]) -> None:
        """End what is still at work although its claim is lost."""
        with self._lock:
            self._let_go |= lost & set(self._held)

    def let_all_go(self) -> None:
        """End everything at once: this worker was not heard of for so long that others may have taken it over."""
        self.let_go(self.held())
        NURSERY.close()

    def interrupt(self) -> None:
        """End everything at once, since the worker ends; what was in hand is given back."""
        self.interrupted.set()
        NURSERY.stop()

    def _carry_through(self, claimed: GradingJob) -> None:
        started = monotonic()
        listener = Listener(partial(self._still_held, claimed), self._sender(claimed))
        try:
            result = self._carry_out(claimed, listener)
            listener.flush()
            self._end(claimed, partial(operations.finish, claimed=claimed, result=result))
        except LostClaimError:
            self._give_back(claimed)
        except Exception as fault:
            self._failed(claimed, fault)
        else:
            tell_phases(
                "grading",
                result.phases,
                clock.now(),
                grading_job=claimed.id,
                organisation=claimed.organisation,
                kind=claimed.kind.value,
                task=claimed.task_id,
            )
            log.info(
                "grading.done",
                grading_job=claimed.id,
                organisation=claimed.organisation,
                kind=claimed.kind.value,
                task=claimed.task_id,
                claim=claimed.claim,
                seconds=round(monotonic() - started, 3),
            )

    def _failed(self, claimed: GradingJob, fault: Exception) -> None:
        if self.interrupted.is_set() or not self._still_held(claimed):
            self._give_back(claimed)
            return
        log.warning(
            "grading.failed",
            grading_job=claimed.id,
            organisation=claimed.organisation,
            kind=claimed.kind.value,
            task=claimed.task_id,
            faults=claimed.faults + 1,
            exc_info=fault,
        )
        try:
            self._end(claimed, partial(operations.fail, claimed=claimed, fault=words_of(fault), kind=kind_of(fault)))
        except LostClaimError:
            log.info("grading.lost", grading_job=claimed.id, claim=claimed.claim)

    def _give_back(self, claimed: GradingJob) -> None:
        """Let another worker have it, unless one has it already."""
        try:
            self._end(claimed, partial(operations.give_back, claimed=claimed))
            log.info("grading.given_back", grading_job=claimed.id, claim=claimed.claim)
        except LostClaimError:
            log.info("grading.lost", grading_job=claimed.id, claim=claimed.claim)

    def _end(self, claimed: GradingJob, end: Callable[..., object]) -> None:
        def act() -> None:
            with self._database.unit_of_work(claimed.organisation) as work:
                end(work)

        patiently(act, stop=self.interrupted)

    def _still_held(self, claimed: GradingJob) -> bool:
        with self._lock:
            return claimed.id in self._held and claimed.id not in self._let_go

    def _sender(self, claimed: GradingJob) -> Callable[[Sequence[JSONValue]], None] | None:
        if claimed.kind is not JobKind.PUBLIC_CHECK:
            return None

        def send(lines: Sequence[JSONValue]) -> None:
            try:
                with self._database.unit_of_work(claimed.organisation) as work:
                    operations.tell(work, claimed, lines)
            except AWAY:
                log.info("lines.dropped", grading_job=claimed.id, count=len(lines))

        return send


def words_of(fault: Exception) -> str:
    """Spell a fault for an operator."""
    if isinstance(fault, ShipworthyError):
        return f"{fault.what} {fault.remedy}".strip()
    return f"{type(fault).__name__}: {fault}"


def kind_of(fault: Exception) -> str:
    """Return one word for a fault, to count by."""
    return fault.code if isinstance(fault, ShipworthyError) else type(fault).__name__
