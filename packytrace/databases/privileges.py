"""What a context's application role may do with each of its tables: said on the model, computed from there.

A model says `privileges = Privileges.APPEND_ONLY`, or nothing for full DML; `tenant_scoped = True` puts its
rows under forced row-level security on `brand_id`, and with `readable_by_all = True` that holds for writing
alone; with `operators_write = True` whoever is in no brand's scope may write every row, and a brand those of
its own that `written_in_scope` describes; `routine = Routine(...)` is the one thing besides that may be done
with them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from django.apps import apps
from django.conf import settings

from packytrace.databases import roles
from packytrace.databases.scope import NO_BRAND, POLICY_CONDITION

VERBS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


class Privileges(Enum):
    """The verbs that an application role has on a table."""

    DML = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
    APPEND_ONLY = frozenset({"SELECT", "INSERT"})
    READ_ONLY = frozenset({"SELECT"})
    READ_AND_DELETE = frozenset({"SELECT", "DELETE"})
    NONE = frozenset[str]()


#: What the relay may do with the tables of facts on their way out; it sees no other table of a context.
RELAY_ON: Final[dict[str, frozenset[str]]] = {
    "outbox": frozenset({"SELECT", "UPDATE", "DELETE"}),
    "outbox_dead": frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"}),
}


#: PostgreSQL's word for all roles at once, as it stands in GRANT and REVOKE.
EVERYBODY: Final = "PUBLIC"


class Grant(NamedTuple):
    """One verb that one role has on one thing."""

    kind: str
    """DATABASE, SCHEMA, TABLE (views too), SEQUENCE, ROUTINE, FOREIGN SERVER, PARAMETER; FUTURE TABLES and
    the like are default privileges, on what the role `name` makes."""
    schema: str
    name: str
    column: str
    """Empty for all of them."""
    role: str
    verb: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of a schema with everything that is granted on it."""

    schema: str
    name: str
    tenant_scoped: bool
    readable_by_all: bool = False
    """Whether row-level security keeps a tenant's rows from being written by others, and not from being read:
    what a brand publishes."""
    operators_write: bool = False
    """Whether outside of any brand's scope every row is written: what operators decide about brands."""
    written_in_scope: str = ""
    """What a row must be besides its brand's, as PostgreSQL prints the condition, to be written in scope."""
    grants: dict[str, frozenset[str]]
    """Role name to verbs. A role that is not named has none; the owner has all."""
    column_grants: frozenset[tuple[str, str, str]] = frozenset()
    """Role, verb and column, where a role has a verb on a column only."""

    @property
    def conditions(self) -> tuple[str, str]:
        """Of its policy: which rows are seen and changed, and what they may become."""
        using = check = POLICY_CONDITION
        if self.written_in_scope:
            check = f"({check} AND {self.written_in_scope})"
        if self.operators_write:
            using, check = f"({NO_BRAND} OR {using})", f"({NO_BRAND} OR {check})"
        return using, check

    def as_grants(self) -> Iterator[Grant]:
        """All of it, one by one."""
        for role, verbs in self.grants.items():
            for verb in verbs:
                yield Grant("TABLE", self.schema, self.name, "", role, verb)
        for role, verb, column in self.column_grants:
            yield Grant("TABLE", self.schema, self.name, column, role, verb)


@dataclass(frozen=True, kw_only=True)
class Routine:
    """A function that does, with the rights of its schema's owner, one thing that the context's application
    role may not do itself; that role alone may call it. Its migration makes it."""

    schema: str
    name: str
    arguments: str
    """As PostgreSQL writes them: names and types."""
    body: str
    """One statement of SQL with every name qualified by its schema: nothing is looked up on a search_path of
    the caller's."""

    @property
    def signature(self) -> str:
        """Names it, as PostgreSQL does."""
        return f"{self.schema}.{self.name}({self.arguments})"

    @property
    def definition(self) -> str:
        """All of it, character by character as `pg_get_functiondef` writes it."""
        return (
            f"CREATE OR REPLACE FUNCTION {self.signature}\n RETURNS void\n LANGUAGE sql\n SECURITY DEFINER\n"
            f" SET search_path TO 'pg_catalog', 'pg_temp'\nAS $function${self.body}$function$\n"
        )

    def as_grants(self) -> Iterator[Grant]:
        """Who may call it."""
        yield Grant("ROUTINE", self.schema, self.signature, "", roles.app(self.schema), "EXECUTE")


#: What is not made of models says its tables itself: the log's come from the topics.
_WITHOUT_MODELS: Final[dict[str, Callable[[], tuple[Table, ...]]]] = {}


def declare(*, schema: str, tables: Callable[[], tuple[Table, ...]]) -> None:
    """Say who knows the tables of a schema that has no models."""
    _WITHOUT_MODELS[schema] = tables


def declared_tables(*, schema: str) -> tuple[Table, ...]:
    """Every table of a schema as its models declare it, sorted by name."""
    if schema in _WITHOUT_MODELS:
        return _WITHOUT_MODELS[schema]()
    labels = {label for label, alias in settings.DATABASE_OF_APP.items() if alias == schema}
    tables: dict[str, Table] = {
        "django_migrations": Table(
            schema=schema,
            name="django_migrations",
            tenant_scoped=False,
            grants={roles.app(schema): Privileges.READ_ONLY.value},
        )
    }
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in labels or not model._meta.managed:
            continue
        name = model._meta.db_table
        privileges: Privileges = getattr(model, "privileges", Privileges.DML)
        grants = {roles.app(schema): privileges.value}
        if schema in roles.CONTEXTS and name in RELAY_ON:
            grants[roles.RELAY] = RELAY_ON[name]
        tables[name] = Table(
            schema=schema,
            name=name,
            tenant_scoped=getattr(model, "tenant_scoped", False),
            readable_by_all=getattr(model, "readable_by_all", False),
            operators_write=getattr(model, "operators_write", False),
            written_in_scope=getattr(model, "written_in_scope", ""),
            grants={role: verbs for role, verbs in grants.items() if verbs},
        )
    return tuple(tables[name] for name in sorted(tables))


def declared_routines(*, schema: str) -> tuple[Routine, ...]:
    """Every function of a schema as its models declare it, sorted by name."""
    declared = (getattr(model, "routine", None) for model in apps.get_models())
    found = [routine for routine in declared if routine is not None and routine.schema == schema]
    return tuple(sorted(found, key=lambda routine: routine.signature))
