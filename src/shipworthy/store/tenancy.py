"""Keeps organisations apart inside the database: row-level security, and two roles.

Every transaction takes one of them. `shipworthy_tenant` sees the rows of the organisation that the transaction was
opened for; `shipworthy_house` sees all rows and is for work that belongs to no organisation, such as finding who signs
in. Security is forced on the owner of the tables too, so that a transaction which takes neither role sees nothing.
"""

from uuid import UUID

from sqlalchemy import Connection, text

TENANT, HOUSE = "shipworthy_tenant", "shipworthy_house"
SETTING = "shipworthy.organisation"
_CONFINE = text("SELECT set_config('role', :role, true), set_config(:name, :value, true)")
"""`SET LOCAL ROLE` and the organisation in one statement: every transaction waits for it."""


def confine(connection: Connection, organisation: UUID) -> None:
    """Let the rest of the transaction see and change rows of one organisation only."""
    values = {"role": TENANT, "name": SETTING, "value": str(organisation)}
    connection.execute(_CONFINE, values)


def work_for_the_house(connection: Connection) -> None:
    """Let the rest of the transaction see and change the rows of every organisation."""
    connection.execute(text(f"SET LOCAL ROLE {HOUSE}"))


def policies_for(table: str, column: str = "organisation_id") -> list[str]:
    """Return the statements that put a table under row-level security; for migrations.

    The organisation is a subquery, so that it is read once for a statement and not for every row.
    """
    own = f"{column} = (SELECT nullif(current_setting('{SETTING}', true), '')::uuid)"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} TO {TENANT} USING ({own}) WITH CHECK ({own})",
        f"CREATE POLICY house ON {table} TO {HOUSE} USING (true) WITH CHECK (true)",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {TENANT}, {HOUSE}",
    ]


def make_roles() -> list[str]:
    """Return the statements that make both roles, where they are missing, and let the connecting user take them."""
    return [
        statement
        for role in (TENANT, HOUSE)
        for statement in (
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            f"GRANT {role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE",
            f"GRANT USAGE ON SCHEMA public TO {role}",
        )
    ]
