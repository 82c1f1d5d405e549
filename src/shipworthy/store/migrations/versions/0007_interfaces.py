"""What programs outside use: requests that may be repeated, and webhooks with their deliveries."""

from alembic import op

from shipworthy.store.tenancy import policies_for

revision = "0007"
down_revision = "0006"

TABLES = """
CREATE TABLE idempotent_request (
    organisation_id uuid NOT NULL CONSTRAINT fk_idempotent_request_organisation_id REFERENCES organisation,
    token_id uuid NOT NULL CONSTRAINT fk_idempotent_request_token_id REFERENCES api_token,
    key text NOT NULL,
    request_digest text NOT NULL,
    status integer,
    body jsonb,
    at timestamptz NOT NULL,
    CONSTRAINT pk_idempotent_request PRIMARY KEY (token_id, key)
);
CREATE TABLE webhook (
    id uuid CONSTRAINT pk_webhook PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_webhook_organisation_id REFERENCES organisation,
    url text NOT NULL,
    secret text NOT NULL,
    events text[] NOT NULL,
    told_to bigint NOT NULL,
    created_by uuid NOT NULL CONSTRAINT fk_webhook_created_by REFERENCES person,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz
);
CREATE TABLE webhook_delivery (
    id uuid CONSTRAINT pk_webhook_delivery PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT fk_webhook_delivery_organisation_id REFERENCES organisation,
    webhook_id uuid NOT NULL CONSTRAINT fk_webhook_delivery_webhook_id REFERENCES webhook,
    event_number bigint NOT NULL,
    event text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL CONSTRAINT ck_webhook_delivery_state CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    status integer,
    fault text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    next_at timestamptz,
    delivered_at timestamptz,
    CONSTRAINT uq_webhook_delivery_webhook_id_event_number UNIQUE (webhook_id, event_number)
);
CREATE INDEX ix_webhook_organisation_id ON webhook (organisation_id);
CREATE INDEX ix_webhook_delivery_due ON webhook_delivery (next_at) WHERE state = 'waiting';
"""


def upgrade() -> None:
    """Bring the schema up."""
    op.execute(TABLES)
    for table in ("idempotent_request", "webhook", "webhook_delivery"):
        for statement in policies_for(table):
            op.execute(statement)
