"""The queue's SQL. Moments come from the database's clock, since workers' own may differ."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Integer,
    Row,
    Select,
    Table,
    Text,
    Uuid,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from shipworthy.core.canonical import JSONValue
from shipworthy.grading.jobs.entities import GradingJob, JobKind, JobState, PhaseFigures, Standing
from shipworthy.store.tables import TABLES, belongs_to_organisation, document, key, moment

JOBS = Table(
    "grading_job",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("candidate_id", Uuid, nullable=False),
    Column("session_task_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("task_id", Text, nullable=False),
    Column("package_digest", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("blob", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("claim", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("fault", Text, nullable=False),
    Column("fault_kind", Text, nullable=False),
    moment("failed_at", optional=True),
    Column("worker_id", Uuid),
    moment("created_at"),
    moment("due_at"),
    moment("claimed_at", optional=True),
    moment("heartbeat_at", optional=True),
    moment("finished_at", optional=True),
    Column("bundle", Text),
    document("outcome", optional=True),
    document("lines"),
    document("phases", optional=True),
)
WORKERS = Table(
    "grading_worker",
    TABLES,
    key(),
    Column("machine", Text, nullable=False),
    Column("slots", Integer, nullable=False),
    moment("started_at"),
    moment("heartbeat_at"),
    moment("ended_at", optional=True),
)
RECENT = timedelta(minutes=15)
OVERDUE = timedelta(seconds=2)
NEAR = 300
"""How much of what an organisation has waiting is looked at to find whose turn it is."""
_RECENTLY_DONE = (
    JOBS.c.state == JobState.DONE,
    JOBS.c.kind == JobKind.GRADING,
    JOBS.c.finished_at > func.now() - RECENT,
)
_DUE = (JOBS.c.state == JobState.WAITING) & (JOBS.c.due_at <= func.now())


def add(work: Connection, values: Mapping[str, Any]) -> UUID | None:
    """Add one to the queue, due at once; return its id, or nothing where one for the same stands in the way."""
    moments = {"created_at": func.now(), "due_at": func.now()}
    made = {
        "state": JobState.WAITING,
        "claim": 0,
        "faults": 0,
        "fault": "",
        "fault_kind": "",
        "lines": [],
        **moments,
        **values,
    }
    row = work.execute(insert(JOBS).values(made).on_conflict_do_nothing().returning(JOBS.c.id)).first()
    return row[0] if row else None


def wake_a_worker(work: Connection, wait_seconds: float = 0.0) -> None:
    """Let a worker look for work, now or later, once this transaction is committed."""
    due = text("SELECT shipworthy_wake_a_worker(now() + make_interval(secs => :wait))")
    work.execute(due, {"wait": wait_seconds})


def use_permit(work: Connection) -> None:
    """Take one permit away, if there is one: for a worker that goes on with the next without having been given it."""
    work.execute(text("SELECT shipworthy_use_a_permit()"))


def permits_wanting(work: Connection) -> int:
    """Count what has been due for seconds and has no permit: how many more are waiting than workers will look for."""
    waiting = select(func.count()).where(JOBS.c.state == JobState.WAITING, JOBS.c.due_at < func.now() - OVERDUE)
    permits = work.scalar(text("SELECT shipworthy_permits()"))
    return int(work.scalar(waiting) or 0) - int(permits or 0)


def forget_dead_permits(work: Connection) -> None:
    """Forget the permits of workers that were not heard of for a minute; what they held is taken over by itself."""
    work.execute(text("SELECT shipworthy_forget_dead_permits()"))


def one(work: Connection, job: UUID) -> GradingJob | None:
    """Return one by its id."""
    return _first(work, select(JOBS).where(JOBS.c.id == job))


def newest(work: Connection, session_task: UUID, kind: JobKind) -> GradingJob | None:
    """Return the newest of a kind for a task of a session."""
    query = select(JOBS).where(JOBS.c.session_task_id == session_task, JOBS.c.kind == kind)
    return _first(work, query.order_by(JOBS.c.created_at.desc(), JOBS.c.id).limit(1))


def gradings(work: Connection, session_tasks: Collection[UUID]) -> list[GradingJob]:
    """Return the gradings of these tasks of sessions."""
    query = select(JOBS).where(JOBS.c.session_task_id.in_(session_tasks), JOBS.c.kind == JobKind.GRADING)
    return [_job(row) for row in work.execute(query)]


def stopped(work: Connection, limit: int) -> list[GradingJob]:
    """Return gradings that wait for an operator, the longest waiting first."""
    query = select(JOBS).where(JOBS.c.state == JobState.STOPPED, JOBS.c.kind == JobKind.GRADING)
    return [_job(row) for row in work.execute(query.order_by(JOBS.c.finished_at, JOBS.c.id).limit(limit))]


def recent_kinds(work: Connection, count: int) -> list[JobKind]:
    """Return the kinds that were taken up last, the latest first."""
    query = select(JOBS.c.kind).where(JOBS.c.claimed_at.is_not(None)).order_by(JOBS.c.claimed_at.desc()).limit(count)
    return [JobKind(kind) for kind in work.scalars(query)]


def organisations_waiting(work: Connection) -> dict[JobKind, list[Standing]]:
    """Return how the organisations stand that have something due, by its kind; kinds with nothing due are not there."""
    found: dict[JobKind, list[Standing]] = {}
    for row in work.execute(_ORGANISATIONS_WAITING):
        found.setdefault(JobKind(row.kind), []).append(Standing(row.id, row.running, row.served_at))
    return found


_ORGANISATIONS_WAITING = text(
    """
    WITH RECURSIVE waiting AS (
        (SELECT kind, organisation_id AS id FROM grading_job WHERE state = 'waiting'
         ORDER BY kind, organisation_id LIMIT 1)
        UNION ALL
        SELECT following.kind, following.id FROM waiting CROSS JOIN LATERAL (
            SELECT job.kind, job.organisation_id AS id FROM grading_job AS job
            WHERE state = 'waiting' AND (job.kind, job.organisation_id) > (waiting.kind, waiting.id)
            ORDER BY job.kind, job.organisation_id LIMIT 1
        ) AS following
    )
    SELECT kind, id,
        (SELECT count(*) FROM grading_job AS job WHERE job.organisation_id = waiting.id AND job.state = 'running')
            AS running,
        (SELECT max(claimed_at) FROM grading_job AS job WHERE job.organisation_id = waiting.id) AS served_at
    FROM waiting WHERE EXISTS (
        SELECT 1 FROM grading_job AS job WHERE job.state = 'waiting' AND job.kind = waiting.kind
        AND job.organisation_id = waiting.id AND job.due_at <= now()
    )
    """
)
"""Goes from organisation to organisation along the index, so that a long queue of one of them costs nothing."""


def candidates_waiting(work: Connection, kind: JobKind, organisation: UUID) -> list[Standing]:
    """Return how the candidates of an organisation stand that have something of this kind due.

    Of a long queue these are the candidates whose turn can be near: those who have been waiting longest.
    """
    theirs = _DUE, JOBS.c.kind == kind, JOBS.c.organisation_id == organisation
    first = select(JOBS.c.kind, JOBS.c.candidate_id).where(*theirs).order_by(JOBS.c.due_at).limit(NEAR).subquery()
    waiting = select(first.c.kind, first.c.candidate_id.label("id")).distinct()
    rows = work.execute(_standings(waiting, JOBS.c.candidate_id))
    return [Standing(row.id, row.running, row.served_at) for row in rows]


def _standings(waiting: Select[tuple[str, UUID]], whose: Column[Any]) -> Select[Any]:
    each = waiting.subquery()
    running = select(func.count()).where(whose == each.c.id, JOBS.c.state == JobState.RUNNING)
    served = select(func.max(JOBS.c.claimed_at)).where(whose == each.c.id)
    return select(
        each.c.kind, each.c.id, running.scalar_subquery().label("running"), served.scalar_subquery().label("served_at")
    )


def claim_oldest(
    work: Connection, kind: JobKind, organisation: UUID, candidate: UUID, worker: UUID
) -> GradingJob | None:
    """Take up what has been due longest of a candidate's; nothing where others hold all of it."""
    mine = JOBS.c.organisation_id == organisation, JOBS.c.candidate_id == candidate, JOBS.c.kind == kind
    oldest = select(JOBS.c.id).where(_DUE, *mine).order_by(JOBS.c.due_at, JOBS.c.id).limit(1)
    claimed = (
        update(JOBS)
        .where(JOBS.c.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            state=JobState.RUNNING,
            claim=JOBS.c.claim + 1,
            worker_id=worker,
            claimed_at=func.now(),
            heartbeat_at=func.now(),
            lines=[],
        )
    )
    row = work.execute(claimed.returning(*JOBS.c)).first()
    return _job(row) if row else None


def beat(work: Connection, worker: UUID, jobs: Collection[UUID]) -> set[UUID]:
    """Say that a worker lives and is at these; return those of them that are still its own."""
    alive = update(WORKERS).where(WORKERS.c.id == worker).values(heartbeat_at=func.now())
    work.execute(alive)
    if not jobs:
        return set()
    held = JOBS.c.id.in_(jobs), JOBS.c.worker_id == worker, JOBS.c.state == JobState.RUNNING
    return set(work.scalars(update(JOBS).where(*held).values(heartbeat_at=func.now()).returning(JOBS.c.id)))


def change_held(work: Connection, job: UUID, claim: int, values: Mapping[str, Any]) -> GradingJob | None:
    """Change what is running under this very claim; nothing where the claim was lost."""
    held = JOBS.c.id == job, JOBS.c.claim == claim, JOBS.c.state == JobState.RUNNING
    return _changed(work, held, values)


def change_in(
    work: Connection, job: UUID, states: Collection[JobState], values: Mapping[str, Any]
) -> GradingJob | None:
    """Change what is in one of these states; nothing where it is in another."""
    return _changed(work, (JOBS.c.id == job, JOBS.c.state.in_(states)), values)


def _changed(work: Connection, which: Sequence[Any], values: Mapping[str, Any]) -> GradingJob | None:
    row = work.execute(update(JOBS).where(*which).values(dict(values)).returning(*JOBS.c)).first()
    return _job(row) if row else None


def failed(fault: str, kind: str, faults: int) -> dict[str, Any]:
    """Return the values of something that met a fault of ours now."""
    return {"fault": fault, "fault_kind": kind, "faults": faults, "failed_at": func.now()}


def ended() -> dict[str, Any]:
    """Return the values of something whose worker is done with it now."""
    return {"finished_at": func.now(), "worker_id": None}


def waiting_again(wait_seconds: float) -> dict[str, Any]:
    """Return the values of something that waits for a worker once more."""
    due = func.now() + timedelta(seconds=wait_seconds)
    return {"state": JobState.WAITING, "worker_id": None, "due_at": due, "heartbeat_at": None}


def add_lines(work: Connection, job: UUID, claim: int, lines: Sequence[JSONValue]) -> bool:
    """Add lines to what runs under this claim; say whether it was still held."""
    return change_held(work, job, claim, {"lines": JOBS.c.lines.concat(list(lines))}) is not None


def lost(work: Connection, seconds: float) -> list[UUID]:
    """Return what runs under claims whose workers were not heard of for so long, the longest first."""
    silent = JOBS.c.state == JobState.RUNNING, JOBS.c.heartbeat_at < func.now() - timedelta(seconds=seconds)
    return list(work.scalars(select(JOBS.c.id).where(*silent).order_by(JOBS.c.heartbeat_at)))


def hold_if_lost(work: Connection, job: UUID, seconds: float) -> GradingJob | None:
    """Lock one that is still lost, unless somebody else has it in hand."""
    silent = JOBS.c.state == JobState.RUNNING, JOBS.c.heartbeat_at < func.now() - timedelta(seconds=seconds)
    return _first(work, select(JOBS).where(JOBS.c.id == job, *silent).with_for_update(skip_locked=True))


def register(work: Connection, worker: UUID, machine: str, slots: int) -> None:
    """Note a worker that begins."""
    moments = {"started_at": func.now(), "heartbeat_at": func.now()}
    work.execute(insert(WORKERS).values(id=worker, machine=machine, slots=slots, **moments))


def note_end(work: Connection, worker: UUID) -> None:
    """Note that a worker has ended in order."""
    work.execute(update(WORKERS).where(WORKERS.c.id == worker).values(ended_at=func.now()))


def forget_workers(work: Connection, days: int) -> None:
    """Forget workers that were last heard of so many days ago."""
    work.execute(WORKERS.delete().where(WORKERS.c.heartbeat_at < func.now() - timedelta(days=days)))


def counts(work: Connection) -> dict[tuple[JobKind, JobState], int]:
    """Count what waits, runs or is stopped."""
    open_states = JobState.WAITING, JobState.RUNNING, JobState.STOPPED
    query = select(JOBS.c.kind, JOBS.c.state, func.count().label("count")).where(JOBS.c.state.in_(open_states))
    rows = work.execute(query.group_by(JOBS.c.kind, JOBS.c.state))
    return {(JobKind(row.kind), JobState(row.state)): row[2] for row in rows}


def oldest_seconds(work: Connection) -> float:
    """Return how long the first in line has been due, zero where nobody waits."""
    age = func.extract("epoch", func.now() - func.min(JOBS.c.due_at))
    return float(work.scalar(select(age).where(_DUE)) or 0.0)


def workers_alive(work: Connection, seconds: float) -> tuple[int, int]:
    """Count the workers that were heard of in the last seconds, and their slots."""
    alive = WORKERS.c.ended_at.is_(None), WORKERS.c.heartbeat_at > func.now() - timedelta(seconds=seconds)
    row = work.execute(select(func.count(), func.coalesce(func.sum(WORKERS.c.slots), 0)).where(*alive)).one()
    return row[0], row[1]


def recent_done(work: Connection) -> tuple[int, int]:
    """Count the gradings that ended in the last quarter of an hour, and those of them that met faults before."""
    met = func.count().filter(JOBS.c.faults > 0)
    row = work.execute(select(func.count(), met).where(*_RECENTLY_DONE)).one()
    return row[0], row[1]


def recent_failures(work: Connection) -> dict[str, int]:
    """Count by kind the faults of ours of the last quarter of an hour, the last one of each grading or check."""
    query = select(JOBS.c.fault_kind, func.count()).where(JOBS.c.failed_at > func.now() - RECENT)
    return {row[0]: row[1] for row in work.execute(query.group_by(JOBS.c.fault_kind))}


def recent_phases(work: Connection) -> dict[str, PhaseFigures]:
    """Return seconds by phase of the gradings that ended in the last quarter of an hour."""
    each = func.jsonb_each_text(JOBS.c.phases).table_valued("key", "value", name="phase")
    seconds = each.c.value.cast(Double)
    median, late = (func.percentile_cont(share).within_group(seconds) for share in (0.5, 0.95))
    query = select(each.c.key, median, late).select_from(JOBS).join(each, text("true")).where(*_RECENTLY_DONE)
    return {row[0]: PhaseFigures(row[1], row[2]) for row in work.execute(query.group_by(each.c.key))}


def _first(work: Connection, query: Select[Any]) -> GradingJob | None:
    row = work.execute(query).first()
    return _job(row) if row else None


def _job(row: Row[Any]) -> GradingJob:
    values = dict(row._mapping)
    renamed = {"organisation": "organisation_id", "candidate": "candidate_id", "session_task": "session_task_id"}
    for name, column in {**renamed, "worker": "worker_id"}.items():
        values[name] = values.pop(column)
    return GradingJob(**{**values, "kind": JobKind(values["kind"]), "state": JobState(values["state"])})
