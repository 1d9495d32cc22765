"""What a context's application role may do with each of its tables: said on the model, computed from there.

A model says `privileges = Privileges.APPEND_ONLY`, or nothing for full DML; `tenant_scoped = True` puts its
rows under forced row-level security on `brand_id`.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.apps import apps
from django.conf import settings

from packytrace.databases import roles

VERBS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


class Privileges(Enum):
    """The verbs that an application role has on a table."""

    DML = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
    APPEND_ONLY = frozenset({"SELECT", "INSERT"})
    READ_ONLY = frozenset({"SELECT"})
    NONE = frozenset[str]()


#: What the relay may do with the tables of facts on their way out; it sees no other table of a context.
RELAY_ON: Final[dict[str, frozenset[str]]] = {
    "outbox": frozenset({"SELECT", "UPDATE", "DELETE"}),
    "outbox_dead": frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"}),
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of a schema with everything that is granted on it."""

    schema: str
    name: str
    tenant_scoped: bool
    grants: dict[str, frozenset[str]]
    """Role name to verbs. A role that is not named has none; the owner has all."""


def declared_tables(*, schema: str) -> tuple[Table, ...]:
    """Every table of a schema as its models declare it, sorted by name."""
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
            grants={role: verbs for role, verbs in grants.items() if verbs},
        )
    return tuple(tables[name] for name in sorted(tables))
