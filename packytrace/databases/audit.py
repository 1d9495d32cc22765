"""What the database really allows, compared with what is declared; each difference knows its repair.

Provisioning carries out the repairs that are worked out here, so that the advice to provision holds. What a
role that is not ours may do is told and left alone: the administrator may have given it on purpose.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import sql

from packytrace.databases import catalogue, privileges, roles
from packytrace.databases.catalogue import Policy, Setting, Thing
from packytrace.databases.privileges import EVERYBODY, Grant, Privileges, Routine, Table
from packytrace.databases.scope import BRAND_VARIABLE, POLICY, READING_POLICY

#: What every role of ours is besides its name: it signs in, as often as it likes and for ever, and inherits
#: nothing.
ATTRIBUTES: Final = frozenset({"LOGIN", "CONNECTION LIMIT -1", "VALID UNTIL 'infinity'"})
#: The settings by which a session would begin in another schema, as another role or with a brand's rows. Any
#: other (a timeout, say) is the administrator's to choose.
JUDGED_SETTINGS: Final = frozenset({"search_path", "role", "row_security", BRAND_VARIABLE})
_OUR_SCHEMAS: Final = frozenset({*roles.SCHEMAS, roles.LOG_SCHEMA})
#: Where only a person can decide, or the migrations mend.
NO_REPAIR: Final = sql.Composed([])


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One thing that is not as declared."""

    words: str
    repair: sql.Composed
    schema: str = ""
    """Whose it is; empty for a role or the whole database."""
    acting_as: str = ""
    """The role that can take it back, where that is not the thing's owner."""
    by_hand: bool = False
    """Whether neither provisioning nor the migrations mend it: the words say what a person does."""


def deviations(connection: psycopg.Connection) -> list[str]:
    """Everything that is not as declared, in plain words; empty when all is well.

    Any role may ask: PostgreSQL's catalogue is readable to all.
    """
    return [deviation.words for deviation in find(connection)]


def remarks(connection: psycopg.Connection) -> list[str]:
    """What roles that are not ours may do with what is ours; an administrator's own powers are not told."""
    may: dict[str, list[str]] = defaultdict(list)
    for membership in catalogue.memberships(connection):
        if membership.member not in roles.ALL_ROLES and not membership.of_administrator:
            may[membership.member].append(f"act as {membership.role}")
    for given in catalogue.given(connection):
        grant = given.grant
        ours = grant.schema in _OUR_SCHEMAS or grant.kind.startswith("FUTURE")
        if ours and not _is_ours(grant.role) and not given.of_administrator:
            may[grant.role].append(_in_words(grant))
    return [f"the role {role} is not ours and may {', '.join(may[role])}" for role in sorted(may)]


def find(connection: psycopg.Connection) -> list[Deviation]:
    """Everything that is not as declared, each with its repair, in the order in which to repair it."""
    attributes = catalogue.attributes(connection)
    things = catalogue.things(connection)
    tables, routines = _declared(things), _declared_routines()
    return [
        *_of_roles(attributes),
        *_of_memberships(connection),
        *_of_settings(connection, existing=set(attributes)),
        *_of_things(things, tables=tables, routines=routines),
        *_of_routines(connection, routines=routines),
        *_of_grants(connection, existing=set(attributes), things=things, tables=tables, routines=routines),
        *_of_policies(connection, things=things, tables=tables),
    ]


def _declared(things: list[Thing]) -> dict[tuple[str, str], Table]:
    """Schema and name to declaration. The provider's models are known to its own process alone: here its
    application role has DML on whatever tables are there."""
    declared = {
        (schema, table.name): table
        for schema in (*roles.CONTEXTS, roles.LOG_SCHEMA)
        for table in privileges.declared_tables(schema=schema)
    }
    for thing in things:
        if thing.kind == "TABLE" and thing.schema == roles.PROVIDER:
            migrations = thing.name == "django_migrations"
            verbs = (Privileges.READ_ONLY if migrations else Privileges.DML).value
            declared[thing.schema, thing.name] = Table(
                schema=thing.schema,
                name=thing.name,
                tenant_scoped=False,
                grants={roles.app(roles.PROVIDER): verbs},
            )
    return declared


def _declared_routines() -> dict[str, Routine]:
    return {
        routine.signature: routine
        for schema in roles.CONTEXTS
        for routine in privileges.declared_routines(schema=schema)
    }


def _of_roles(attributes: dict[str, frozenset[str]]) -> Iterator[Deviation]:
    for role in roles.ALL_ROLES:
        if role not in attributes:
            yield Deviation(words=f"role {role} is missing", repair=NO_REPAIR)
            continue
        for attribute in sorted(attributes[role] - ATTRIBUTES):
            yield Deviation(
                words=f"role {role} has the attribute {attribute}",
                repair=_statement(f"ALTER ROLE {{}} NO{attribute}", sql.Identifier(role)),
            )
        for attribute in sorted(ATTRIBUTES - attributes[role]):
            yield Deviation(
                words=f"role {role} lacks the attribute {attribute}",
                repair=_statement(f"ALTER ROLE {{}} {attribute}", sql.Identifier(role)),
            )


def _of_memberships(connection: psycopg.Connection) -> Iterator[Deviation]:
    for role, member, grantor, _ in catalogue.memberships(connection):
        if member in roles.ALL_ROLES:
            yield Deviation(
                words=f"role {member} is a member of {role}",
                repair=_statement(
                    "REVOKE {} FROM {} GRANTED BY {} CASCADE",
                    *(sql.Identifier(name) for name in (role, member, grantor)),
                ),
            )


def _of_settings(connection: psycopg.Connection, *, existing: set[str]) -> Iterator[Deviation]:
    database = connection.info.dbname
    declared = {
        Setting(role, database, "search_path", f"{schema}, {catalogue.EXTENSIONS_SCHEMA}")
        for schema in roles.SCHEMAS
        for role in (roles.owner(schema), roles.app(schema))
        if role in existing
    }
    found = {setting for setting in catalogue.settings(connection) if setting.name in JUDGED_SETTINGS}
    for setting in sorted(found - declared):
        name = sql.Identifier(*setting.name.split("."))
        yield Deviation(
            words=f"{setting.whose} begins with {setting.name} = {setting.value}",
            repair=_statement("ALTER {} RESET {}", _sessions_of(setting), name),
        )
    for setting in sorted(declared - found):
        path = sql.SQL(", ").join(sql.Identifier(part) for part in setting.value.split(", "))
        yield Deviation(
            words=f"{setting.whose} does not begin with {setting.name} = {setting.value}",
            repair=_statement("ALTER {} SET search_path = {}", _sessions_of(setting), path),
        )


def _sessions_of(setting: Setting) -> sql.Composable:
    """Whose sessions, as ALTER says it."""
    if not setting.role:
        return (
            _statement("DATABASE {}", sql.Identifier(setting.database))
            if setting.database
            else sql.SQL("ROLE ALL")
        )
    role = _statement("ROLE {}", sql.Identifier(setting.role))
    return (
        role + _statement(" IN DATABASE {}", sql.Identifier(setting.database)) if setting.database else role
    )


def _of_things(
    things: list[Thing], *, tables: dict[tuple[str, str], Table], routines: dict[str, Routine]
) -> Iterator[Deviation]:
    existing = {(thing.schema, thing.name) for thing in things if thing.kind == "TABLE"}
    for schema, name in sorted(set(tables) - existing):
        yield Deviation(words=f"table {schema}.{name} is missing", schema=schema, repair=NO_REPAIR)
    for schema in sorted(_OUR_SCHEMAS - {thing.schema for thing in things}):
        yield Deviation(words=f"schema {schema} is missing", schema=schema, repair=NO_REPAIR)
    for thing in things:
        target: sql.Composable
        if thing.kind == "SCHEMA" and thing.name in _OUR_SCHEMAS:
            target, named = sql.Identifier(thing.name), f"schema {thing.name}"
        elif (thing.schema, thing.name) in tables:
            target, named = sql.Identifier(thing.schema, thing.name), f"table {thing.schema}.{thing.name}"
        elif thing.kind == "ROUTINE" and thing.name in routines:
            target, named = sql.SQL(thing.name), f"function {thing.name}"
        else:
            whole = thing.kind in ("ROUTINE", "SCHEMA")
            name = thing.name if whole else f"{thing.schema}.{thing.name}"
            whose = "" if thing.schema in _OUR_SCHEMAS else f"belongs to {thing.owner} and "
            yield Deviation(
                words=f"{_KINDS[thing.kind]} {name} {whose}is not declared: look at it, then drop it by hand",
                schema=thing.schema,
                repair=NO_REPAIR,
                by_hand=True,
            )
            continue
        owner = roles.LOG_OWNER if thing.schema == roles.LOG_SCHEMA else roles.owner(thing.schema)
        if thing.owner != owner:
            yield Deviation(
                words=f"{named} belongs to {thing.owner}",
                schema=thing.schema,
                repair=_statement(f"ALTER {thing.kind} {{}} OWNER TO {{}}", target, sql.Identifier(owner)),
            )


def _of_routines(connection: psycopg.Connection, *, routines: dict[str, Routine]) -> Iterator[Deviation]:
    """What a function with its owner's rights does is as much a grant as any other: to the letter."""
    found = catalogue.definitions(connection)
    for name, routine in sorted(routines.items()):
        if name not in found:
            yield Deviation(words=f"function {name} is missing", schema=routine.schema, repair=NO_REPAIR)
        elif found[name] != routine.definition:
            yield Deviation(
                words=f"function {name} does something else than declared",
                schema=routine.schema,
                repair=_statement(routine.definition.replace("{", "{{").replace("}", "}}")),
            )


#: No migration of ours makes a trigger or a rule: each would do more than what is declared.
_KINDS: Final = {
    "TABLE": "table",
    "VIEW": "view",
    "ROUTINE": "function",
    "SCHEMA": "schema",
    "TRIGGER": "trigger",
    "RULE": "rule",
}


def _of_grants(
    connection: psycopg.Connection,
    *,
    existing: set[str],
    things: list[Thing],
    tables: dict[tuple[str, str], Table],
    routines: dict[str, Routine],
) -> Iterator[Deviation]:
    declared = {
        grant
        for grant in _declared_grants(connection.info.dbname, things=things, tables=tables, routines=routines)
        if grant.role == EVERYBODY or grant.role in existing
    }
    given = catalogue.given(connection)
    for entry in given:
        grant = entry.grant
        if _is_ours(grant.role) and (grant not in declared or entry.may_pass_on):
            passes = " and pass that on" if entry.may_pass_on else ""
            # Others may live by what everybody may do outside our schemas.
            by_hand = grant.role == EVERYBODY and not _is_to_be_closed(grant)
            advice = ": look at it, then revoke it by hand" if by_hand else ""
            yield Deviation(
                words=f"{_named(grant.role)} may {_in_words(grant)}{passes}{advice}",
                schema=grant.schema,
                repair=NO_REPAIR if by_hand else _change("REVOKE", grant),
                by_hand=by_hand,
                acting_as="" if entry.grantor == entry.owner else entry.grantor,
            )
    for grant in sorted(declared - {entry.grant for entry in given}):
        yield Deviation(
            words=f"{_named(grant.role)} may not {_in_words(grant)}",
            schema=grant.schema,
            repair=_change("GRANT", grant),
        )


def _is_to_be_closed(grant: Grant) -> bool:
    """Whether provisioning says what everybody may do with it."""
    shared = grant.kind == "SCHEMA" and grant.name in (catalogue.PUBLIC_SCHEMA, catalogue.EXTENSIONS_SCHEMA)
    return (
        shared or grant.schema in _OUR_SCHEMAS or grant.kind == "DATABASE" or grant.kind.startswith("FUTURE")
    )


def _declared_grants(
    database: str,
    *,
    things: list[Thing],
    tables: dict[tuple[str, str], Table],
    routines: dict[str, Routine],
) -> Iterator[Grant]:
    for role in roles.ALL_ROLES:
        yield Grant("DATABASE", "", database, "", role, "CONNECT")
    extensions = catalogue.EXTENSIONS_SCHEMA
    yield Grant("SCHEMA", extensions, extensions, "", EVERYBODY, "USAGE")
    for thing in things:
        if thing.kind == "TABLE" and (thing.schema, thing.name) in tables:
            yield from tables[thing.schema, thing.name].as_grants()
        elif thing.kind == "ROUTINE" and thing.name in routines:
            yield from routines[thing.name].as_grants()
        elif thing.kind == "SCHEMA" and thing.name in _OUR_SCHEMAS:
            for role in _users_of(thing.name):
                yield Grant("SCHEMA", thing.name, thing.name, "", role, "USAGE")
            if thing.name in roles.SCHEMAS:
                owner, app = roles.owner(thing.name), roles.app(thing.name)
                for verb in Privileges.DML.value:
                    yield Grant("FUTURE TABLES", thing.name, owner, "", app, verb)


def _users_of(schema: str) -> set[str]:
    """The roles that may look into a schema, besides its owner."""
    if schema == roles.LOG_SCHEMA:
        readers = {role(each) for each in roles.CONTEXTS for role in (roles.app, roles.reader)}
        return {roles.RELAY, roles.LOG_ERASER, *readers}
    return {roles.app(schema), roles.RELAY} if schema in roles.CONTEXTS else {roles.app(schema)}


def _of_policies(
    connection: psycopg.Connection, *, things: list[Thing], tables: dict[tuple[str, str], Table]
) -> Iterator[Deviation]:
    # A tenant's table of an earlier release has no brand yet: it gets its policy when it has been migrated.
    of_brands = catalogue.tables_with(connection, column="brand_id")
    known = [
        thing
        for thing in things
        if thing.kind == "TABLE"
        and (table := tables.get((thing.schema, thing.name)))
        and (not table.tenant_scoped or (thing.schema, thing.name) in of_brands)
    ]
    declared = {
        Policy(
            thing.schema, thing.name, POLICY, True, "*", True, *tables[thing.schema, thing.name].conditions
        )
        for thing in known
        if tables[thing.schema, thing.name].tenant_scoped
    } | {
        Policy(thing.schema, thing.name, READING_POLICY, True, "r", True, "true", None)
        for thing in known
        if tables[thing.schema, thing.name].readable_by_all
    }
    found = set(catalogue.policies(connection))
    for policy in sorted(found - declared, key=lambda policy: policy[:3]):
        yield Deviation(
            words=f"policy {policy.name} of {policy.schema}.{policy.table} is not as declared",
            schema=policy.schema,
            repair=_statement(
                "DROP POLICY {} ON {}",
                sql.Identifier(policy.name),
                sql.Identifier(policy.schema, policy.table),
            ),
        )
    for policy in sorted(declared - found, key=lambda policy: policy[:3]):
        yield Deviation(
            words=f"{policy.schema}.{policy.table} does not have the policy {policy.name} as declared",
            schema=policy.schema,
            repair=_statement(
                "CREATE POLICY {} ON {} FOR SELECT USING (true)"
                if policy.name == READING_POLICY
                else f"CREATE POLICY {{}} ON {{}} USING {policy.using} WITH CHECK {policy.check}",
                sql.Identifier(policy.name),
                sql.Identifier(policy.schema, policy.table),
            ),
        )
    for thing in known:
        scoped = tables[thing.schema, thing.name].tenant_scoped
        if (thing.row_security, thing.forced) != (scoped, scoped):
            target = sql.Identifier(thing.schema, thing.name)
            yield Deviation(
                words=f"row-level security of {thing.schema}.{thing.name} is {'off' if scoped else 'on'}",
                schema=thing.schema,
                repair=_statement(
                    "ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
                    if scoped
                    else "ALTER TABLE {} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
                    target,
                ),
            )


def _is_ours(role: str) -> bool:
    return role == EVERYBODY or role in roles.ALL_ROLES


def _named(role: str) -> str:
    return "everybody (PUBLIC)" if role == EVERYBODY else role


#: What PostgreSQL's words mean on things that are no tables.
_MEANING: Final = {
    "USAGE": "use",
    "CREATE": "create things in",
    "TEMPORARY": "make temporary tables in",
    "CONNECT": "connect to",
    "EXECUTE": "execute",
}


def _in_words(grant: Grant) -> str:
    verb = _MEANING.get(grant.verb, grant.verb)
    match grant.kind:
        case "TABLE":
            return f"{verb} {grant.schema}.{grant.name}" + (f" ({grant.column})" if grant.column else "")
        case "SEQUENCE":
            return f"{verb} sequence {grant.schema}.{grant.name}"
        case "ROUTINE" | "SCHEMA" | "DATABASE" | "FOREIGN SERVER" | "PARAMETER":
            return f"{verb} {grant.kind.lower()} {grant.name}"
        case future:
            where = f" in {grant.schema}" if grant.schema else ""
            return f"{verb} the {future.lower()} of {grant.name}{where}"


def _change(verb: str, grant: Grant) -> sql.Composed:
    """GRANT, or REVOKE with what was passed on. Words and kinds come from the catalogue itself."""
    to, end = ("TO", "") if verb == "GRANT" else ("FROM", " CASCADE")
    role = sql.SQL(EVERYBODY) if grant.role == EVERYBODY else sql.Identifier(grant.role)
    if grant.kind.startswith("FUTURE "):
        where = _statement("IN SCHEMA {} ", sql.Identifier(grant.schema)) if grant.schema else sql.SQL("")
        return _statement(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {{}} {{}}{verb} {grant.verb}"
            f" ON {grant.kind.removeprefix('FUTURE ')} {to} {{}}{end}",
            sql.Identifier(grant.name),
            where,
            role,
        )
    columns = _statement(" ({})", sql.Identifier(grant.column)) if grant.column else sql.SQL("")
    target: sql.Composable
    match grant.kind:
        case "ROUTINE":  # with its arguments, quoted by the server
            target = sql.SQL(grant.name)
        case "SCHEMA" | "DATABASE" | "FOREIGN SERVER":
            target = sql.Identifier(grant.name)
        case "PARAMETER":
            target = sql.Identifier(*grant.name.split("."))
        case _:
            target = sql.Identifier(grant.schema, grant.name)
    return _statement(f"{verb} {grant.verb}{{}} ON {grant.kind} {{}} {to} {{}}{end}", columns, target, role)


def _statement(text: str, *parts: sql.Composable) -> sql.Composed:
    return sql.SQL(text).format(*parts)
