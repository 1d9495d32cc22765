"""Connections outside Django's request cycle: as a schema's owner for migrations, as a role for the relay."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connections
from psycopg.conninfo import make_conninfo

from packytrace.databases import roles


def conninfo(role: str) -> str:
    """libpq connection string of a role in the configured database."""
    return make_conninfo("", **settings.DATABASE_SERVER, user=role, password=settings.DATABASE_PASSWORD(role))


def require_passwords(needed: Iterable[str]) -> None:
    """Refuse to start what could not sign in later. Raises PasswordMissing for the first role without one."""
    for role in needed:
        settings.DATABASE_PASSWORD(role)


def connect(role: str, *, autocommit: bool = True) -> psycopg.Connection:
    """Open a psycopg connection as a role."""
    return psycopg.connect(conninfo(role), autocommit=autocommit)


@contextmanager
def as_owner(alias: str, *, schema: str | None = None) -> Iterator[None]:
    """Make a Django alias connect as its schema's owner: for migrations only.

    The alias is the schema's name unless `schema` says otherwise.
    """
    wrapper = connections[alias]
    as_app = wrapper.settings_dict
    owner = roles.owner(schema or alias)
    wrapper.close()
    wrapper.settings_dict = {**as_app, "USER": owner, "PASSWORD": settings.DATABASE_PASSWORD(owner)}
    try:
        yield
    finally:
        wrapper.close()
        wrapper.settings_dict = as_app
