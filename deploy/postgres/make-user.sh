#!/bin/sh
# Makes the user and the database of Shipworthy. The image's own user is a superuser, for whom row-level security does
# not hold: this one is not.
set -eu
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE shipworthy LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE shipworthy OWNER shipworthy;
SQL
