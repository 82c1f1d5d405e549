"""Background work: the queue, and the gradings and runs of public checks that wait in it."""

from alembic import op
from procrastinate.schema import SchemaManager

from shipworthy.store.tenancy import HOUSE, TENANT, policies_for

revision = "0006"
down_revision = "0005"

TABLES = f"""
CREATE TABLE grading_worker (
    id uuid CONSTRAINT pk_grading_worker PRIMARY KEY,
    machine text NOT NULL,
    slots integer NOT NULL,
    started_at timestamptz NOT NULL,
    heartbeat_at timestamptz NOT NULL,
    ended_at timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON grading_worker TO {HOUSE};
CREATE TABLE grading_job (
    id uuid CONSTRAINT pk_grading_job PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_grading_job_organisation_id REFERENCES organisation,
    candidate_id uuid NOT NULL CONSTRAINT fk_grading_job_candidate_id REFERENCES candidate,
    session_task_id uuid NOT NULL CONSTRAINT fk_grading_job_session_task_id REFERENCES session_task,
    kind text NOT NULL CONSTRAINT ck_grading_job_kind CHECK (kind IN ('grading', 'public_check')),
    task_id text NOT NULL,
    package_digest text NOT NULL,
    seed bigint NOT NULL,
    blob text NOT NULL,
    state text NOT NULL CONSTRAINT ck_grading_job_state CHECK
        (state IN ('waiting', 'running', 'done', 'stopped', 'cancelled')),
    claim integer NOT NULL DEFAULT 0,
    faults integer NOT NULL DEFAULT 0,
    fault text NOT NULL DEFAULT '',
    fault_kind text NOT NULL DEFAULT '',
    failed_at timestamptz,
    worker_id uuid,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    claimed_at timestamptz,
    heartbeat_at timestamptz,
    finished_at timestamptz,
    bundle text,
    outcome jsonb,
    lines jsonb NOT NULL DEFAULT '[]',
    phases jsonb
);
CREATE UNIQUE INDEX uq_grading_job_one_grading ON grading_job (session_task_id) WHERE kind = 'grading';
CREATE UNIQUE INDEX uq_grading_job_one_check ON grading_job (session_task_id)
    WHERE kind = 'public_check' AND state IN ('waiting', 'running');
CREATE INDEX ix_grading_job_waiting ON grading_job (kind, organisation_id, due_at, candidate_id)
    WHERE state = 'waiting';
CREATE INDEX ix_grading_job_running ON grading_job (organisation_id, candidate_id) WHERE state = 'running';
CREATE INDEX ix_grading_job_stopped ON grading_job (organisation_id) WHERE state = 'stopped';
CREATE INDEX ix_grading_job_claimed_at ON grading_job (claimed_at DESC) INCLUDE (kind) WHERE claimed_at IS NOT NULL;
CREATE INDEX ix_grading_job_organisation_id_claimed_at ON grading_job (organisation_id, claimed_at DESC)
    WHERE claimed_at IS NOT NULL;
CREATE INDEX ix_grading_job_candidate_id_claimed_at ON grading_job (candidate_id, claimed_at DESC)
    WHERE claimed_at IS NOT NULL;
CREATE INDEX ix_grading_job_session_task_id ON grading_job (session_task_id);
CREATE INDEX ix_grading_job_failed_at ON grading_job (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX ix_grading_job_finished_at ON grading_job (finished_at) WHERE state = 'done';
"""

DEFER = """
CREATE FUNCTION shipworthy_wake_a_worker(due timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)
    VALUES ('gradings', 'shipworthy.grade_next', '{}', due)
$$;
CREATE FUNCTION shipworthy_use_a_permit() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    DELETE FROM procrastinate_jobs WHERE id = (
        SELECT id FROM procrastinate_jobs WHERE queue_name = 'gradings' AND status = 'todo'
        AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
$$;
CREATE FUNCTION shipworthy_forget_dead_permits() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    DELETE FROM procrastinate_jobs AS permit
    WHERE queue_name = 'gradings' AND status <> 'todo' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers AS worker
        WHERE worker.id = permit.worker_id AND worker.last_heartbeat > now() - interval '60 seconds'
    )
$$;
CREATE FUNCTION shipworthy_permits() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'gradings' AND status = 'todo'
    AND (scheduled_at IS NULL OR scheduled_at <= now())
$$;
REVOKE ALL ON FUNCTION shipworthy_wake_a_worker, shipworthy_use_a_permit, shipworthy_forget_dead_permits,
    shipworthy_permits FROM PUBLIC;
"""
GRANTS = f"""
GRANT EXECUTE ON FUNCTION shipworthy_wake_a_worker TO {TENANT}, {HOUSE};
GRANT EXECUTE ON FUNCTION shipworthy_use_a_permit, shipworthy_forget_dead_permits, shipworthy_permits TO {HOUSE};
"""


def upgrade() -> None:
    """Bring the schema up."""
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute(TABLES)
    for statement in policies_for("grading_job"):
        op.execute(statement)
    op.execute(DEFER)
    op.execute(GRANTS)
