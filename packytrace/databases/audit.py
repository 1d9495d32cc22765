"""What the database really allows, compared with what is declared."""

import psycopg

from packytrace.databases import privileges, roles


def deviations(connection: psycopg.Connection) -> list[str]:
    """Every table and every grant that is not as declared, in plain words; empty when all is well.

    Any role may ask: PostgreSQL's catalogue is readable to all.
    """
    found: list[str] = []
    for schema in roles.CONTEXTS:
        declared = {table.name: table for table in privileges.declared_tables(schema=schema)}
        existing = {
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]
            ).fetchall()
        }
        found += [f"table {schema}.{name} is missing" for name in sorted(set(declared) - existing)]
        found += [f"table {schema}.{name} is not declared" for name in sorted(existing - set(declared))]
        for name in sorted(set(declared) & existing):
            found += _table_deviations(connection, table=declared[name])
    return found


def _table_deviations(connection: psycopg.Connection, *, table: privileges.Table) -> list[str]:
    found: list[str] = []
    others = [role for role in roles.ALL_ROLES if role != roles.owner(table.schema)]
    rows = connection.execute(
        "SELECT role, verb, has_table_privilege(role, format('%%I.%%I', %s::text, %s::text), verb)"
        " FROM unnest(%s::text[]) AS role CROSS JOIN unnest(%s::text[]) AS verb",
        [table.schema, table.name, others, list(privileges.VERBS)],
    ).fetchall()
    for role, verb, granted in rows:
        if granted != (verb in table.grants.get(role, frozenset())):
            found.append(f"{role} {'may' if granted else 'may not'} {verb} {table.schema}.{table.name}")
    row = connection.execute(
        "SELECT c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = %s",
        [table.schema, table.name],
    ).fetchone()
    if row is not None and row[0] != table.tenant_scoped:
        found.append(f"row-level security of {table.schema}.{table.name} is {'on' if row[0] else 'off'}")
    return found
