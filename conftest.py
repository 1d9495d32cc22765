"""What every test stands on: real PostgreSQL, provisioned as in production, under the real GRANTs."""

from collections.abc import Iterator

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

from packytrace.databases import roles

# How long an example takes is the machine's affair: a slow one is no failure.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

pytest_plugins = ["tests.browser", "tests.embedded_provider"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureDef) -> Iterator[None]:
    """Create the test database and bring it to production's state: provision, migrate as owners, grant.

    Django would take the six aliases of one database for one and migrate only the first.
    """
    name = "test_packytrace"
    server = settings.EMBEDDED_SERVER
    server.start(durable=False)
    _point_at(name)
    with psycopg.connect(server.admin_conninfo(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    server.ensure_database(name=name)
    with django_db_blocker.unblock():
        call_command("provision", verbosity=0, stdout=_Silent())
        call_command("migrate", verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        for alias in roles.CONTEXTS:
            connections[alias].close()


def _point_at(name: str) -> None:
    settings.DATABASE_SERVER["dbname"] = name
    settings.DATABASE_ADMIN_CONNINFO = settings.EMBEDDED_SERVER.admin_conninfo(database=name)
    for alias in roles.CONTEXTS:
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


class _Silent:
    def write(self, _text: str) -> None:
        """Say nothing."""


@pytest.fixture(autouse=True, scope="session")
def _truncate_as_administrator() -> Iterator[None]:
    """Empty the tables after a transactional test as the administrator: no role of ours may TRUNCATE."""
    original = TransactionTestCase._fixture_teardown

    def teardown(_self: TransactionTestCase) -> None:
        for alias in roles.CONTEXTS:
            connections[alias].close()
        with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
            tables = admin.execute(
                "SELECT schemaname, tablename FROM pg_tables"
                " WHERE schemaname = ANY(%s) AND tablename <> 'django_migrations'",
                [[*roles.SCHEMAS, roles.LOG_SCHEMA]],
            ).fetchall()
            if tables:
                admin.execute("SET lock_timeout = '10s'")
                admin.execute(
                    sql.SQL("TRUNCATE {} RESTART IDENTITY").format(
                        sql.SQL(", ").join(sql.Identifier(schema, table) for schema, table in tables)
                    )
                )
        ContentType.objects.clear_cache()  # their rows are gone: they get other numbers

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original
