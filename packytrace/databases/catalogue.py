"""What PostgreSQL's catalogue says of roles, grants, owners and policies. Any role may read it."""

from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql

from packytrace.databases import roles
from packytrace.databases.privileges import EVERYBODY, Grant

#: The schema in which everybody may create things unless that is taken away.
PUBLIC_SCHEMA: Final = "public"
#: Extensions live in a schema of their own that every role may use and none may change.
EXTENSIONS_SCHEMA: Final = "extensions"


class Given(NamedTuple):
    """A grant as it is in the database."""

    grant: Grant
    grantor: str
    owner: str
    """Of the thing that it is a grant on."""
    may_pass_on: bool
    of_administrator: bool
    """Whether who has it may do as it likes with roles or with everything."""


class Thing(NamedTuple):
    """A table, view, function, trigger, rule or schema of ours, or what a role of ours has elsewhere."""

    kind: str
    schema: str
    name: str
    owner: str
    row_security: bool
    forced: bool


class Policy(NamedTuple):
    """A row-level security policy."""

    schema: str
    table: str
    name: str
    is_permissive: bool
    command: str
    for_everybody: bool
    using: str | None
    check: str | None


class Membership(NamedTuple):
    """One role that may act as another."""

    role: str
    member: str
    grantor: str
    of_administrator: bool


class Setting(NamedTuple):
    """What sessions begin with; `role` and `database` are empty where it holds for all of them."""

    role: str
    database: str
    name: str
    value: str

    @property
    def whose(self) -> str:
        """Which sessions, in words."""
        role = f"a session of {self.role}" if self.role else "every session"
        return role + (f" in {self.database}" if self.database else "")


#: An owner's own grants are left out. What PostgreSQL itself gives with every new thing is in acldefault.
#: Outside our schemas everybody's grants count where a role of ours gets at them: an extension's own are
#: meant for all, PostgreSQL's own schemas are as it made them, and a superuser gets at everything.
_GIVEN: Final = """
    WITH thing AS (
        SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, nspname AS schema,
               relname::text AS name, '' AS part, relowner AS owner, c.tableoid AS class, c.oid AS id,
               coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner))
                   AS acl
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        UNION ALL
        SELECT 'TABLE', nspname, relname, attname, relowner, c.tableoid, c.oid, attacl
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
        WHERE attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'ROUTINE', nspname,
               format('%%I.%%I(%%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)), '',
               proowner, p.tableoid, p.oid, coalesce(proacl, acldefault('f', proowner))
        FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
        UNION ALL
        SELECT 'SCHEMA', nspname, nspname, '', nspowner, tableoid, oid,
               coalesce(nspacl, acldefault('n', nspowner))
        FROM pg_namespace
        UNION ALL
        SELECT 'DATABASE', '', datname, '', datdba, tableoid, oid, coalesce(datacl, acldefault('d', datdba))
        FROM pg_database WHERE datname = current_database()
        UNION ALL
        SELECT 'FOREIGN SERVER', '', srvname, '', srvowner, tableoid, oid, srvacl FROM pg_foreign_server
        UNION ALL
        SELECT 'PARAMETER', '', parname, '', 10, tableoid, oid, paracl FROM pg_parameter_acl
        UNION ALL
        SELECT CASE defaclobjtype WHEN 'r' THEN 'FUTURE TABLES' WHEN 'S' THEN 'FUTURE SEQUENCES'
                   WHEN 'f' THEN 'FUTURE ROUTINES' WHEN 'n' THEN 'FUTURE SCHEMAS' END,
               coalesce(nspname, ''), owner.rolname, '', defaclrole, d.tableoid, d.oid, defaclacl
        FROM pg_default_acl d JOIN pg_roles owner ON owner.oid = defaclrole
             LEFT JOIN pg_namespace n ON n.oid = defaclnamespace
        WHERE defaclobjtype IN ('r', 'S', 'f', 'n')
    ),
    within_reach AS (
        SELECT nspname FROM pg_namespace n
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND EXISTS (
            SELECT FROM pg_roles r WHERE rolname = ANY (%(roles)s) AND NOT rolsuper
                AND has_schema_privilege(r.oid, n.oid, 'USAGE')
        )
    )
    SELECT kind, schema, name, part, coalesce(grantee.rolname, 'PUBLIC'), privilege_type,
           pg_get_userbyid(entry.grantor), pg_get_userbyid(owner), is_grantable,
           coalesce(grantee.rolsuper OR grantee.rolcreaterole, false)
    FROM thing CROSS JOIN aclexplode(acl) AS entry LEFT JOIN pg_roles grantee ON grantee.oid = entry.grantee
    WHERE entry.grantee <> owner
      AND (grantee.rolname = ANY (%(roles)s) OR kind = 'DATABASE' OR schema = ANY (%(schemas)s)
           OR kind LIKE 'FUTURE %%' AND pg_get_userbyid(owner) = ANY (%(roles)s)
           OR kind = 'SCHEMA' AND schema = ANY (%(shared)s)
           OR entry.grantee = 0
              AND (kind IN ('FOREIGN SERVER', 'PARAMETER') OR schema IN (SELECT nspname FROM within_reach))
              AND kind NOT LIKE 'FUTURE %%'
              AND NOT EXISTS (
                  SELECT FROM pg_depend WHERE classid = class AND objid = id AND deptype = 'e'
              ))
    ORDER BY kind, schema, name, part, 5, 6
"""

_THINGS: Final = """
    SELECT CASE WHEN relkind IN ('r', 'p') THEN 'TABLE' ELSE 'VIEW' END,
           nspname, relname::text, pg_get_userbyid(relowner), relrowsecurity, relforcerowsecurity
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
      AND (nspname = ANY (%(schemas)s) OR pg_get_userbyid(relowner) = ANY (%(roles)s))
    UNION ALL
    SELECT 'ROUTINE', nspname,
           format('%%I.%%I(%%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)),
           pg_get_userbyid(proowner), false, false
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname = ANY (%(schemas)s) OR pg_get_userbyid(proowner) = ANY (%(roles)s)
    UNION ALL
    SELECT 'TRIGGER', nspname, format('%%s.%%s', relname, tgname), pg_get_userbyid(relowner), false, false
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = ANY (%(schemas)s) AND NOT tgisinternal
    UNION ALL
    SELECT 'RULE', nspname, format('%%s.%%s', relname, rulename), pg_get_userbyid(relowner), false, false
    FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = ANY (%(schemas)s) AND rulename <> '_RETURN'
    UNION ALL
    SELECT 'SCHEMA', nspname, nspname, pg_get_userbyid(nspowner), false, false
    FROM pg_namespace
    WHERE nspname = ANY (%(schemas)s)
       OR nspname !~ '^pg_' AND pg_get_userbyid(nspowner) = ANY (%(roles)s)
    ORDER BY 1, 2, 3
"""

_DEFINITIONS: Final = """
    SELECT format('%%I.%%I(%%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)),
           pg_get_functiondef(p.oid)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname = ANY (%(schemas)s) AND prokind IN ('f', 'p')
"""

_POLICIES: Final = """
    SELECT nspname, relname, polname, polpermissive, polcmd::text, polroles = '{0}',
           pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
    FROM pg_policy JOIN pg_class c ON c.oid = polrelid JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = ANY (%(schemas)s)
    ORDER BY 1, 2, 3
"""

_MEMBERSHIPS: Final = """
    SELECT role.rolname, member.rolname, pg_get_userbyid(m.grantor), member.rolsuper OR member.rolcreaterole
    FROM pg_auth_members m JOIN pg_roles role ON role.oid = m.roleid
         JOIN pg_roles member ON member.oid = m.member
    WHERE role.rolname = ANY (%(roles)s) OR member.rolname = ANY (%(roles)s)
    ORDER BY 1, 2
"""

_SETTINGS: Final = """
    SELECT coalesce(rolname, ''), coalesce(datname, ''), split_part(entry, '=', 1),
           substr(entry, strpos(entry, '=') + 1)
    FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS entry LEFT JOIN pg_roles r ON r.oid = setrole
         LEFT JOIN pg_database d ON d.oid = setdatabase
    WHERE (setrole = 0 OR rolname = ANY (%(roles)s))
      AND coalesce(datname, current_database()) = current_database()
    ORDER BY 1, 2, 3
"""


#: What a role may be besides its name, as ALTER ROLE says it, in the order of the statement below.
_ATTRIBUTES: Final = (
    "SUPERUSER",
    "CREATEDB",
    "CREATEROLE",
    "BYPASSRLS",
    "REPLICATION",
    "INHERIT",
    "LOGIN",
    "CONNECTION LIMIT -1",
    "VALID UNTIL 'infinity'",
)
_ROLES: Final = """
    SELECT rolname,
           rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication, rolinherit, rolcanlogin,
           rolconnlimit = -1, coalesce(rolvaliduntil, 'infinity') = 'infinity'
    FROM pg_roles WHERE rolname = ANY (%(roles)s)
"""


def given(connection: psycopg.Connection) -> list[Given]:
    """Every grant on what is ours, and every other that a role of ours has, by its name or as everybody.

    Owners are left out: they may do everything. What is not yet made counts too (`FUTURE ...`).
    """
    return [
        Given(Grant(*row[:6]), *row[6:])
        for row in _fetch(connection, _GIVEN)
        # PostgreSQL's own: whoever makes a function opens it to all. Theirs is the schema that is closed.
        if (row[0], row[1], row[4]) != ("FUTURE ROUTINES", "", EVERYBODY)
    ]


def things(connection: psycopg.Connection) -> list[Thing]:
    """Our schemas, what is in them, and the tables, views, functions and schemas of our roles elsewhere."""
    return [Thing(*row) for row in _fetch(connection, _THINGS)]


def definitions(connection: psycopg.Connection) -> dict[str, str]:
    """Every function in our schemas, by its name with arguments, as the statement that would make it."""
    return dict(_fetch(connection, _DEFINITIONS))


def policies(connection: psycopg.Connection) -> list[Policy]:
    """Every row-level security policy on our tables."""
    return [Policy(*row) for row in _fetch(connection, _POLICIES)]


def tables_with(connection: psycopg.Connection, *, column: str) -> set[tuple[str, str]]:
    """Schema and name of the tables that have a column of that name."""
    rows = connection.execute(
        "SELECT relnamespace::regnamespace::text, relname"
        " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE attname = %s AND NOT attisdropped",
        [column],
    )
    return {(schema, name) for schema, name in rows.fetchall()}


def memberships(connection: psycopg.Connection) -> list[Membership]:
    """Who may act as a role of ours, and as whom a role of ours may act."""
    return [Membership(*row) for row in _fetch(connection, _MEMBERSHIPS)]


def settings(connection: psycopg.Connection) -> list[Setting]:
    """What the sessions of our roles, and of all roles, begin with in this database."""
    return [Setting(*row) for row in _fetch(connection, _SETTINGS)]


def attributes(connection: psycopg.Connection) -> dict[str, frozenset[str]]:
    """Role of ours to the attributes that it has; a missing role is left out."""
    return {
        row[0]: frozenset(name for name, has in zip(_ATTRIBUTES, row[1:], strict=True) if has)
        for row in _fetch(connection, _ROLES)
    }


def _fetch(connection: psycopg.Connection, statement: str) -> list[tuple[Any, ...]]:
    values = {
        "roles": list(roles.ALL_ROLES),
        "schemas": [*roles.SCHEMAS, roles.LOG_SCHEMA],
        "shared": [PUBLIC_SCHEMA, EXTENSIONS_SCHEMA],
    }
    return connection.execute(sql.SQL(statement), values).fetchall()
