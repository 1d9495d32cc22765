"""Schemas, roles and grants: one idempotent path for the embedded server, a container and the tests.

Run as a role that may create roles. `provision` comes before the migrations, `settle_grants` after them.
"""

from collections.abc import Callable
from typing import Final

import psycopg
from django.conf import settings
from psycopg import sql

from packytrace.databases import privileges, roles
from packytrace.databases.scope import BRAND_VARIABLE

#: Extensions live in a schema of their own that every role may use and none may change.
EXTENSIONS_SCHEMA: Final = "extensions"
EXTENSIONS: Final = ("pg_trgm", "unaccent")

#: One provisioner at a time: two would trip over each other's CREATE ROLE.
_PROVISIONING_LOCK: Final = 0x5041434B  # "PACK"


def provision(connection: psycopg.Connection, *, password: Callable[[str], str]) -> None:
    """Make roles, schemas and default privileges what they are declared to be.

    `connection` is autocommit, in the target database; `password` gives a role's password. Everything happens
    in one transaction: a killed run leaves nothing half done.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_PROVISIONING_LOCK])
        database = connection.info.dbname
        _create_roles(connection, password=password)
        _close_public(connection, database=database)
        _create_extensions(connection)
        for schema in roles.SCHEMAS:
            _create_schema(connection, schema=schema, owner=roles.owner(schema))
            _open_schema_to_its_app(connection, schema=schema, database=database)
        _create_schema(connection, schema=roles.LOG_SCHEMA, owner=roles.LOG_OWNER)
        for schema in roles.CONTEXTS:
            _execute(connection, "GRANT USAGE ON SCHEMA {} TO {}", schema, roles.RELAY)
            _execute(connection, "GRANT USAGE ON SCHEMA log TO {}", roles.app(schema))
        _execute(connection, "GRANT USAGE ON SCHEMA log TO {}", roles.RELAY)


def settle_grants(connection: psycopg.Connection, *, schema: str) -> None:
    """Grant exactly what the schema's models declare, and force row-level security on tenants' tables.

    `connection` belongs to the schema's owner. Tables that the declaration does not know lose every grant.
    """
    declared = {table.name: table for table in privileges.declared_tables(schema=schema)}
    grantees = {roles.app(schema), roles.RELAY} if schema in roles.CONTEXTS else {roles.app(schema)}
    with connection.transaction():
        existing = connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relkind IN ('r', 'p')",
            [schema],
        ).fetchall()
        for (name,) in existing:
            table = sql.Identifier(schema, name)
            for grantee in grantees:
                connection.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(table, sql.Identifier(grantee)))
            if name not in declared:
                continue
            for role, verbs in declared[name].grants.items():
                connection.execute(
                    sql.SQL("GRANT {} ON {} TO {}").format(
                        sql.SQL(", ").join(sql.SQL(verb) for verb in sorted(verbs)),
                        table,
                        sql.Identifier(role),
                    )
                )
            if declared[name].tenant_scoped:
                _isolate_tenants(connection, table=table)


def _isolate_tenants(connection: psycopg.Connection, *, table: sql.Identifier) -> None:
    connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table))
    connection.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(table))
    connection.execute(sql.SQL("DROP POLICY IF EXISTS one_brand ON {}").format(table))
    connection.execute(
        sql.SQL(
            "CREATE POLICY one_brand ON {}"
            " USING (brand_id = NULLIF(current_setting({variable}, true), '')::uuid)"
            " WITH CHECK (brand_id = NULLIF(current_setting({variable}, true), '')::uuid)"
        ).format(table, variable=sql.Literal(BRAND_VARIABLE))
    )


def _create_roles(connection: psycopg.Connection, *, password: Callable[[str], str]) -> None:
    existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role in roles.ALL_ROLES:
        if role not in existing:
            _execute(connection, "CREATE ROLE {} LOGIN NOINHERIT", role)
        connection.execute(
            sql.SQL("ALTER ROLE {} WITH LOGIN PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(password(role))
            )
        )
        # A managed server's administrator is no superuser: it must be a member to create an owner's schema.
        _execute(connection, "GRANT {} TO CURRENT_USER", role)


def _close_public(connection: psycopg.Connection, *, database: str) -> None:
    _execute(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for role in roles.ALL_ROLES:
        _execute(connection, "GRANT CONNECT ON DATABASE {} TO {}", database, role)


def _create_extensions(connection: psycopg.Connection) -> None:
    _execute(connection, "CREATE SCHEMA IF NOT EXISTS {}", EXTENSIONS_SCHEMA)
    _execute(connection, "GRANT USAGE ON SCHEMA {} TO PUBLIC", EXTENSIONS_SCHEMA)
    for extension in EXTENSIONS:
        _execute(connection, "CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA {}", extension, EXTENSIONS_SCHEMA)


def _create_schema(connection: psycopg.Connection, *, schema: str, owner: str) -> None:
    _execute(connection, "CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}", schema, owner)


def _open_schema_to_its_app(connection: psycopg.Connection, *, schema: str, database: str) -> None:
    owner, app = roles.owner(schema), roles.app(schema)
    _execute(connection, "GRANT USAGE ON SCHEMA {} TO {}", schema, app)
    _execute(
        connection,
        "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {}"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        owner,
        schema,
        app,
    )
    _execute(
        connection,
        "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} GRANT USAGE ON SEQUENCES TO {}",
        owner,
        schema,
        app,
    )
    for role in (owner, app):
        _execute(
            connection,
            "ALTER ROLE {} IN DATABASE {} SET search_path = {}, {}",
            role,
            database,
            schema,
            EXTENSIONS_SCHEMA,
        )


def _execute(connection: psycopg.Connection, statement: str, *identifiers: str) -> None:
    connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in identifiers)))


def admin_conninfo() -> str:
    """How provisioning connects: the configured administrator, or the embedded superuser."""
    return str(settings.DATABASE_ADMIN_CONNINFO)
