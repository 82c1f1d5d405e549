"""Letters: what goes out by mail, and what would have gone out."""

from alembic import op

from shipworthy.store.tenancy import policies_for

revision = "0003"
down_revision = "0002"

TABLES = """
CREATE TABLE letter (
    id uuid CONSTRAINT pk_letter PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_letter_organisation_id REFERENCES organisation,
    recipient text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    about text NOT NULL,
    state text NOT NULL CONSTRAINT ck_letter_state CHECK (state IN ('waiting', 'sent', 'kept', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    fault text NOT NULL DEFAULT '',
    secret text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    next_at timestamptz,
    sent_at timestamptz
);
CREATE INDEX ix_letter_organisation_id_created_at ON letter (organisation_id, created_at DESC);
CREATE INDEX ix_letter_organisation_id_state_created_at ON letter (organisation_id, state, created_at DESC);
CREATE INDEX ix_letter_due ON letter (next_at) WHERE state = 'waiting';
"""


def upgrade() -> None:
    """Bring the schema up."""
    op.execute(TABLES)
    for statement in policies_for("letter"):
        op.execute(statement)
