"""The grants in the database are the declared ones: each role, schema, table and verb."""

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import errors, sql

from packytrace.databases import privileges, roles
from packytrace.databases.connections import connect

pytestmark = pytest.mark.django_db(databases=list(roles.CONTEXTS))


def _tables() -> list[tuple[str, str]]:
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        return admin.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)", [list(roles.CONTEXTS)]
        ).fetchall()


def test_every_declared_table_exists_and_no_other() -> None:
    declared = {
        (schema, table.name)
        for schema in roles.CONTEXTS
        for table in privileges.declared_tables(schema=schema)
    }
    assert set(_tables()) == declared


def test_grant_matrix() -> None:
    declared: dict[tuple[str, str], dict[str, frozenset[str]]] = {
        (schema, table.name): table.grants
        for schema in roles.CONTEXTS
        for table in privileges.declared_tables(schema=schema)
    }
    wrong = []
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        for schema, table in _tables():
            for role in roles.ALL_ROLES:
                for verb in privileges.VERBS:
                    row = admin.execute(
                        "SELECT has_table_privilege(%s, format('%%I.%%I', %s::text, %s::text), %s)",
                        [role, schema, table, verb],
                    ).fetchone()
                    assert row is not None
                    expected = role == roles.owner(schema) or verb in declared[schema, table].get(
                        role, frozenset()
                    )
                    if row[0] != expected:
                        wrong.append((role, schema, table, verb, row[0]))
    assert wrong == []


def test_what_runs_with_its_owners_rights_is_declared_and_called_by_one_role() -> None:
    declared = {
        (routine.signature, roles.app(schema))
        for schema in roles.CONTEXTS
        for routine in privileges.declared_routines(schema=schema)
    }
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        may = admin.execute(
            "SELECT format('%%I.%%I(%%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)), role"
            " FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace, unnest(%s::text[]) AS role"
            " WHERE prosecdef AND has_function_privilege(role, p.oid, 'EXECUTE')"
            " AND role <> pg_get_userbyid(proowner)",
            [list(roles.ALL_ROLES)],
        ).fetchall()
    assert set(may) == declared == {("fridge.forget_events(gone uuid)", "fridge_app")}


@pytest.mark.parametrize("reader", roles.CONTEXTS)
@pytest.mark.parametrize("owner", roles.CONTEXTS)
def test_no_context_reads_another(reader: str, owner: str) -> None:
    with connections[reader].cursor() as cursor:
        statement = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(owner, "inbox"))
        if reader == owner:
            cursor.execute(statement)
        else:
            with pytest.raises(Exception, match="permission denied for schema"):
                cursor.execute(statement)


@pytest.mark.parametrize("context", roles.CONTEXTS)
def test_a_reader_of_the_log_sees_no_schema_but_the_log(context: str) -> None:
    with connect(roles.reader(context)) as connection:
        seen = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)"
            " AND (has_schema_privilege(oid, 'USAGE') OR has_schema_privilege(oid, 'CREATE'))",
            [[*roles.SCHEMAS, roles.LOG_SCHEMA]],
        ).fetchall()
        assert seen == [(roles.LOG_SCHEMA,)]
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(context, "inbox")))


@pytest.mark.parametrize("role", roles.ALL_ROLES)
def test_no_role_is_more_than_a_role(role: str) -> None:
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        row = admin.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles"
            " WHERE rolname = %s",
            [role],
        ).fetchone()
        members = admin.execute(
            "SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [role]
        ).fetchone()
    assert row == (False, False, False, False, False)
    assert members == (0,)


@pytest.mark.parametrize("role", roles.ALL_ROLES)
def test_nobody_creates_in_public(role: str) -> None:
    with connect(role) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE public.stray (id int)")


@pytest.mark.parametrize("context", roles.CONTEXTS)
def test_app_role_changes_no_structure(context: str) -> None:
    with connect(roles.app(context)) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE stray (id int)")


@pytest.mark.parametrize("context", [c for c in roles.CONTEXTS if c != "brand_analytics"])
def test_relay_reads_the_outbox_and_nothing_else(context: str) -> None:
    with connect(roles.RELAY) as connection:
        connection.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(context, "outbox")))
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(context, "inbox")))
