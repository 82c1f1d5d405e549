"""Put gradings into the queue, take them up, end them, and look at them."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core.canonical import JSONValue
from shipworthy.grading.jobs import repository
from shipworthy.grading.jobs.entities import GradingJob, JobKind, JobState, QueueFigures, Result
from shipworthy.grading.jobs.errors import AlreadyHandedInError, CheckUnderWayError, LostClaimError, NotStoppedError
from shipworthy.grading.jobs.rules import (
    CHECKS_IN_A_ROW,
    LOST_SECONDS,
    after_fault,
    in_turn,
    kinds_in_turn,
    storable,
)
from shipworthy.store.database import Database

LONGEST_FAULT = 4000
WORKER_GONE = "The worker that was at it ended in the middle."
WORKER_GONE_KIND = "worker_gone"
FORGET_WORKERS_AFTER_DAYS = 7
MOST_PERMITS_AT_ONCE = 100
ALL_KINDS = frozenset(JobKind)


def enqueue_grading(
    work: Connection,
    organisation: UUID,
    *,
    candidate: UUID,
    session_task: UUID,
    task_id: str,
    package_digest: str,
    seed: int,
    blob: str,
) -> UUID:
    """Put a submission into the queue, in the transaction that hands it in; return the grading's id.

    There is one grading for a task of a session. The same submission a second time returns the same id; another one
    raises `AlreadyHandedInError`.
    """
    values = _values(
        organisation=organisation,
        candidate=candidate,
        session_task=session_task,
        task_id=task_id,
        package_digest=package_digest,
        seed=seed,
        blob=blob,
    )
    made = repository.add(work, {**values, "kind": JobKind.GRADING})
    if made is None:
        return _expect_same(grading_of(work, session_task), blob).id
    repository.wake_a_worker(work)
    return made


def enqueue_public_check(
    work: Connection,
    organisation: UUID,
    *,
    candidate: UUID,
    session_task: UUID,
    task_id: str,
    package_digest: str,
    seed: int,
    blob: str,
) -> UUID:
    """Put a draft into the queue for its public checks; return the id to look for what came of it.

    Raises `CheckUnderWayError` while others of the same task wait or run.
    """
    values = _values(
        organisation=organisation,
        candidate=candidate,
        session_task=session_task,
        task_id=task_id,
        package_digest=package_digest,
        seed=seed,
        blob=blob,
    )
    made = repository.add(work, {**values, "kind": JobKind.PUBLIC_CHECK})
    if made is None:
        raise CheckUnderWayError(remedy="Wait until they have ended, then run them again.")
    repository.wake_a_worker(work)
    return made


def job(work: Connection, identifier: UUID) -> GradingJob | None:
    """Return one by its id."""
    return repository.one(work, identifier)


def latest_check(work: Connection, session_task: UUID) -> GradingJob | None:
    """Return the newest run of public checks of a task of a session."""
    return repository.newest(work, session_task, JobKind.PUBLIC_CHECK)


def grading_of(work: Connection, session_task: UUID) -> GradingJob | None:
    """Return the grading of a task of a session."""
    return repository.newest(work, session_task, JobKind.GRADING)


def gradings_of(work: Connection, session_tasks: Collection[UUID]) -> dict[UUID, GradingJob]:
    """Return the gradings of many tasks of sessions, by task of the session."""
    return {found.session_task: found for found in repository.gradings(work, session_tasks)}


def stopped(work: Connection, *, limit: int = 100) -> list[GradingJob]:
    """Return the gradings that failed too often through our fault and wait for an operator, the oldest first."""
    return repository.stopped(work, limit)


def retry_stopped(work: Connection, identifier: UUID, actor: str) -> GradingJob:
    """Let a stopped grading be tried again, as if it had never failed. Raises `NotStoppedError`."""
    anew = {**repository.waiting_again(0), "faults": 0, "finished_at": None}
    changed = repository.change_in(work, identifier, {JobState.STOPPED}, anew)
    if changed is None:
        raise NotStoppedError(remedy="Look at its state; somebody may have had it tried again already.")
    repository.wake_a_worker(work)
    _record(work, Tag.OPERATOR_GRADING_RETRIED, changed, actor, {})
    return changed


def cancel(work: Connection, identifier: UUID) -> bool:
    """Take something out of the queue for good, and say whether it was open; what runs already comes to nothing."""
    still_open = {JobState.WAITING, JobState.RUNNING, JobState.STOPPED}
    values = {"state": JobState.CANCELLED, **repository.ended()}
    return repository.change_in(work, identifier, still_open, values) is not None


def claim_next(
    work_of_the_house: Connection, worker: UUID, kinds: Collection[JobKind] = ALL_KINDS
) -> GradingJob | None:
    """Take up whatever of these kinds has its turn, or nothing where nothing is due."""
    waiting = repository.organisations_waiting(work_of_the_house)
    waiting = {kind: theirs for kind, theirs in waiting.items() if kind in kinds}
    recent = repository.recent_kinds(work_of_the_house, CHECKS_IN_A_ROW) if len(waiting) > 1 else []
    for kind in kinds_in_turn(waiting, recent):
        for organisation in in_turn(waiting[kind]):
            claimed = _claim_in(work_of_the_house, kind, organisation.id, worker)
            if claimed:
                return claimed
    return None


def claim_another(
    work_of_the_house: Connection, worker: UUID, kinds: Collection[JobKind] = ALL_KINDS
) -> GradingJob | None:
    """Take up the next one without having been given a permit for it: somebody's permit is used up."""
    claimed = claim_next(work_of_the_house, worker, kinds)
    if claimed:
        repository.use_permit(work_of_the_house)
    return claimed


def _claim_in(work: Connection, kind: JobKind, organisation: UUID, worker: UUID) -> GradingJob | None:
    for candidate in in_turn(repository.candidates_waiting(work, kind, organisation)):
        claimed = repository.claim_oldest(work, kind, organisation, candidate.id, worker)
        if claimed:
            return claimed
    return None


def heartbeat(work_of_the_house: Connection, worker: UUID, jobs: Collection[UUID]) -> set[UUID]:
    """Say that a worker lives and is at these; return those whose claims it has lost."""
    return set(jobs) - repository.beat(work_of_the_house, worker, jobs)


def tell(work: Connection, claimed: GradingJob, lines: Sequence[JSONValue]) -> None:
    """Add lines that people may read while it runs. Raises `LostClaimError`."""
    if not repository.add_lines(work, claimed.id, claimed.claim, [storable(line) for line in lines]):
        raise LostClaimError


def finish(work: Connection, claimed: GradingJob, result: Result) -> GradingJob:
    """Note what came of it, with the audit event, in one transaction. Raises `LostClaimError`."""
    values = {
        "state": JobState.DONE,
        "fault": "",
        "bundle": result.bundle,
        "outcome": storable(result.outcome),
        "phases": dict(result.phases),
        **repository.ended(),
    }
    done = _expect_held(repository.change_held(work, claimed.id, claimed.claim, values))
    details: dict[str, JSONValue] = {"bundle": result.bundle, "blob": done.blob, "package": done.package_digest}
    _record(work, Tag.WORKER_GRADING_DONE, done, _actor(claimed), details)
    return done


def fail(work: Connection, claimed: GradingJob, fault: str, kind: str) -> GradingJob:
    """Note a fault of ours: it is tried again a little later, and after the last try it waits for an operator.

    `fault` is for the operator, `kind` one word to count by. Raises `LostClaimError`.
    """
    faults = claimed.faults + 1
    after = after_fault(claimed.kind, faults)
    again = after.state is JobState.WAITING
    ending = repository.waiting_again(after.wait_seconds) if again else {"state": after.state, **repository.ended()}
    values = {**ending, **repository.failed(_kept(fault), kind, faults)}
    failed = _expect_held(repository.change_held(work, claimed.id, claimed.claim, values))
    if again:
        repository.wake_a_worker(work, after.wait_seconds)
    tag = Tag.WORKER_GRADING_FAILED if again else Tag.WORKER_GRADING_STOPPED
    _record(work, tag, failed, _actor(claimed), {"faults": faults, "fault": kind})
    return failed


def give_back(work: Connection, claimed: GradingJob) -> None:
    """Let another worker take it up at once, without any fault. Raises `LostClaimError`."""
    _expect_held(repository.change_held(work, claimed.id, claimed.claim, repository.waiting_again(0)))
    repository.wake_a_worker(work)


def take_over_lost(database: Database, *, seconds: float = LOST_SECONDS) -> list[GradingJob]:
    """Give back what is held by workers that were not heard of for so long, and return it.

    That counts as a fault of ours: a grading that ends every worker must not go round for ever.
    """
    with database.house_work() as work:
        silent = repository.lost(work, seconds)
    return [taken for identifier in silent if (taken := _taken_over(database, identifier, seconds))]


def _taken_over(database: Database, identifier: UUID, seconds: float) -> GradingJob | None:
    with database.house_work() as work:
        held = repository.hold_if_lost(work, identifier, seconds)
        return fail(work, held, WORKER_GONE, WORKER_GONE_KIND) if held else None


def mend_permits(work_of_the_house: Connection) -> int:
    """Let workers look for what is due but lost its permit with a worker; return how many permits were missing."""
    repository.forget_dead_permits(work_of_the_house)
    wanting = min(max(repository.permits_wanting(work_of_the_house), 0), MOST_PERMITS_AT_ONCE)
    for _ in range(wanting):
        repository.wake_a_worker(work_of_the_house)
    return wanting


def begin_worker(work_of_the_house: Connection, machine: str, slots: int) -> UUID:
    """Note a worker that begins, and return its id."""
    worker = uuid4()
    repository.register(work_of_the_house, worker, machine, slots)
    repository.forget_workers(work_of_the_house, FORGET_WORKERS_AFTER_DAYS)
    return worker


def end_worker(work_of_the_house: Connection, worker: UUID) -> None:
    """Note that a worker has ended in order."""
    repository.note_end(work_of_the_house, worker)


def queue_figures(work_of_the_house: Connection) -> QueueFigures:
    """Return what the queue looks like, for whoever watches over it."""
    counts = repository.counts(work_of_the_house)
    workers, slots = repository.workers_alive(work_of_the_house, LOST_SECONDS)
    done, faults = repository.recent_done(work_of_the_house)
    return QueueFigures(
        waiting={kind: counts.get((kind, JobState.WAITING), 0) for kind in JobKind},
        running={kind: counts.get((kind, JobState.RUNNING), 0) for kind in JobKind},
        stopped=counts.get((JobKind.GRADING, JobState.STOPPED), 0),
        oldest_seconds=repository.oldest_seconds(work_of_the_house),
        workers=workers,
        slots=slots,
        done=done,
        faults=faults,
        failures=repository.recent_failures(work_of_the_house),
        phases=repository.recent_phases(work_of_the_house),
    )


def _values(
    *,
    organisation: UUID,
    candidate: UUID,
    session_task: UUID,
    task_id: str,
    package_digest: str,
    seed: int,
    blob: str,
) -> dict[str, object]:
    return {
        "id": uuid4(),
        "organisation_id": organisation,
        "candidate_id": candidate,
        "session_task_id": session_task,
        "task_id": task_id,
        "package_digest": package_digest,
        "seed": seed,
        "blob": blob,
    }


def _kept(fault: str) -> str:
    """Return the end of a fault's words, as a database can keep it."""
    return str(storable(fault[-LONGEST_FAULT:].strip()))


def _expect_same(present: GradingJob | None, blob: str) -> GradingJob:
    if present is None or present.blob != blob:
        raise AlreadyHandedInError(remedy="What was handed in first is graded; it cannot be replaced.")
    return present


def _expect_held(changed: GradingJob | None) -> GradingJob:
    if changed is None:
        raise LostClaimError
    return changed


def _actor(claimed: GradingJob) -> str:
    return f"worker:{claimed.worker}"


def _record(work: Connection, tag: Tag, about: GradingJob, actor: str, details: dict[str, JSONValue]) -> None:
    """Log what touches an outcome; public checks touch none."""
    if about.kind is JobKind.GRADING:
        told: dict[str, JSONValue] = {
            "grading_job": str(about.id),
            "session_task": str(about.session_task),
            "task": about.task_id,
            "claim": about.claim,
        }
        subject = f"candidate:{about.candidate}"
        record(work, about.organisation, tag, actor=actor, subject=subject, details={**told, **details})
