"""How people of an organisation sign in, what programs may do for it, and what was tried too often."""

from alembic import op

from shipworthy.store.tenancy import HOUSE, policies_for

revision = "0002"
down_revision = "0001"

TABLES = """
ALTER TABLE organisation
    ADD COLUMN slug text CONSTRAINT uq_organisation_slug UNIQUE,
    ADD COLUMN identity_provider jsonb;
ALTER TABLE person
    ADD COLUMN password_hash text,
    ADD COLUMN provider_subject text,
    ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
    ADD COLUMN wrong_passwords integer NOT NULL DEFAULT 0,
    ADD COLUMN password_tried_at timestamptz,
    ADD COLUMN locked_until timestamptz,
    ADD CONSTRAINT uq_person_organisation_id_provider_subject UNIQUE (organisation_id, provider_subject);
CREATE TABLE sign_in (
    id uuid CONSTRAINT pk_sign_in PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_sign_in_organisation_id REFERENCES organisation,
    person_id uuid NOT NULL CONSTRAINT fk_sign_in_person_id REFERENCES person,
    token_hash text NOT NULL CONSTRAINT uq_sign_in_token_hash UNIQUE,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX ix_sign_in_person_id ON sign_in (person_id);
CREATE TABLE person_link (
    id uuid CONSTRAINT pk_person_link PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_person_link_organisation_id REFERENCES organisation,
    person_id uuid NOT NULL CONSTRAINT fk_person_link_person_id REFERENCES person,
    purpose text NOT NULL CONSTRAINT ck_person_link_purpose CHECK (purpose IN ('welcome', 'reset', 'choice')),
    token_hash text NOT NULL CONSTRAINT uq_person_link_token_hash UNIQUE,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE TABLE api_token (
    id uuid CONSTRAINT pk_api_token PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_api_token_organisation_id REFERENCES organisation,
    name text NOT NULL,
    token_hash text NOT NULL CONSTRAINT uq_api_token_token_hash UNIQUE,
    scopes text[] NOT NULL,
    created_by uuid NOT NULL CONSTRAINT fk_api_token_created_by REFERENCES person,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX ix_api_token_organisation_id ON api_token (organisation_id);
CREATE INDEX ix_person_link_person_id ON person_link (person_id);
CREATE TABLE provider_trip (
    state_hash text CONSTRAINT pk_provider_trip PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_provider_trip_organisation_id REFERENCES organisation,
    browser_hash text NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    expires_at timestamptz NOT NULL
);
"""

THROTTLE = f"""
CREATE TABLE throttle (
    key text NOT NULL,
    since timestamptz NOT NULL,
    count integer NOT NULL,
    CONSTRAINT pk_throttle PRIMARY KEY (key, since)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON throttle TO {HOUSE};
"""


def upgrade() -> None:
    """Bring the schema up."""
    op.execute(TABLES)
    for table in ("sign_in", "person_link", "api_token", "provider_trip"):
        for statement in policies_for(table):
            op.execute(statement)
    op.execute(THROTTLE)
