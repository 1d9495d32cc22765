"""What every test stands on: real PostgreSQL, provisioned as in production, under the real GRANTs."""

from collections.abc import Iterator
from typing import Final

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
from packytrace.translations import catalogues

# How long an example takes is the machine's affair: a slow one is no failure.
hypothesis.settings.register_profile("untimed", deadline=None)
# For a file or two: `pytest --hypothesis-profile nightly path`.
hypothesis.settings.register_profile("nightly", deadline=None, max_examples=12_500)
hypothesis.settings.load_profile("untimed")

pytest_plugins = ["tests.browser", "tests.embedded_provider", "tests.two_people"]


def pytest_configure() -> None:
    """Bring the compiled catalogues up to date, for this process and for those that tests start."""
    catalogues.compile_all()


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


#: Empties what a test has left: tables with rows, and those whose numbers have begun. TRUNCATE of a table
#: costs a new file, of all of them more than most tests; to look into an empty one costs next to nothing.
_EMPTY: Final = sql.SQL(
    """
    DO $$
    DECLARE
        candidate record;
        has_rows boolean;
        used text[] := '{{}}';
    BEGIN
        FOR candidate IN
            SELECT c.oid::regclass::text AS name, EXISTS (
                SELECT FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                WHERE (d.refclassid, d.refobjid) = ('pg_class'::regclass, c.oid)
                  AND (d.classid, d.deptype) IN (('pg_class'::regclass, 'a'), ('pg_class'::regclass, 'i'))
                  AND pg_sequence_last_value(s.oid) > 0
            ) AS has_numbers
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY ({schemas}) AND c.relname <> 'django_migrations'
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', candidate.name) INTO has_rows;
            IF has_rows OR candidate.has_numbers THEN
                used := used || candidate.name;
            END IF;
        END LOOP;
        IF used <> '{{}}' THEN
            -- CASCADE takes along the empty tables that point at these; no foreign key leaves a context.
            EXECUTE format('TRUNCATE %s RESTART IDENTITY CASCADE', array_to_string(used, ', '));
        END IF;
    END $$
    """
).format(schemas=sql.Literal([*roles.SCHEMAS, roles.LOG_SCHEMA]))


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
            admin.execute("SET lock_timeout = '10s'")
            admin.execute(_EMPTY)
        ContentType.objects.clear_cache()  # their rows are gone: they get other numbers

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(autouse=True)
def _no_connection_left(request: pytest.FixtureRequest) -> None:
    """Close what earlier tests have opened before a test without a database: the end of a request would look
    at it, which such a test may not."""
    if request.node.get_closest_marker("django_db") is None:
        for alias in roles.CONTEXTS:
            connections[alias].close()
