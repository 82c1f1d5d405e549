"""The way to PostgreSQL, embedded or any other, with organisations kept apart by the database itself."""
