"""Candidates, their invitations, sessions, drafts and submissions."""

from alembic import op

from shipworthy.store.tenancy import policies_for

revision = "0005"
down_revision = "0004"

OF_TENANTS = (
    "candidate",
    "invitation",
    "invitation_link",
    "accommodation",
    "session",
    "session_task",
    "draft",
    "session_event",
    "submission",
)

TABLES = """
CREATE TABLE candidate (
    id uuid CONSTRAINT pk_candidate PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_candidate_organisation_id REFERENCES organisation,
    name text NOT NULL,
    email text NOT NULL,
    time_zone text NOT NULL DEFAULT 'UTC',
    created_at timestamptz NOT NULL,
    sort_name text NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    search text NOT NULL GENERATED ALWAYS AS (lower(name || ' ' || email)) STORED,
    CONSTRAINT uq_candidate_organisation_id_email UNIQUE (organisation_id, email)
);
CREATE INDEX ix_candidate_organisation_id_sort_name ON candidate (organisation_id, sort_name, id);
CREATE TABLE invitation (
    id uuid CONSTRAINT pk_invitation PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_invitation_organisation_id REFERENCES organisation,
    assessment_id uuid NOT NULL CONSTRAINT fk_invitation_assessment_id REFERENCES assessment,
    candidate_id uuid NOT NULL CONSTRAINT fk_invitation_candidate_id REFERENCES candidate,
    state text NOT NULL CONSTRAINT ck_invitation_state CHECK
        (state IN ('invited', 'opened', 'started', 'finished', 'withdrawn', 'cancelled', 'expired')),
    cancelled_from text,
    code_hash text,
    code_expires_at timestamptz,
    wrong_codes integer NOT NULL DEFAULT 0,
    device_hash text CONSTRAINT uq_invitation_device_hash UNIQUE,
    device_expires_at timestamptz,
    invited_by text NOT NULL,
    invited_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    opened_at timestamptz,
    reminded_at timestamptz,
    reminders integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL,
    CONSTRAINT uq_invitation_assessment_id_candidate_id UNIQUE (assessment_id, candidate_id)
);
CREATE INDEX ix_invitation_assessment_id_invited_at ON invitation (assessment_id, invited_at DESC, id);
CREATE INDEX ix_invitation_organisation_id_invited_at ON invitation (organisation_id, invited_at DESC, id);
CREATE INDEX ix_invitation_assessment_id_state_invited_at ON invitation (assessment_id, state, invited_at DESC, id);
CREATE INDEX ix_invitation_assessment_id_changed_at ON invitation (assessment_id, changed_at DESC, id);
CREATE INDEX ix_invitation_counts ON invitation (organisation_id, assessment_id, state);
CREATE INDEX ix_invitation_finished ON invitation (organisation_id, changed_at DESC, id) WHERE state = 'finished';
CREATE INDEX ix_invitation_candidate_id ON invitation (candidate_id);
CREATE INDEX ix_invitation_open ON invitation (expires_at) WHERE state IN ('invited', 'opened', 'started');
CREATE TABLE invitation_link (
    token_hash text CONSTRAINT pk_invitation_link PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_invitation_link_organisation_id REFERENCES organisation,
    invitation_id uuid NOT NULL CONSTRAINT fk_invitation_link_invitation_id REFERENCES invitation,
    made_at timestamptz NOT NULL
);
CREATE INDEX ix_invitation_link_invitation_id ON invitation_link (invitation_id);
CREATE TABLE accommodation (
    invitation_id uuid CONSTRAINT pk_accommodation PRIMARY KEY
        CONSTRAINT fk_accommodation_invitation_id REFERENCES invitation,
    organisation_id uuid NOT NULL CONSTRAINT fk_accommodation_organisation_id REFERENCES organisation,
    time_factor numeric NOT NULL DEFAULT 1,
    note text NOT NULL,
    granted_by uuid NOT NULL CONSTRAINT fk_accommodation_granted_by REFERENCES person,
    granted_at timestamptz NOT NULL
);
CREATE TABLE session (
    id uuid CONSTRAINT pk_session PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_session_organisation_id REFERENCES organisation,
    invitation_id uuid NOT NULL CONSTRAINT fk_session_invitation_id REFERENCES invitation
        CONSTRAINT uq_session_invitation_id UNIQUE,
    candidate_id uuid NOT NULL CONSTRAINT fk_session_candidate_id REFERENCES candidate,
    consented_at timestamptz NOT NULL,
    notice text NOT NULL,
    notice_digest text NOT NULL,
    time_zone text NOT NULL,
    finished_at timestamptz,
    withdrawn_at timestamptz
);
CREATE TABLE session_task (
    id uuid CONSTRAINT pk_session_task PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_session_task_organisation_id REFERENCES organisation,
    session_id uuid NOT NULL CONSTRAINT fk_session_task_session_id REFERENCES session,
    position integer NOT NULL,
    task_id text NOT NULL,
    task_version text NOT NULL,
    package_digest text NOT NULL,
    seed bigint NOT NULL,
    minutes numeric NOT NULL,
    practice boolean NOT NULL,
    state text NOT NULL CONSTRAINT ck_session_task_state CHECK
        (state IN ('waiting', 'running', 'handed_in', 'closed', 'withdrawn')),
    started_at timestamptz,
    deadline_at timestamptz,
    ended_at timestamptz,
    workspace text,
    CONSTRAINT uq_session_task_session_id_position UNIQUE (session_id, position)
);
CREATE INDEX ix_session_task_running ON session_task (deadline_at) WHERE state = 'running';
CREATE TABLE draft (
    session_task_id uuid CONSTRAINT pk_draft PRIMARY KEY
        CONSTRAINT fk_draft_session_task_id REFERENCES session_task,
    organisation_id uuid NOT NULL CONSTRAINT fk_draft_organisation_id REFERENCES organisation,
    revision integer NOT NULL,
    files bytea NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL,
    replaced bytea
);
CREATE TABLE session_event (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_session_event PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_session_event_organisation_id REFERENCES organisation,
    session_id uuid NOT NULL CONSTRAINT fk_session_event_session_id REFERENCES session,
    session_task_id uuid CONSTRAINT fk_session_event_session_task_id REFERENCES session_task,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    details jsonb NOT NULL
);
CREATE INDEX ix_session_event_session_id_at ON session_event (session_id, at);
CREATE TABLE submission (
    id uuid CONSTRAINT pk_submission PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_submission_organisation_id REFERENCES organisation,
    session_task_id uuid NOT NULL CONSTRAINT fk_submission_session_task_id REFERENCES session_task
        CONSTRAINT uq_submission_session_task_id UNIQUE,
    blob text NOT NULL,
    files integer NOT NULL,
    bytes bigint NOT NULL,
    handed_in_by text NOT NULL CONSTRAINT ck_submission_handed_in_by CHECK (handed_in_by IN ('candidate', 'house')),
    handed_in_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Bring the schema up."""
    op.execute(TABLES)
    for table in OF_TENANTS:
        for statement in policies_for(table):
            op.execute(statement)
