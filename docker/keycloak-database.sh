#!/bin/sh
# Gives Keycloak a database and a role of its own in the same server. Running it again changes nothing.
set -eu
PGPASSWORD=$(cat /run/secrets/postgres_password)
export PGPASSWORD
# No argument: a list of processes shows those.
KEYCLOAK_DB_PASSWORD=$(cat /run/secrets/keycloak_db_password)
export KEYCLOAK_DB_PASSWORD
psql -v ON_ERROR_STOP=1 <<'SQL'
\getenv password KEYCLOAK_DB_PASSWORD
SELECT 'CREATE ROLE keycloak LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'keycloak') \gexec
ALTER ROLE keycloak PASSWORD :'password';
SELECT 'CREATE DATABASE keycloak OWNER keycloak'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'keycloak') \gexec
REVOKE ALL ON DATABASE keycloak FROM PUBLIC;
SQL
