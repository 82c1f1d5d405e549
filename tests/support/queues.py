"""Sessions whose tasks can be handed in, by plain SQL: for the queue, which stands below roles and delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from shipworthy.grading.jobs.operations import enqueue_grading, enqueue_public_check
from shipworthy.store.database import Database
from tests.support.organisations import author_in, organisation_in

FILLINGS: Mapping[str, Any] = {
    "text": "x",
    "int4": 1,
    "int8": 1,
    "numeric": 1,
    "bool": False,
    "jsonb": "{}",
    "timestamptz": datetime(2026, 5, 3, tzinfo=UTC),
    "_text": [],
    "bytea": b"",
}


@dataclass(frozen=True)
class Seat:
    """One task that one candidate of an organisation may hand in."""

    organisation: UUID
    candidate: UUID
    session_task: UUID


def seats(database: Database, *, candidates: int = 1, tasks: int = 1, organisation: UUID | None = None) -> list[Seat]:
    """Make candidates of an organisation, each with a session of so many tasks."""
    of = organisation or organisation_in(database)
    person = author_in(database, of).id
    with database.unit_of_work(of) as work:
        role = insert(work, "role", organisation_id=of, created_by=person)
        insert(work, "role_version", organisation_id=of, role_id=role, number=1, created_by=person)
        offered = {"organisation_id": of, "role_id": role, "role_version": 1}
        assessment = insert(work, "assessment", **offered, decider_id=person, created_by=person)
        return [
            Seat(of, candidate, session_task)
            for _ in range(candidates)
            for candidate in [insert(work, "candidate", organisation_id=of, email=f"{uuid4()}@example.org")]
            for session_task in _session_tasks(work, of, assessment, candidate, tasks)
        ]


def _session_tasks(work: Connection, of: UUID, assessment: UUID, candidate: UUID, count: int) -> list[UUID]:
    whose = {"organisation_id": of, "candidate_id": candidate}
    invitation = insert(work, "invitation", **whose, assessment_id=assessment, state="started")
    session = insert(work, "session", **whose, invitation_id=invitation)
    return [
        insert(work, "session_task", organisation_id=of, session_id=session, position=place, state="handed_in")
        for place in range(count)
    ]


def insert(work: Connection, table: str, **values: Any) -> UUID:
    """Add a row with these values; whatever else must be there is filled with anything that fits."""
    identifier = values.setdefault("id", uuid4())
    columns = work.execute(
        text(
            "SELECT column_name, udt_name, "
            "column_default IS NULL AND is_nullable = 'NO' AND is_generated = 'NEVER' AS needed "
            "FROM information_schema.columns WHERE table_name = :table"
        ),
        {"table": table},
    ).all()
    known = {column.column_name for column in columns}
    row = {name: value for name, value in values.items() if name in known}
    for column in columns:
        if column.needed and column.column_name not in row:
            row[column.column_name] = uuid4() if column.udt_name == "uuid" else FILLINGS[column.udt_name]
    names = ", ".join(row)
    work.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)
    return UUID(str(identifier))


def hand_in(
    work: Connection,
    seat: Seat,
    *,
    blob: str = "b" * 64,
    task_id: str = "churn-model",
    package_digest: str = "d" * 64,
    seed: int = 7,
    check: bool = False,
) -> UUID:
    """Put a seat's grading, or a run of its public checks, into the queue."""
    enqueue = enqueue_public_check if check else enqueue_grading
    return enqueue(
        work,
        seat.organisation,
        candidate=seat.candidate,
        session_task=seat.session_task,
        task_id=task_id,
        package_digest=package_digest,
        seed=seed,
        blob=blob,
    )


def permits(database: Database) -> int:
    """Count how often a worker is to look for work."""
    with database.engine.begin() as connection:
        count = connection.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"))
    return int(count or 0)
