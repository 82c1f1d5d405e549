"""Organisations, their people, and the audit log."""

from alembic import op

from shipworthy.store.tenancy import HOUSE, TENANT, make_roles, policies_for

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE organisation (
    id uuid CONSTRAINT pk_organisation PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE person (
    id uuid CONSTRAINT pk_person PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_person_organisation_id REFERENCES organisation,
    email text NOT NULL,
    name text NOT NULL,
    accesses text[] NOT NULL,
    created_at timestamptz NOT NULL,
    left_at timestamptz,
    CONSTRAINT uq_person_organisation_id_email UNIQUE (organisation_id, email)
);
CREATE INDEX ix_person_email ON person (email);
CREATE TABLE audit_event (
    organisation_id uuid NOT NULL CONSTRAINT fk_audit_event_organisation_id REFERENCES organisation,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    tag text NOT NULL,
    actor text NOT NULL,
    subject text NOT NULL,
    details jsonb NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT pk_audit_event PRIMARY KEY (organisation_id, number)
);
CREATE INDEX ix_audit_event_organisation_id_subject ON audit_event (organisation_id, subject);
"""

APPEND_ONLY = f"""
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit events are never changed'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON audit_event FROM {TENANT}, {HOUSE};
"""


def upgrade() -> None:
    """Bring the schema up."""
    for statement in make_roles():
        op.execute(statement)
    op.execute(TABLES)
    for table, column in (("organisation", "id"), ("person", "organisation_id"), ("audit_event", "organisation_id")):
        for statement in policies_for(table, column):
            op.execute(statement)
    op.execute(APPEND_ONLY)
