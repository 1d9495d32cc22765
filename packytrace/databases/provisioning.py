"""Schemas, roles and grants: one idempotent path for the embedded server, a container and the tests.

Run as a role that may create roles. `provision` comes before the migrations, `settle_grants` after them. Both
carry out the repairs of the audit and change nothing else, so that what is as declared needs no power to set.
"""

from collections.abc import Callable
from typing import Final

import psycopg
from django.conf import settings
from psycopg import errors, sql

from packytrace.databases import audit, roles
from packytrace.databases.audit import Deviation
from packytrace.databases.catalogue import EXTENSIONS_SCHEMA

EXTENSIONS: Final = ("pg_trgm", "unaccent", "btree_gist")

#: One provisioner at a time: two would trip over each other's CREATE ROLE and GRANT.
_PROVISIONING_LOCK: Final = 0x5041434B  # "PACK"


class LeftUndone(Exception):
    """Everything is done but what this administrator may not change; the text says what a superuser does."""


def provision(connection: psycopg.Connection, *, password: Callable[[str], str]) -> None:
    """Make roles, schemas, grants and policies what they are declared to be.

    `connection` is autocommit, in the target database; `password` gives a role's password. Everything happens
    in one transaction: a killed run leaves nothing half done. Raises LeftUndone.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_PROVISIONING_LOCK])
        _create_roles(connection, password=password)
        _create_extensions(connection)
        for schema in roles.SCHEMAS:
            _create_schema(connection, schema=schema, owner=roles.owner(schema))
        _create_schema(connection, schema=roles.LOG_SCHEMA, owner=roles.LOG_OWNER)
        left = _repair(connection, repairable=lambda _: True)
        undone = [f"{deviation.words} ({deviation.repair.as_string(connection)})" for deviation in left]
    if undone:
        raise LeftUndone("Only a superuser can repair this: " + "; ".join(undone))


def settle_grants(connection: psycopg.Connection, *, schema: str) -> None:
    """Grant exactly what is declared in a schema, with forced row-level security on tenants' tables.

    `connection` belongs to the schema's owner, and what an owner cannot repair is left to `provision`. Tables
    that the declaration does not know lose every grant of ours.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_PROVISIONING_LOCK])
        _repair(connection, repairable=lambda deviation: deviation.schema == schema)


def _repair(connection: psycopg.Connection, *, repairable: Callable[[Deviation], bool]) -> list[Deviation]:
    """Repair until nothing is left, or nothing changes any more; answers what is left."""
    before: list[Deviation] | None = None
    while True:
        found = [
            found
            for found in audit.find(connection)
            if repairable(found) and found.repair is not audit.NO_REPAIR
        ]
        if not found or found == before:
            return found
        before = found
        for deviation in found:
            _try(connection, deviation)


def _try(connection: psycopg.Connection, deviation: Deviation) -> None:
    """Carry out one repair. Whether it helped is seen afterwards: this role may not be allowed to, or an
    earlier repair took the thing along."""
    try:
        with connection.transaction():
            row = connection.execute("SELECT current_setting('role')").fetchone()
            if deviation.acting_as:  # PostgreSQL knows each grant by its giver, who alone can take it back
                connection.execute("SELECT set_config('role', %s, true)", [deviation.acting_as])
            connection.execute(deviation.repair)
            connection.execute("SELECT set_config('role', %s, true)", row)
    except (
        errors.InsufficientPrivilege,
        errors.InvalidGrantOperation,
        errors.InvalidFunctionDefinition,  # another kind of result: only a person drops what is there
    ):
        return


def _create_roles(connection: psycopg.Connection, *, password: Callable[[str], str]) -> None:
    existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role in roles.ALL_ROLES:
        if role not in existing:
            _execute(connection, "CREATE ROLE {} LOGIN NOINHERIT", role)
        connection.execute(
            sql.SQL("ALTER ROLE {} WITH PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(password(role))
            )
        )
        # A managed server's administrator is no superuser: it must be a member to create an owner's schema.
        _execute(connection, "GRANT {} TO CURRENT_USER", role)


def _create_extensions(connection: psycopg.Connection) -> None:
    _execute(connection, "CREATE SCHEMA IF NOT EXISTS {}", EXTENSIONS_SCHEMA)
    for extension in EXTENSIONS:
        _execute(connection, "CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA {}", extension, EXTENSIONS_SCHEMA)


def _create_schema(connection: psycopg.Connection, *, schema: str, owner: str) -> None:
    _execute(connection, "CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}", schema, owner)


def _execute(connection: psycopg.Connection, statement: str, *identifiers: str) -> None:
    connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in identifiers)))


def admin_conninfo() -> str:
    """How provisioning connects: the configured administrator, or the embedded superuser."""
    return str(settings.DATABASE_ADMIN_CONNINFO)
