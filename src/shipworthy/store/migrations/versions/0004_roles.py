"""Roles with every version of their profile, and the assessments that are made for them."""

from alembic import op

from shipworthy.store.tenancy import policies_for

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE TABLE role (
    id uuid CONSTRAINT pk_role PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_role_organisation_id REFERENCES organisation,
    title text NOT NULL,
    version integer NOT NULL,
    created_by uuid NOT NULL CONSTRAINT fk_role_created_by REFERENCES person,
    created_at timestamptz NOT NULL,
    archived_at timestamptz
);
CREATE INDEX ix_role_organisation_id_created_at ON role (organisation_id, created_at DESC, id);
CREATE TABLE role_version (
    organisation_id uuid NOT NULL CONSTRAINT fk_role_version_organisation_id REFERENCES organisation,
    role_id uuid NOT NULL CONSTRAINT fk_role_version_role_id REFERENCES role,
    number integer NOT NULL,
    profile text NOT NULL,
    digest text NOT NULL,
    posting text NOT NULL,
    created_by uuid NOT NULL CONSTRAINT fk_role_version_created_by REFERENCES person,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_role_version PRIMARY KEY (role_id, number)
);
CREATE TABLE assessment (
    id uuid CONSTRAINT pk_assessment PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_assessment_organisation_id REFERENCES organisation,
    role_id uuid NOT NULL,
    role_version integer NOT NULL,
    title text NOT NULL,
    tasks jsonb NOT NULL,
    limit_minutes integer NOT NULL,
    contact text NOT NULL,
    decider_id uuid NOT NULL CONSTRAINT fk_assessment_decider_id REFERENCES person,
    valid_days integer NOT NULL,
    created_by uuid NOT NULL CONSTRAINT fk_assessment_created_by REFERENCES person,
    created_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT fk_assessment_role_id_role_version FOREIGN KEY (role_id, role_version) REFERENCES role_version
);
CREATE INDEX ix_assessment_organisation_id_created_at ON assessment (organisation_id, created_at DESC, id);
CREATE INDEX ix_assessment_role_id ON assessment (role_id);
"""


def upgrade() -> None:
    """Bring the schema up."""
    op.execute(TABLES)
    for table in ("role", "role_version", "assessment"):
        for statement in policies_for(table):
            op.execute(statement)
